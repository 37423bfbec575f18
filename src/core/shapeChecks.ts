import type { JsonValue } from './canonicalJson.js';
import { isDigest, isEventId, isRandomId } from './ids.js';
import { isTimestamp } from './timestamp.js';

export type Check = (value: JsonValue | undefined) => boolean;
export type Members = Readonly<Record<string, Check>>;

export const maxPathLength = 4096;
export const maxNameLength = 320;

export const text: Check = (v) => typeof v === 'string';
export const shortText: Check = (v) => typeof v === 'string' && v.length <= maxNameLength;
export const path: Check = (v) =>
  typeof v === 'string' && v.length > 0 && v.length <= maxPathLength;
export const count: Check = (v) => typeof v === 'number' && Number.isSafeInteger(v) && v >= 0;
export const positive: Check = (v) => count(v) && v !== 0;
export const flag: Check = (v) => typeof v === 'boolean';
export const id: Check = (v) => isEventId(v);
export const person: Check = (v) => isRandomId(v);
export const digest: Check = (v) => isDigest(v);
export const commit: Check = (v) =>
  typeof v === 'string' && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(v);
export const time: Check = (v) => isTimestamp(v);
export const orNull =
  (check: Check): Check =>
  (v) =>
    v === null || check(v);
export const oneOf =
  (...values: string[]): Check =>
  (v) =>
    typeof v === 'string' && values.includes(v);
export const listOf =
  (check: Check): Check =>
  (v) =>
    Array.isArray(v) && v.length <= 1024 && v.every(check);

/** Environment names are identifiers, not free text: they stand in headers, which are never redacted. */
export const environmentPattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;
export const environment: Check = (v) => typeof v === 'string' && environmentPattern.test(v);

/** Members in the order of canonical JSON. */
export interface MemberList {
  readonly names: readonly string[];
  readonly checks: readonly Check[];
}

export function memberList(members: Members): MemberList {
  const names = Object.keys(members).sort();
  return { names, checks: names.map((name) => members[name]!) };
}

/** Whether a value has these members and no other. Its own must be sorted, as those of canonical JSON are. */
export function hasExactly({ names, checks }: MemberList, value: JsonValue | undefined): boolean {
  if (!isObject(value)) return false;
  let at = 0;
  for (const name in value) {
    if (name !== names[at] || !checks[at]!(value[name])) return false;
    at++;
  }
  return at === names.length;
}

export function isObject(
  value: JsonValue | undefined,
): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
