/** Bytes of one key: a SHA-256. */
export const keyBytes = 32;

/**
 * Finds the places of SHA-256 keys in one block of bytes, without an object for each of them.
 * The keys are hashes already, so their first bytes serve as the hash of an open-addressing table.
 */
export class KeyIndex {
  readonly #keys: Uint8Array;
  readonly #table: Uint32Array;
  readonly #mask: number;

  /** `keys`: 32 bytes each, one behind the other. The same key may stand there several times. */
  constructor(keys: Uint8Array) {
    this.#keys = keys;
    const count = keys.length / keyBytes;
    let size = 16;
    while (size < count * 2) size *= 2;
    this.#mask = size - 1;
    this.#table = new Uint32Array(size);
    for (let at = 0; at < count; at++) {
      let slot = this.#slotOf(keys, at * keyBytes);
      while (this.#table[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#table[slot] = at + 1;
    }
  }

  /** The first place of a key, given as 64 hex digits; -1 where it is not there. */
  first(hex: string): number {
    return this.#find(hex, true)[0] ?? -1;
  }

  /** All places of a key, ascending. */
  all(hex: string): readonly number[] {
    return this.#find(hex, false);
  }

  #find(hex: string, onlyFirst: boolean): number[] {
    const key = Buffer.from(hex, 'hex');
    const found: number[] = [];
    if (key.length !== keyBytes) return found;
    for (let slot = this.#slotOf(key, 0); ; slot = (slot + 1) & this.#mask) {
      const at = this.#table[slot]! - 1;
      if (at < 0) break;
      if (!this.#isAt(key, at)) continue;
      found.push(at);
      if (onlyFirst) break;
    }
    return found;
  }

  #isAt(key: Uint8Array, at: number): boolean {
    const from = at * keyBytes;
    for (let i = 0; i < keyBytes; i++) if (this.#keys[from + i] !== key[i]) return false;
    return true;
  }

  #slotOf(bytes: Uint8Array, from: number): number {
    const word =
      bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24);
    return (word >>> 0) & this.#mask;
  }
}

/** The key at a place of such a block, as 64 hex digits. */
export function keyAt(keys: Uint8Array, at: number): string {
  const { buffer, byteOffset } = keys;
  return Buffer.from(buffer, byteOffset + at * keyBytes, keyBytes).toString('hex');
}
