/** The bytes of canonical base64 (RFC 4648 §4, padded, no spare bits, not empty); else undefined. */
export function decodeBase64(text: string): Buffer | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** As decodeBase64, for one SHA-256. */
function decodeHash(text: string): Buffer | undefined {
  return text.length === 44 ? decodeBase64(text) : undefined;
}

/** A number as C2SP formats write it: decimal, no leading zero, at most 2^53-1; else undefined. */
export function decodeCount(text: string): number | undefined {
  if (!/^(0|[1-9]\d{0,15})$/.test(text)) return undefined;
  const count = Number(text);
  return Number.isSafeInteger(count) ? count : undefined;
}

/** Takes lines off a text one after another, so that a hostile one is never split as a whole. */
export class LineReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next line without its newline; undefined at the end, or where the newline is missing. */
  next(): string | undefined {
    const end = this.#text.indexOf('\n', this.#at);
    if (end < 0) return undefined;
    const line = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return line;
  }

  /** What was not taken yet. */
  rest(): string {
    return this.#text.slice(this.#at);
  }

  /** Hashes up to an empty line, which is taken; undefined for anything else, or for more than `most`. */
  hashes(most: number): Buffer[] | undefined {
    const hashes: Buffer[] = [];
    for (;;) {
      const line = this.next();
      if (line === '') return hashes;
      const hash = line === undefined ? undefined : decodeHash(line);
      if (hash === undefined || hashes.length === most) return undefined;
      hashes.push(hash);
    }
  }
}
