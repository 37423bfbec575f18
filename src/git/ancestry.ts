import { gitFailed } from './gitErrors.js';
import { assertObjectId } from './names.js';
import { runGit, type GitCall } from './runGit.js';

/** Whether commit `a` is `b` or an ancestor of it; false where this clone does not have `a`. */
export async function isAncestorCommit(root: string, a: string, b: string): Promise<boolean> {
  assertObjectId(a);
  assertObjectId(b);
  const call: GitCall = {
    folder: root,
    doing: 'compare two commits',
    args: ['rev-list', '--count', '--max-count=1', a, `^${b}`, '--'],
  };
  const outcome = await runGit(call);
  if (outcome.exitCode === 0) return outcome.stdout.toString('utf8').trim() === '0';
  if (outcome.stderr.includes(`bad object ${a}`)) return false;
  throw gitFailed(call, outcome);
}
