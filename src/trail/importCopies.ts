import { isAgain, type Likeness } from '../core/historyAlike.js';
import { isAncestorCommit } from '../git/ancestry.js';
import { historyShape, type WalkShape } from '../git/historyWalk.js';
import { isObjectId } from '../git/names.js';

/** So many single questions to git; then all that is behind the walk is listed once. */
const mostQuestions = 32;

/**
 * Tells copies of commits from commits that do the same again, while a walk goes on. What stands in the walk is known
 * here; git is asked for the rest. Commits that this clone lacks are nobody's ancestors.
 */
export class CopyJudge {
  readonly #root: string;
  readonly #shape: WalkShape;
  /** Of the commits that were added. */
  readonly #added = new Map<string, { readonly at: number; readonly parents: readonly string[] }>();
  #questions = 0;
  #behind: Promise<ReadonlySet<string>> | null = null;

  constructor(root: string, shape: WalkShape) {
    this.#root = root;
    this.#shape = shape;
  }

  /** Parents before children. */
  add(commit: string, parents: readonly string[]): void {
    this.#added.set(commit, { at: this.#added.size, parents });
  }

  /** Whether a commit, the last that was added, did again what others did. Throws `git.failed`, `git.missing`. */
  async isAgain(likeness: Likeness, commit: string): Promise<boolean> {
    let ancestors = 0;
    for (const one of likeness.commits) if (await this.#isBelow(one, commit)) ancestors++;
    return isAgain(likeness, ancestors);
  }

  async #isBelow(one: string, commit: string): Promise<boolean> {
    if (this.#shape.ids.has(one)) return this.#isWalkedBelow(one, commit);
    if (!isObjectId(one) || !(await this.#mayBeBehind(one))) return false;
    return isAncestorCommit(this.#root, one, commit);
  }

  /** A way from a commit of the walk to another one leads through no other commits. */
  #isWalkedBelow(one: string, commit: string): boolean {
    const end = this.#added.get(one);
    if (end === undefined) return false;
    const seen = new Set<string>();
    const open = [commit];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (id === one) return true;
      const found = this.#added.get(id);
      if (found === undefined || found.at <= end.at || seen.has(id)) continue;
      seen.add(id);
      open.push(...found.parents);
    }
    return false;
  }

  /** A branch that was rebased may have many commits whose originals nothing leads to any more. */
  async #mayBeBehind(one: string): Promise<boolean> {
    this.#questions++;
    if (this.#questions <= mostQuestions) return true;
    this.#behind ??= historyShape(this.#root, { tips: this.#shape.boundaries }).then(
      ({ ids }) => ids,
    );
    return (await this.#behind).has(one);
  }
}
