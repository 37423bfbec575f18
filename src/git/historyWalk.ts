import { report, type Watch } from '../core/watch.js';
import { linesOf, startHistoryProcess, type HistoryProcess } from './historyProcess.js';
import { rawCommits, type RawCommit, type WantedNames } from './historyRaw.js';
import { assertObjectId, isObjectId } from './names.js';

export interface WalkInput {
  /** Full object ids of commits. */
  readonly tips: readonly string[];
  /** Commits that are not walked, nor what is before them. Those that are not here are passed over. */
  readonly without?: readonly string[];
  /** Asked while git looks. */
  readonly watch?: Watch;
}

// What is missing is ignored only in what git reads after it was told so.
const order = ['--topo-order', '--reverse', '--ignore-missing', '--stdin'];

const logArgs = [
  ...['log', '--raw', '-z', '--no-abbrev', '--diff-merges=first-parent', '--format=tformat:%H %P'],
  ...['--no-show-signature', '--no-notes', '--no-color', '--no-ext-diff', '--no-textconv'],
  ...['--no-relative', '--no-decorate', '--no-renames', '-O/dev/null'],
];

/**
 * Walks the history of a repository, parents before children, some commits at a time, with what each changed of the
 * wanted files against its first parent (a root: against nothing). The form is fixed, whatever the user's configuration
 * says; a rename is a deletion and an addition (historyRenames.ts). Grafts of shallow clones are followed, replacements
 * are not, and nothing is fetched. Leaving the loop ends git. Throws `git.missing`, `git.failed`, `git.timeout`.
 */
export async function* walkHistory(
  folder: string,
  { tips, without, names }: Omit<WalkInput, 'watch'> & { readonly names: WantedNames },
): AsyncGenerator<readonly RawCommit[]> {
  if (tips.length === 0) return;
  const args = [...logArgs, ...order, '--'];
  const config = ['log.showRoot=true'];
  const git = startHistoryProcess({ folder, doing: 'read the history', args, config });
  try {
    ask(git, { tips, ...(without ? { without } : {}) });
    yield* rawCommits(git.output(), names);
  } finally {
    git.stop();
  }
}

/** How the commits of a walk hang together. */
export class WalkShape {
  readonly #ids = new Set<string>();
  readonly #children = new Map<string, number>();

  /** Each parent once. */
  add(id: string, parents: readonly string[]): void {
    this.#ids.add(id);
    for (const one of parents) this.#children.set(one, (this.#children.get(one) ?? 0) + 1);
  }

  /** The commits in the order in which they came. */
  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  /** How many commits of the walk name one as a parent. */
  childrenOf(id: string): number {
    return this.#children.get(id) ?? 0;
  }

  /** Commits of the walk that none of it has as an ancestor. */
  get heads(): readonly string[] {
    return [...this.#ids].filter((id) => !this.#children.has(id));
  }

  /** Parents that are not walked. */
  get boundaries(): readonly string[] {
    return [...this.#children.keys()].filter((id) => !this.#ids.has(id));
  }
}

/** How the commits of a walk hang together, without looking at files. Throws as `walkHistory`, and `cancelled`. */
export async function historyShape(folder: string, input: WalkInput): Promise<WalkShape> {
  const shape = new WalkShape();
  if (input.tips.length === 0) return shape;
  const args = ['rev-list', '--parents', ...order, '--'];
  const git = startHistoryProcess({ folder, doing: 'count the commits', args });
  ask(git, input);
  for await (const lines of linesOf(git)) {
    for (const line of lines) {
      const [id = '', ...parents] = line.split(' ');
      shape.add(id, [...new Set(parents)]);
    }
    report(input.watch, { what: 'import', done: shape.ids.size, total: null });
  }
  return shape;
}

function ask(git: HistoryProcess, { tips, without = [] }: WalkInput): void {
  for (const id of tips) assertObjectId(id);
  const not = without.filter(isObjectId).map((id) => `^${id}\n`);
  git.write(`${tips.join('\n')}\n${not.join('')}`);
  git.endInput();
}
