/**
 * Reads the binary forms of SSH (RFC 4251, section 5). What is not there or not well-formed reads as
 * empty and sets `failed`, so a caller asks once, at the end. Never throws, never copies.
 */
export class WireReader {
  #rest: Buffer;
  #failed = false;

  constructor(bytes: Uint8Array) {
    this.#rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Whether all was well-formed so far. */
  get ok(): boolean {
    return !this.#failed;
  }

  /** Whether all was well-formed and nothing is left. */
  get done(): boolean {
    return !this.#failed && this.#rest.length === 0;
  }

  raw(length: number): Buffer {
    if (this.#failed || this.#rest.length < length) {
      this.#failed = true;
      return Buffer.alloc(0);
    }
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return bytes;
  }

  uint32(): number {
    const bytes = this.raw(4);
    return bytes.length === 4 ? bytes.readUInt32BE() : 0;
  }

  byte(): number {
    return this.raw(1)[0] ?? 0;
  }

  string(): Buffer {
    return this.raw(this.uint32());
  }

  /** A string for C programs, one character a byte: OpenSSH drops one NUL at its end and refuses others. */
  text(): string {
    const bytes = this.string();
    const end = bytes.at(-1) === 0 ? bytes.length - 1 : bytes.length;
    if (bytes.subarray(0, end).includes(0)) {
      this.#failed = true;
      return '';
    }
    return bytes.toString('latin1', 0, end);
  }

  /** A number that is not negative, big-endian without zero bytes in front. */
  mpint(): Buffer {
    const bytes = this.string();
    if (bytes.length > 0 && bytes[0]! >= 0x80) {
      this.#failed = true;
      return Buffer.alloc(0);
    }
    let at = 0;
    while (at < bytes.length && bytes[at] === 0) at++;
    return bytes.subarray(at);
  }
}

/** A string of RFC 4251: its length and its bytes. Characters are taken as one byte each. */
export function wireString(value: Uint8Array | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  const out = Buffer.alloc(4 + bytes.length);
  out.writeUInt32BE(bytes.length);
  out.set(bytes, 4);
  return out;
}

/** A number that is not negative: big-endian, zero bytes in front allowed. */
export function wireMpint(value: Uint8Array): Buffer {
  let at = 0;
  while (at < value.length && value[at] === 0) at++;
  const bytes = value.subarray(at);
  const isHigh = (bytes[0] ?? 0) >= 0x80;
  return wireString(isHigh ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

export function wireUint32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}
