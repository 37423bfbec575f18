import { gitText } from './runGit.js';

/** The folders of all work trees of the repository, as git notes them. Throws `git.failed`. */
export async function worktreeFolders(root: string): Promise<readonly string[]> {
  const text = await gitText({
    folder: root,
    doing: 'list the work trees',
    args: ['worktree', 'list', '--porcelain'],
  });
  const name = 'worktree ';
  return text
    .split('\n')
    .filter((line) => line.startsWith(name))
    .map((line) => line.slice(name.length));
}
