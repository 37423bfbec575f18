import { access, readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { headFiles } from './headFiles.js';
import type { RepositoryPaths } from './locate.js';
import { listFilesOf } from './objects.js';
import { isObjectId } from './names.js';
import { gitOutput, runGit } from './runGit.js';

/** The files of the index by path, with their blobs; `index`: its file, null for the one of the work tree. */
export async function indexFiles(
  root: string,
  index: string | null,
): Promise<ReadonlyMap<string, string>> {
  const output = await gitOutput({
    folder: root,
    doing: 'list the staged files',
    args: ['ls-files', '-z', '--stage', '--cached'],
    ...(index === null ? {} : { env: { GIT_INDEX_FILE: index } }),
  });
  const files = new Map<string, string>();
  for (const line of output.toString('utf8').split('\0')) {
    const [, id, path] = /^100\d{3} ([0-9a-f]+) 0\t([\s\S]+)$/.exec(line) ?? [];
    // What is no UTF-8 nothing could name.
    if (id !== undefined && path !== undefined && !path.includes('\ufffd')) files.set(path, id);
  }
  return files;
}

/** Of these staged files those whose bytes neither HEAD has nor a commit that is being merged into it. */
export async function newlyStaged(
  { root, gitDir }: RepositoryPaths,
  files: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const fresh = new Map(files);
  const drop = (there: ReadonlyMap<string, string>): void => {
    for (const [path, id] of there) if (fresh.get(path) === id) fresh.delete(path);
  };
  drop(await headFiles(root, [...fresh.keys()]));
  if (fresh.size === 0) return fresh;
  // One line each: an octopus has many.
  const merged = await readFile(join(gitDir, 'MERGE_HEAD'), 'latin1').catch(() => '');
  for (const commit of merged.split('\n').filter(isObjectId)) {
    const there = await listFilesOf(root, commit);
    drop(new Map(there.map(({ path, id }) => [path, id])));
  }
  return fresh;
}

/** What tells that git is replaying commits, whose authors wrote the bytes. */
const replays = ['rebase-merge', 'rebase-apply', 'CHERRY_PICK_HEAD', 'SQUASH_MSG'];

/** Whether the commit that is being made may be another person's work than of who makes it. */
export async function isOthersCommit(
  { root, gitDir }: RepositoryPaths,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  for (const name of replays) if (await isThere(join(gitDir, name))) return true;
  // git names the author of the commit to its hooks: of --author, of an amended commit.
  const author = env['GIT_AUTHOR_EMAIL'];
  if (author === undefined) return false;
  const committer = await runGit({
    folder: root,
    doing: 'name the committer',
    args: ['var', 'GIT_COMMITTER_IDENT'],
    env: pick(env, ['GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL']),
  });
  const [, email] = /<([^<>]*)> \d+ [+-]\d+\s*$/.exec(committer.stdout.toString('utf8')) ?? [];
  return email?.trim().toLowerCase() !== author.trim().toLowerCase();
}

/**
 * Whether a hook runs for this very repository: git names the one that it works on, which with --git-dir or
 * GIT_DIR may be another than the one at the folder.
 */
export async function isHookOf(
  { root, gitDir }: RepositoryPaths,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const named = env['GIT_DIR'];
  if (named === undefined) return true;
  return (await realpath(resolve(root, named)).catch(() => null)) === gitDir;
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
