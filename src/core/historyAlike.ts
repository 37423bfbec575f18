/**
 * Commits that did the same, by the same author at the same time. A commit that was rebased, picked or amended is a
 * copy of one; where it stands on top of all of them it did the same again, as a pick after a revert does.
 */
export interface Likeness {
  /** All that are known. */
  readonly commits: readonly string[];
  /** How many of them are recorded: so many acts were seen. */
  readonly recorded: number;
}

/**
 * Whether a commit did again what others did before. `ancestors`: how many of them it stands on. Where one of the acts
 * that were seen is not below it, it may be a copy of that one.
 */
export function isAgain({ recorded }: Likeness, ancestors: number): boolean {
  return ancestors >= recorded;
}

/** The commits of a walk that did the same: those whose facts are to be recorded, and their copies. */
export class AlikeCommits {
  readonly #given = new Map<string, readonly string[]>();
  readonly #copies = new Map<string, readonly string[]>();

  /** What a commit is like; null for the first with a key. `known`: commits with the key of the ledger. */
  likenessOf(key: string, commit: string, known: readonly string[]): Likeness | null {
    // Two files of one commit may be one prompt and have the same bytes: neither is a copy of the other.
    const recorded = new Set([...known, ...(this.#given.get(key) ?? none)]);
    recorded.delete(commit);
    if (recorded.size === 0) return null;
    const copies = (this.#copies.get(key) ?? none).filter((one) => one !== commit);
    return { commits: [...new Set([...recorded, ...copies])], recorded: recorded.size };
  }

  give(key: string, commit: string): void {
    this.#given.set(key, [...(this.#given.get(key) ?? none), commit]);
  }

  /** False: what it is a copy of is none of the walk. */
  isGiven(key: string): boolean {
    return this.#given.has(key);
  }

  copy(key: string, commit: string): void {
    this.#copies.set(key, [...(this.#copies.get(key) ?? none), commit]);
  }
}

const none: readonly string[] = [];
