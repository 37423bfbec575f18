/** Which events had not seen all that stands before them, for storing. */
export interface CausalitySnapshot {
  /** Triples: the seqs of the first and the last event of a run that shares a set, and the set's place. */
  readonly runs: Uint32Array;
  /** The earlier seqs that the events of a run had not seen. */
  readonly sets: readonly Uint32Array[];
}

/**
 * Answers "is event a an ancestor of event b?" in constant time (DESIGN.md §3, causal order).
 *
 * Most events have seen all that stands before them in the ledger. So for each event only the
 * exceptions are kept: the earlier events that are not among its ancestors. A run of events that
 * one clone recorded while offline shares one set.
 */
export class Causality {
  /** By seq - 1; null: everything before is an ancestor. */
  readonly #unseen: (ReadonlySet<number> | null)[] = [];

  /** Goes on from what `snapshot` gave for the first `size` events. */
  static restore(size: number, { runs, sets }: CausalitySnapshot): Causality {
    const causality = new Causality();
    const shared = sets.map((set) => new Set(set));
    for (let seq = 1; seq <= size; seq++) causality.#unseen.push(null);
    for (let i = 0; i < runs.length; i += 3) {
      const [from, to, set] = [runs[i]!, runs[i + 1]!, shared[runs[i + 2]!]!];
      causality.#unseen.fill(set, from - 1, to);
    }
    return causality;
  }

  /** All that is known, in a form that can be stored. */
  snapshot(): CausalitySnapshot {
    const runs: number[] = [];
    const sets: ReadonlySet<number>[] = [];
    let before: ReadonlySet<number> | null = null;
    for (const [at, set] of this.#unseen.entries()) {
      if (set !== null && set === before) runs[runs.length - 2] = at + 1;
      else if (set !== null) runs.push(at + 1, at + 1, sets.push(set) - 1);
      before = set;
    }
    return { runs: Uint32Array.from(runs), sets: sets.map((set) => Uint32Array.from(set)) };
  }

  /** Number of events added. */
  get size(): number {
    return this.#unseen.length;
  }

  /** Adds the next event by the seqs of its parents, all of which must have been added. */
  add(parents: readonly number[]): void {
    const seq = this.#unseen.length + 1;
    this.#unseen.push(this.#unseenBy(seq, parents));
  }

  /** Whether the event at `ancestor` is a proper ancestor of the one at `seq`. */
  isAncestor(ancestor: number, seq: number): boolean {
    if (ancestor >= seq) return false;
    return !this.#unseen[seq - 1]?.has(ancestor);
  }

  /** The lowest earlier seq that the event at `seq` had not seen; `seq` where it had seen all. */
  firstUnseen(seq: number): number {
    const unseen = this.#unseen[seq - 1];
    if (!unseen) return seq;
    // Sets are filled in ascending order.
    const [first] = unseen;
    return first ?? seq;
  }

  #unseenBy(seq: number, parents: readonly number[]): ReadonlySet<number> | null {
    if (parents.length === 0) return seq === 1 ? null : range(1, seq);
    const newest = Math.max(...parents);
    const inherited = this.#unseen[newest - 1] ?? null;
    if (parents.length === 1 && newest === seq - 1) return inherited;
    const others = parents.filter((p) => p !== newest);
    const unseen = new Set<number>();
    for (const candidates of [inherited ?? [], range(newest + 1, seq)]) {
      for (const c of candidates) {
        if (!others.some((p) => p === c || this.isAncestor(c, p))) unseen.add(c);
      }
    }
    return unseen.size === 0 ? null : unseen;
  }
}

function range(from: number, to: number): Set<number> {
  const set = new Set<number>();
  for (let i = from; i < to; i++) set.add(i);
  return set;
}
