import type { EventId } from '../core/ids.js';

/** The numbers that one writer has given to events, and to which. */
export class WriterCounter {
  /** All numbers up to here are taken, by events that may not be known. */
  readonly #baseN: number;
  readonly #last: EventId | undefined;
  /** From #baseN + 1 on without a gap. */
  readonly #ids: EventId[] = [];
  /** Numbers behind a gap, which only hostile or damaged ledgers have. */
  readonly #others = new Map<number, EventId>();

  constructor(base?: { readonly n: number; readonly last: EventId }) {
    this.#baseN = base?.n ?? 0;
    this.#last = base?.last;
  }

  has(n: number): boolean {
    return (n >= 1 && n <= this.#baseN) || this.idAt(n) !== undefined;
  }

  /** The event with this number; undefined also for those of the base but its last. */
  idAt(n: number): EventId | undefined {
    if (n === this.#baseN) return this.#last;
    return this.#ids[n - this.#baseN - 1] ?? this.#others.get(n);
  }

  set(n: number, id: EventId): void {
    if (n === this.#baseN + this.#ids.length + 1) this.#ids.push(id);
    else this.#others.set(n, id);
  }
}
