import canonicalize from 'canonicalize';
import { PromptAuditError } from './errors.js';

/** What events are made of: JSON without fractions and without lone surrogates. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Deeper values are refused: no event needs them, and recursion must stay bounded. */
export const maxJsonDepth = 16;

/**
 * RFC 8785 (JCS) text of `value`.
 * Throws `event.invalid` for what LEDGER.md forbids: numbers that are no safe integers,
 * lone surrogates, NUL, members without a value, more than 16 levels.
 */
export function canonicalJson(value: JsonValue): string {
  assertPortable(value, 0);
  return canonicalize(value) as string;
}

/** RFC 8785 text of a value that is in no event: it may have fractions. Throws for lone surrogates and numbers beyond JSON. */
export function jcsOf(value: JsonValue): string {
  return canonicalize(value) as string;
}

/** Parses `text` if it is its own canonical form (no other spelling, no duplicate key); else undefined. */
export function parseCanonicalJson(text: string): JsonValue | undefined {
  if (exceedsDepth(text)) return undefined;
  try {
    const value = JSON.parse(text) as JsonValue;
    if (isPlainlyCanonical(text, value)) return value;
    return canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * True only where `canonicalJson(value) === text` would hold, for what programs write nearly always.
 * False says nothing.
 */
function isPlainlyCanonical(text: string, value: JsonValue): boolean {
  // Without this escape, every string of `value` is a part of a well-formed text and has no NUL.
  if (text.includes('\\u') || !text.isWellFormed()) return false;
  return isSortedAndPortable(value, 0) && JSON.stringify(value) === text;
}

/** Whether all members stand in the order of RFC 8785, and all numbers and the depth are allowed. */
function isSortedAndPortable(value: JsonValue, depth: number): boolean {
  if (typeof value === 'string') return true;
  // JSON.stringify prints -0 as 0, so the comparison of the texts finds it.
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (value === null || typeof value === 'boolean') return true;
  if (depth === maxJsonDepth) return false;
  if (Array.isArray(value)) {
    for (const item of value as readonly JsonValue[]) {
      if (!isSortedAndPortable(item, depth + 1)) return false;
    }
    return true;
  }
  const members = value as { readonly [key: string]: JsonValue };
  let last: string | undefined;
  for (const key in members) {
    if (last !== undefined && last >= key) return false;
    last = key;
    const member = members[key]!;
    if (typeof member !== 'string' && !isSortedAndPortable(member, depth + 1)) return false;
  }
  return true;
}

function assertPortable(value: unknown, depth: number): void {
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw invalid(`the number ${value}`);
    return;
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw invalid('a text with half of a surrogate pair');
    if (value.includes('\0')) throw invalid('a text with a NUL character');
    return;
  }
  if (typeof value !== 'object') throw invalid(`a value of type ${typeof value}`);
  if (depth >= maxJsonDepth) throw invalid(`more than ${maxJsonDepth} levels`);
  for (const [key, member] of Object.entries(value)) {
    assertPortable(key, depth);
    assertPortable(member, depth + 1);
  }
}

/** A bound before JSON.parse, which recurses on hostile nesting. */
function exceedsDepth(text: string): boolean {
  if (opensAtMost(text, maxJsonDepth)) return false;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > maxJsonDepth) return true;
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  return false;
}

/** Whether `text` has so few opening brackets, strings included, that its depth needs no look. */
function opensAtMost(text: string, limit: number): boolean {
  let count = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++count > limit) return false;
    }
  }
  return true;
}

function invalid(what: string): PromptAuditError {
  return new PromptAuditError({
    code: 'event.invalid',
    message: `An event cannot hold ${what}.`,
    remedy: 'Remove it from the text and try again.',
  });
}
