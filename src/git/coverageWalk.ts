import { PromptAuditError } from '../core/errors.js';
import { LogParser, logFormat, type LoggedCommit } from './coverageLog.js';
import type { HistoryRef } from './coverageRefs.js';
import { startHistoryProcess } from './historyProcess.js';

/** Bytes at a path that some commit has. */
export interface WalkedFile {
  readonly path: string;
  /** False: the name is not UTF-8, and `path` only shows it. */
  readonly named: boolean;
  readonly blob: string;
  /** Places in `commits` of those that brought it against their first parent, ascending: parents come first. */
  readonly commits: number[];
}

export interface WalkedHistory {
  /** Parents before children. */
  readonly commits: readonly WalkedCommit[];
  readonly placeOf: ReadonlyMap<string, number>;
  /** In the order in which they first appear. */
  readonly files: readonly WalkedFile[];
}

export interface WalkedCommit {
  readonly id: string;
  /** Places of the parents; those that are not here are left out. */
  readonly parents: readonly number[];
  readonly author: LoggedCommit['author'];
  readonly authoredAt: number;
}

/**
 * All commits behind these refs, and every (path, blob) of files that `tracks` takes: a commit's tree holds nothing
 * that did not come against the first parent of it or of a commit before it. One git, read as it runs.
 * Throws `git.failed`, also where commits or trees are not here.
 */
export async function walkForCoverage(
  root: string,
  refs: readonly HistoryRef[],
  tracks: (path: string) => boolean,
): Promise<WalkedHistory> {
  const commits: WalkedCommit[] = [];
  const placeOf = new Map<string, number>();
  const files = new Map<string, WalkedFile>();
  if (refs.length === 0) return { commits, placeOf, files: [] };
  const authors = new Map<string, LoggedCommit['author']>();
  const wanted = remembered(tracks);
  const parser = new LogParser({
    commit({ id, parents, author, authoredAt }) {
      const key = `${author.name}\0${author.email}`;
      const shared = authors.get(key) ?? author;
      authors.set(key, shared);
      const known = parents.flatMap((parent) => placeOf.get(parent) ?? []);
      placeOf.set(id, commits.push({ id, parents: known, author: shared, authoredAt }) - 1);
    },
    file({ path, shown, blob }) {
      if (!wanted(path ?? shown)) return;
      const key = `${blob}${path === null ? '?' : ':'}${shown}`;
      const place = commits.length - 1;
      const file = files.get(key);
      if (file === undefined)
        files.set(key, { path: shown, named: path !== null, blob, commits: [place] });
      else if (file.commits.at(-1) !== place) file.commits.push(place);
    },
  });
  const git = startHistoryProcess({
    folder: root,
    doing: 'walk the history',
    args: [
      'log',
      '--stdin',
      '--topo-order',
      '--reverse',
      '--raw',
      '-O/dev/null',
      '-z',
      '--no-abbrev',
      '--no-renames',
      '--diff-merges=first-parent',
      '--ignore-submodules=all',
      '--no-ext-diff',
      '--no-textconv',
      '--no-show-signature',
      '--no-notes',
      '--no-mailmap',
      '--no-decorate',
      '--no-color',
      '--encoding=UTF-8',
      `--format=${logFormat}`,
    ],
    config: ['log.showRoot=true', 'diff.relative=false', 'log.follow=false'],
  });
  git.write([...new Set(refs.map(({ commit }) => commit))].map((id) => `${id}\n`).join(''));
  git.endInput();
  try {
    for await (const piece of git.output()) parser.push(piece);
    parser.end();
  } catch (error) {
    if (error instanceof RangeError) throw strange(error.message);
    throw error;
  }
  return { commits, placeOf, files: [...files.values()] };
}

/** Patterns are slow, and histories name the same files again and again. */
function remembered(tracks: (path: string) => boolean): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    const answer = known.get(path) ?? tracks(path);
    known.set(path, answer);
    return answer;
  };
}

function strange(problem: string): PromptAuditError {
  return new PromptAuditError({
    code: 'git.failed',
    message: `The history of git cannot be read: ${problem}.`,
    remedy: 'Run git fsck to see whether the repository is damaged.',
  });
}
