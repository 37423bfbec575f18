import { checkObjects } from './objectChecks.js';
import { runGit } from './runGit.js';

/** Whether git may have left objects of this clone at its remote (`git clone --filter`). */
export async function isPartialClone(root: string): Promise<boolean> {
  const pattern = String.raw`^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter))$`;
  const args = ['config', '--get-regexp', pattern];
  // Status 1: there is none.
  const { stdout } = await runGit({ folder: root, doing: 'read its configuration', args });
  return stdout
    .toString('utf8')
    .split('\n')
    .some((line) => line !== '' && !/ (false|no|off|0)$/i.test(line));
}

/** How many of these objects are not here. One git; nothing is fetched. Throws `git.failed`. */
export async function absentObjects(root: string, ids: readonly string[]): Promise<number> {
  const question = { folder: root, doing: 'look for the texts of the history' };
  const found = await checkObjects(question, ids);
  return found.filter(({ type }) => type === 'missing').length;
}
