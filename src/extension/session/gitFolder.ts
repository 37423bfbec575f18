import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Where git keeps what belongs to one work tree, and what all of a repository share. */
export interface GitFolders {
  readonly own: string;
  readonly common: string;
}

/**
 * The git directories of a work tree; null without one. Read from the files themselves, because a process
 * must not be started only to learn what to watch.
 */
export async function gitFolders(root: string): Promise<GitFolders | null> {
  const dotGit = join(root, '.git');
  try {
    if ((await stat(dotGit)).isDirectory()) {
      return { own: dotGit, common: dotGit };
    }
    const target = /^gitdir: (.+)$/m.exec(await readFile(dotGit, 'utf8'))?.[1];
    if (target === undefined) {
      return null;
    }
    const own = resolve(root, target.trim());
    const common = await readFile(join(own, 'commondir'), 'utf8').catch(() => '.');
    return { own, common: resolve(own, common.trim()) };
  } catch {
    return null;
  }
}
