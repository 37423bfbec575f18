/**
 * One copy of each text that comes again and again, such as the ids in headers. Bounded: it forgets
 * texts that were not asked for while twice `limit` others came.
 */
export class StringPool {
  readonly #limit: number;
  #young = new Map<string, string>();
  #old = new Map<string, string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The copy of a text that was put in before, or undefined. */
  get(text: string): string | undefined {
    const young = this.#young.get(text);
    if (young !== undefined) return young;
    const old = this.#old.get(text);
    return old === undefined ? undefined : this.put(old);
  }

  put(text: string): string {
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, text);
    return text;
  }
}
