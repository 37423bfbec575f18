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
