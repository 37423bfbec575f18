import { PromptAuditError } from './errors.js';

/** Which events had not seen all that stands before them, for storing. */
export interface CausalitySnapshot {
  /** Triples: the seqs of the first and the last event of a run that shares a set, and the set's place. */
  readonly runs: Uint32Array;
  /** The earlier seqs that the events of a run had not seen: pairs of the first and the last of a range. */
  readonly sets: readonly Uint32Array[];
}

/** As in CausalitySnapshot: ranges in ascending order, with seqs between them that were seen. */
type Ranges = Uint32Array;

/**
 * Ranges that are looked at while events are added, all together. A million events of hundreds of clones
 * need a few each; a history that is made to need more would fill the memory.
 */
const mostRanges = 25_000_000;

/**
 * Answers "is event a an ancestor of event b?" (DESIGN.md §3, causal order).
 *
 * Most events have seen all that stands before them in the ledger. So for each event only the
 * exceptions are kept: ranges of earlier events that are not among its ancestors. A run of events that
 * one clone recorded while offline shares one set.
 */
export class Causality {
  /** By seq - 1; null: everything before is an ancestor. */
  readonly #unseen: (Ranges | null)[] = [];
  #left: number;

  /** `limit`: ranges that adding may look at before it throws. */
  constructor(limit = mostRanges) {
    this.#left = limit;
  }

  /** Goes on from what `snapshot` gave for the first `size` events. */
  static restore(size: number, { runs, sets }: CausalitySnapshot): Causality {
    const causality = new Causality();
    for (let seq = 1; seq <= size; seq++) causality.#unseen.push(null);
    for (let i = 0; i < runs.length; i += 3) {
      const [from, to, set] = [runs[i]!, runs[i + 1]!, sets[runs[i + 2]!]!];
      causality.#unseen.fill(set, from - 1, to);
    }
    return causality;
  }

  /** All that is known, in a form that can be stored. */
  snapshot(): CausalitySnapshot {
    const runs: number[] = [];
    const sets: Ranges[] = [];
    let before: Ranges | null = null;
    for (const [at, set] of this.#unseen.entries()) {
      if (set !== null && set === before) runs[runs.length - 2] = at + 1;
      else if (set !== null) runs.push(at + 1, at + 1, sets.push(set) - 1);
      before = set;
    }
    return { runs: Uint32Array.from(runs), sets };
  }

  /** Number of events added. */
  get size(): number {
    return this.#unseen.length;
  }

  /**
   * Adds the next event by the seqs of its parents, all of which must have been added. Throws
   * `ledger.tooLarge` for a history in which too many events had not seen each other.
   */
  add(parents: readonly number[]): void {
    const seq = this.#unseen.length + 1;
    this.#unseen.push(this.#unseenBy(seq, parents));
  }

  /** Whether the event at `ancestor` is a proper ancestor of the one at `seq`. */
  isAncestor(ancestor: number, seq: number): boolean {
    if (ancestor >= seq) return false;
    const unseen = this.#unseen[seq - 1];
    return !unseen || !isIn(unseen, ancestor);
  }

  /** The lowest earlier seq that the event at `seq` had not seen; `seq` where it had seen all. */
  firstUnseen(seq: number): number {
    return this.#unseen[seq - 1]?.[0] ?? seq;
  }

  /** How many of these seqs, which ascend, the event at `seq` had not seen; those from `seq` on are not counted. */
  countUnseen(seqs: readonly { readonly seq: number }[], seq: number): number {
    const unseen = this.#unseen[seq - 1] ?? none;
    let count = 0;
    for (let i = 0; i < unseen.length; i += 2)
      count += countBefore(seqs, unseen[i + 1]! + 1) - countBefore(seqs, unseen[i]!);
    return count;
  }

  #unseenBy(seq: number, parents: readonly number[]): Ranges | null {
    if (parents.length === 0) return seq === 1 ? null : Uint32Array.of(1, seq - 1);
    const newest = Math.max(...parents);
    if (parents.length === 1 && newest === seq - 1) return this.#unseen[newest - 1] ?? null;
    let unseen = this.#unseenThrough(newest, seq);
    for (const parent of parents) {
      if (parent === newest || unseen.length === 0) continue;
      unseen = this.#spend(intersection(unseen, this.#unseenThrough(parent, seq)));
    }
    return unseen.length === 0 ? null : unseen;
  }

  /** What stands before `seq` and is neither `parent` nor one of its ancestors. */
  #unseenThrough(parent: number, seq: number): Ranges {
    const before = this.#unseen[parent - 1] ?? none;
    if (parent === seq - 1) return this.#spend(before);
    const ranges = new Uint32Array(before.length + 2);
    ranges.set(before);
    ranges.set([parent + 1, seq - 1], before.length);
    return this.#spend(ranges);
  }

  #spend(ranges: Ranges): Ranges {
    this.#left -= ranges.length / 2;
    if (this.#left >= 0) return ranges;
    throw new PromptAuditError({
      code: 'ledger.tooLarge',
      message: `The history of the ledger is too tangled: up to event ${this.size + 1}, too many events had not seen each other.`,
      remedy:
        'People who work with a trail do not get there: find out who added these events, and put back a good copy of the ledger.',
    });
  }
}

const none: Ranges = new Uint32Array(0);

/** How many of ascending seqs are lower. */
export function countBefore(seqs: readonly { readonly seq: number }[], seq: number): number {
  let [low, high] = [0, seqs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (seqs[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isIn(ranges: Ranges, seq: number): boolean {
  let [low, high] = [0, ranges.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[2 * middle + 1]! < seq) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length / 2 && ranges[2 * low]! <= seq;
}

function intersection(one: Ranges, other: Ranges): Ranges {
  const both: number[] = [];
  for (let [i, j] = [0, 0]; i < one.length && j < other.length;) {
    const from = Math.max(one[i]!, other[j]!);
    const to = Math.min(one[i + 1]!, other[j + 1]!);
    if (from <= to) both.push(from, to);
    if (one[i + 1]! < other[j + 1]!) i += 2;
    else j += 2;
  }
  return Uint32Array.from(both);
}
