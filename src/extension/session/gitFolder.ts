import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/**
 * The git directory that all worktrees of a repository share; null without one. Read from the
 * files themselves, because a process must not be started only to learn what to watch.
 */
export async function gitCommonFolder(root: string): Promise<string | null> {
  const dotGit = join(root, '.git');
  try {
    if ((await stat(dotGit)).isDirectory()) {
      return dotGit;
    }
    const target = /^gitdir: (.+)$/m.exec(await readFile(dotGit, 'utf8'))?.[1];
    if (target === undefined) {
      return null;
    }
    const gitFolder = resolve(root, target.trim());
    const common = await readFile(join(gitFolder, 'commondir'), 'utf8').catch(() => '.');
    return resolve(gitFolder, common.trim());
  } catch {
    return null;
  }
}
