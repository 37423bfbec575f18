/** Ascending positions of events: a filtered list of a ledger, without its rows. */
export interface SeqRange {
  readonly length: number;
  /** The seq at an ordinal from 0 to `length - 1`. */
  at(ordinal: number): number;
  /** The ordinal of a seq; -1 where it is not in the list. */
  indexOf(seq: number): number;
}

/** All events of a ledger of this size. */
export function allSeqs(size: number): SeqRange {
  return {
    length: size,
    at: (ordinal) => ordinal + 1,
    indexOf: (seq) => (seq >= 1 && seq <= size ? seq - 1 : -1),
  };
}

/** A list that grows at its end; four bytes an entry. */
export class SeqList implements SeqRange {
  #seqs = new Uint32Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Behind all others; `indexOf` needs them ascending. */
  push(seq: number): void {
    if (this.#length === this.#seqs.length) {
      const larger = new Uint32Array(this.#length * 2);
      larger.set(this.#seqs);
      this.#seqs = larger;
    }
    this.#seqs[this.#length++] = seq;
  }

  at(ordinal: number): number {
    return this.#seqs[ordinal]!;
  }

  indexOf(seq: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#seqs[middle]! < seq) low = middle + 1;
      else high = middle;
    }
    return low < this.#length && this.#seqs[low] === seq ? low : -1;
  }

  reversed(): SeqList {
    const copy = new SeqList();
    for (let i = this.#length - 1; i >= 0; i--) copy.push(this.#seqs[i]!);
    return copy;
  }
}
