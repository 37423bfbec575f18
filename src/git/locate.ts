import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isPromptAuditError } from '../core/errors.js';
import { gitFailed } from './gitErrors.js';
import { runGit, type GitCall } from './runGit.js';

/** Real absolute paths. `commonDir` is shared by all work trees of one clone. */
export interface RepositoryPaths {
  readonly root: string;
  readonly gitDir: string;
  readonly commonDir: string;
}

/**
 * The work tree that a folder lies in; null where there is none (no repository, a bare one, inside .git).
 * Throws `git.missing` only where a repository is.
 */
export async function locateRepository(path: string): Promise<RepositoryPaths | null> {
  const folder = await nearestFolder(path);
  const options = ['--show-toplevel', '--git-dir', '--git-common-dir'];
  try {
    const lines = await ask(folder, options);
    if (lines === null) return null;
    // A line end inside a path: ask for one path at a time.
    const paths = lines.length === 3 ? lines : await askOneByOne(folder, options);
    const [root = '', gitDir = '', commonDir = ''] = await Promise.all(
      paths.map((p) => realpath(p)),
    );
    return { root, gitDir, commonDir };
  } catch (error) {
    if (isPromptAuditError(error, 'git.missing') && !(await hasGitAbove(folder))) return null;
    throw error;
  }
}

async function ask(folder: string, options: readonly string[]): Promise<string[] | null> {
  const call: GitCall = {
    folder,
    doing: `look for a repository in ${folder}`,
    args: ['rev-parse', '--path-format=absolute', ...options],
  };
  const outcome = await runGit(call);
  if (outcome.exitCode === 0) return outcome.stdout.toString('utf8').replace(/\n$/, '').split('\n');
  if (/not a git repository|must be run in a work tree/i.test(outcome.stderr)) return null;
  throw gitFailed(call, outcome);
}

async function askOneByOne(folder: string, options: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(options.map((option) => ask(folder, [option])));
  return answers.map((lines) => (lines ?? []).join('\n'));
}

/** git runs in a folder: for a file, or a folder that is not there yet, the nearest one above. */
async function nearestFolder(path: string): Promise<string> {
  for (let at = resolve(path); ; at = dirname(at)) {
    const info = await stat(at).catch(() => null);
    if (info?.isDirectory() === true || dirname(at) === at) return at;
  }
}

async function hasGitAbove(folder: string): Promise<boolean> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (await stat(join(at, '.git')).catch(() => null)) return true;
    if (dirname(at) === at) return false;
  }
}
