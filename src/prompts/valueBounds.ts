import type { JsonValue } from '../core/canonicalJson.js';

/** Metadata of more UTF-16 units, signs, levels or values is not read: a hostile text must cost little. */
export const maxMetadata = 131_072;
/** Line ends and the signs that begin, divide and end values. */
export const maxSigns = 20_000;
export const maxLevels = 32;
export const maxValues = 20_000;

/** Why a text is not read as its format; caught in versionParts.ts and shown to nobody. */
export function unreadable(why: string): Error {
  return new Error(why);
}

/** Throws where metadata is longer than it is read, or has more in it. */
export function assertShort(metadata: string): void {
  if (metadata.length > maxMetadata) throw unreadable('its metadata is too long');
  let signs = 0;
  for (let i = 0; i < metadata.length; i++) if (isSign.has(metadata.charCodeAt(i))) signs++;
  if (signs > maxSigns) throw unreadable('its metadata has too many signs');
}

const isSign = new Set([...'\n\r,:[]{}?&*!-"\''].map((sign) => sign.charCodeAt(0)));

/** Holds what is read to the bounds, and to what JSON has. */
export class ValueBounds {
  #values = 0;

  count(depth: number): void {
    if (depth > maxLevels || ++this.#values > maxValues) throw unreadable('it has too much in it');
  }

  /** A text, an exact number, a flag or null. */
  scalar(value: unknown): string | number | boolean | null {
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'string' && value.isWellFormed()) return value;
    if (typeof value === 'number' && Number.isFinite(value)) {
      if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value;
    }
    throw unreadable('a value is none that JSON has');
  }

  /** Adds a member that the object does not have yet. */
  member(members: Record<string, JsonValue>, name: string, read: () => JsonValue): void {
    if (name === '__proto__' || Object.hasOwn(members, name))
      throw unreadable('a member stands there twice');
    members[name] = read();
  }
}
