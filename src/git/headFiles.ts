import { gitFailed } from './gitErrors.js';
import { isObjectId, isWorkTreePath } from './names.js';
import { readObjects } from './objects.js';
import { isPartialClone } from './partialClone.js';
import { runGit, type GitCall } from './runGit.js';

const noHead =
  /(bad revision|ambiguous argument|invalid object name|Not a valid object name) '?HEAD|does not have any commits/i;

/** git takes only so many paths on a command line. */
const mostPaths = 20;

/**
 * The blob ids of these paths in HEAD, one run of git for all. Without those that HEAD has not. `commit`: that of
 * HEAD, where it is known. Throws `git.failed`.
 */
export async function headFiles(
  root: string,
  paths: readonly string[],
  commit = 'HEAD',
): Promise<ReadonlyMap<string, string>> {
  const wanted = paths.filter(isWorkTreePath);
  if (wanted.length === 0) return new Map();
  const few = wanted.length <= mostPaths ? wanted : [];
  const call: GitCall = {
    folder: root,
    doing: 'list the files of HEAD',
    args: ['ls-tree', '-r', '-z', '--full-tree', commit, '--', ...few],
  };
  const outcome = await runGit(call);
  if (outcome.exitCode !== 0) {
    if (noHead.test(outcome.stderr)) return new Map();
    throw gitFailed(call, outcome);
  }
  const asked = new Set(wanted);
  const ids = new Map<string, string>();
  for (const line of outcome.stdout.toString('utf8').split('\0')) {
    const [, id = '', path = ''] = /^100\d{3} blob ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
    if (asked.has(path)) ids.set(path, id);
  }
  return ids;
}

/**
 * Of these paths those that some commit of the branches here has or had. Walks the history, so ask only for
 * what is nowhere else. Throws `git.failed`.
 */
export async function committedPaths(
  root: string,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  const wanted = new Set(paths.filter(isWorkTreePath));
  if (wanted.size === 0) return wanted;
  const few = wanted.size <= mostPaths ? [...wanted] : [];
  const call: GitCall = {
    folder: root,
    doing: 'look for files on other branches',
    args: [
      'log',
      '--branches',
      '--remotes',
      '--no-renames',
      '--no-show-signature',
      '--no-notes',
      '--no-mailmap',
      '--format=',
      '--name-only',
      '--diff-filter=A',
      '-z',
      '--',
      ...few,
    ],
  };
  const outcome = await runGit(call);
  if (outcome.exitCode !== 0) {
    // Without trees nothing of it is known here; the files of HEAD are asked for by themselves.
    if (await isPartialClone(root)) return new Set();
    throw gitFailed(call, outcome);
  }
  const names = outcome.stdout.toString('utf8').split('\0');
  return new Set(names.filter((name) => wanted.has(name)));
}

/** The bytes of a file of a commit; null where this clone lacks the commit, or that the file. */
export async function textOfCommit(
  root: string,
  commit: string,
  path: string,
): Promise<Uint8Array | null> {
  if (!isObjectId(commit) || !isWorkTreePath(path)) return null;
  const outcome = await runGit({
    folder: root,
    doing: `look for ${path} in a commit`,
    args: ['ls-tree', '-z', '--full-tree', commit, '--', path],
  });
  const id = /^100\d{3} blob ([0-9a-f]+)\t/.exec(outcome.stdout.toString('utf8'))?.[1];
  if (outcome.exitCode !== 0 || id === undefined) return null;
  return (await readObjects(root, [id])).get(id) ?? null;
}
