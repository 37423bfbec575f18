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

/** Parses `text` if it is its own canonical form (no other spelling, no duplicate key); else undefined. */
export function parseCanonicalJson(text: string): JsonValue | undefined {
  if (exceedsDepth(text)) return undefined;
  try {
    const value = JSON.parse(text) as JsonValue;
    return canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function assertPortable(value: unknown, depth: number): void {
  if (depth > maxJsonDepth) throw invalid(`more than ${maxJsonDepth} levels deep`);
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
  for (const [key, member] of Object.entries(value)) {
    assertPortable(key, depth);
    assertPortable(member, depth + 1);
  }
}

/** A bound before JSON.parse, which recurses on hostile nesting. */
function exceedsDepth(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > maxJsonDepth + 1) return true;
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  return false;
}

function invalid(what: string): PromptAuditError {
  return new PromptAuditError({
    code: 'event.invalid',
    message: `An event cannot hold ${what}.`,
    remedy: 'Remove it from the text and try again.',
  });
}
