/** A commit as far as topology goes: the places of its parents, which stand before it. */
export interface CommitNode {
  readonly parents: readonly number[];
}

/**
 * For each commit the bits of all commits that it is or leads to from: `marks` gives the bits of some, by place.
 * Parents get what their children have.
 */
export function spreadBits(
  commits: readonly CommitNode[],
  marks: Iterable<readonly [place: number, bits: number]>,
): Uint8Array {
  const bits = new Uint8Array(commits.length);
  for (const [place, more] of marks) bits[place]! |= more;
  for (let at = commits.length - 1; at >= 0; at--)
    for (const parent of commits[at]!.parents) bits[parent]! |= bits[at]!;
  return bits;
}

/** Which refs lead to each commit: the first few of them, by their places in the list of refs. */
export class RefReach {
  readonly #most: number;
  readonly #sets: (readonly number[])[] = [[]];
  readonly #places = new Map<string, number>([['', 0]]);
  readonly #unions = new Map<string, number>();
  /** For each commit the place of its set. */
  readonly #of: Uint32Array;

  /** `tips`: for each ref the place of its commit, undefined where it has none here. */
  constructor(commits: readonly CommitNode[], tips: readonly (number | undefined)[], most: number) {
    this.#most = most;
    this.#of = new Uint32Array(commits.length);
    for (const [ref, tip] of tips.entries())
      if (tip !== undefined) this.#of[tip] = this.#union(this.#of[tip]!, this.#place([ref]));
    for (let at = commits.length - 1; at >= 0; at--)
      for (const parent of commits[at]!.parents)
        this.#of[parent] = this.#union(this.#of[parent]!, this.#of[at]!);
  }

  /** The first refs that lead to one of these commits, ascending. */
  refsOf(places: readonly number[]): readonly number[] {
    let set = 0;
    for (const place of places) set = this.#union(set, this.#of[place]!);
    return this.#sets[set]!;
  }

  #union(a: number, b: number): number {
    if (a === b || b === 0) return a;
    if (a === 0) return b;
    const key = a < b ? `${a},${b}` : `${b},${a}`;
    let place = this.#unions.get(key);
    if (place === undefined) {
      const all = [...new Set([...this.#sets[a]!, ...this.#sets[b]!])].sort((x, y) => x - y);
      this.#unions.set(key, (place = this.#place(all.slice(0, this.#most))));
    }
    return place;
  }

  #place(set: readonly number[]): number {
    const key = set.join();
    let place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, (place = this.#sets.push(set) - 1));
    return place;
  }
}
