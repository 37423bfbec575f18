import type { JsonValue } from './canonicalJson.js';
import type { HeaderFrame } from './event.js';
import { shapeChecksByVersion } from './eventShape.js';
import { isDigest } from './ids.js';
import { isObject } from './shapeChecks.js';
import { sharedEventId, sharedRandomId } from './sharedTexts.js';
import { isTimestamp } from './timestamp.js';

export const maxParents = 64;

/** The members that all headers share, and the type's name. */
export type Frame = HeaderFrame & { readonly type: string };

/** Just parsed and nobody else's yet: its texts may be swapped for equal ones. */
export interface ParsedObject {
  [key: string]: JsonValue;
}

const frameKeys = new Set('at body ledger n parents prompt refs type v who writer'.split(' '));
const typeNames = new Map<string, string>(
  shapeChecksByVersion.flatMap((checks) => Object.keys(checks)).map((t) => [t, t]),
);
/** The newest `v` that this program knows; a later one may add members to all headers. */
const newestVersion = shapeChecksByVersion.length;

/**
 * What is wrong with the members that all headers share (docs/LEDGER.md, "Header"); else undefined.
 * Swaps the ids for copies that all events share, which saves a quarter of their memory.
 */
export function problemOfFrame(header: ParsedObject): string | undefined {
  const { at, body, n, parents, refs, type, v } = header;
  if (!(typeof v === 'number' && v >= 1)) return 'the header has no format version';
  if (v <= newestVersion) {
    for (const key in header) {
      if (!frameKeys.has(key)) return `the header has the unknown member "${key}"`;
    }
  }
  if (!isTimestamp(at)) return 'the time is not ISO 8601 in UTC with milliseconds';
  if (!isDigest(body)) return 'the digest of the body is malformed';
  const ledger = sharedRandomId(header['ledger']);
  if (ledger === undefined) return 'the ledger id is malformed';
  const who = sharedRandomId(header['who']);
  if (who === undefined) return 'the person id is malformed';
  const writer = sharedRandomId(header['writer']);
  if (writer === undefined) return 'the writer id is malformed';
  const prompt = sharedRandomId(header['prompt']);
  if (prompt === undefined && header['prompt'] !== undefined) return 'the prompt id is malformed';
  if (typeof n !== 'number' || n < 1) return "the writer's counter is not a number from 1";
  const known = typeof type === 'string' ? typeNames.get(type) : undefined;
  if (known === undefined && !(typeof type === 'string' && /^[a-z]+(\.[a-z]+)*$/.test(type))) {
    return 'the type is malformed';
  }
  if (!isObject(refs)) return 'the refs are not an object';
  if (
    !Array.isArray(parents) ||
    parents.length > maxParents ||
    !shareEventIds(parents as JsonValue[])
  ) {
    return `the parents are not a list of at most ${maxParents} event ids`;
  }
  for (let i = 1; i < parents.length; i++) {
    if ((parents[i - 1] as string) >= (parents[i] as string)) {
      return 'the parents are not sorted or not distinct';
    }
  }
  header['ledger'] = ledger;
  header['who'] = who;
  header['writer'] = writer;
  if (prompt !== undefined) header['prompt'] = prompt;
  if (known !== undefined) header['type'] = known;
  return undefined;
}

/** False when one is no event id. */
function shareEventIds(ids: JsonValue[]): boolean {
  for (let i = 0; i < ids.length; i++) {
    const id = sharedEventId(ids[i]);
    if (id === undefined) return false;
    ids[i] = id;
  }
  return true;
}
