import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { gitFailed } from './gitErrors.js';
import type { RepositoryPaths } from './locate.js';
import { runGit } from './runGit.js';

/** Where git looks for the hooks of a repository. */
export interface HooksFolder {
  readonly path: string;
  /**
   * `clone`: in the folder of git, nobody else's. `tree`: in the work tree, for all who commit to it. `husky`: as
   * `tree`, and husky runs what is there. `outside`: other repositories may use it too.
   */
  readonly kind: 'clone' | 'tree' | 'husky' | 'outside';
  /** Who set core.hooksPath: `local`, `global`, `system`, `worktree`; null where nobody did. */
  readonly scope: string | null;
}

/** Throws `git.missing`, `git.failed`. */
export async function hooksFolder(repository: RepositoryPaths): Promise<HooksFolder> {
  const { root, commonDir } = repository;
  const set = await hooksPath(root);
  if (set === null) return { path: join(commonDir, 'hooks'), kind: 'clone', scope: null };
  const { scope } = set;
  // Hooks run in the root of the work tree.
  const named = resolve(root, set.value);
  const husky = await huskyFolder(named);
  const path = husky ?? named;
  const real = await realPlace(path);
  if (set.value === '') return { path, kind: 'outside', scope };
  if (isInside(commonDir, real)) return { path, kind: 'clone', scope };
  // Not below the root's .git either, which for a linked work tree is no folder.
  if (isInside(root, real) && real !== root && !isInside(join(root, '.git'), real))
    return { path, kind: husky === null ? 'tree' : 'husky', scope };
  return { path, kind: 'outside', scope };
}

/** The last core.hooksPath of git's configuration files; the one of our own runs does not count. */
async function hooksPath(root: string): Promise<{ value: string; scope: string } | null> {
  const args = ['config', '--null', '--show-scope', '--type=path', '--get-all', 'core.hooksPath'];
  const call = { folder: root, doing: 'read core.hooksPath', args };
  const outcome = await runGit(call);
  if (outcome.exitCode > 1 || outcome.exitCode < 0) throw gitFailed(call, outcome);
  const parts = outcome.stdout.toString('utf8').split('\0');
  let last: { value: string; scope: string } | null = null;
  for (let i = 0; i + 1 < parts.length; i += 2)
    if (parts[i] !== 'command') last = { value: parts[i + 1]!, scope: parts[i]! };
  return last;
}

/** Husky 9 has `.husky/_` as hooks path: files there run those of its users one folder above. */
async function huskyFolder(path: string): Promise<string | null> {
  if (basename(path) !== '_') return null;
  const isHusky = (await isFile(join(path, 'h'))) || (await isFile(join(path, 'husky.sh')));
  return isHusky || basename(dirname(path)) === '.husky' ? dirname(path) : null;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() === true;
}

/** The real path of a folder that may not be there yet. */
async function realPlace(path: string): Promise<string> {
  const above = dirname(path);
  const real = await realpath(path).catch(() => null);
  if (real !== null || above === path) return real ?? path;
  return join(await realPlace(above), basename(path));
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return (
    way !== '..' &&
    !way.startsWith(`..${sep}`) &&
    resolve(folder, way) === resolve(path) &&
    !/^[A-Za-z]:/.test(way)
  );
}
