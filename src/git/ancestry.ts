import { gitFailed } from './gitErrors.js';
import { assertObjectId } from './names.js';
import { runGit, type GitCall } from './runGit.js';

/** The second form is an id of the other hash function's length. */
const unknownCommit = /bad object [0-9a-f]+|bad revision '\^?([0-9a-f]+|HEAD)'/;

/** Whether commit `a` is `b` (or `HEAD`) or an ancestor of it; false where this clone lacks one of them. */
export async function isAncestorCommit(root: string, a: string, b: string): Promise<boolean> {
  assertObjectId(a);
  if (b !== 'HEAD') assertObjectId(b);
  const call: GitCall = {
    folder: root,
    doing: 'compare two commits',
    args: ['rev-list', '--count', '--max-count=1', a, `^${b}`, '--'],
  };
  const outcome = await runGit(call);
  if (outcome.exitCode === 0) return outcome.stdout.toString('utf8').trim() === '0';
  if (unknownCommit.test(outcome.stderr)) return false;
  throw gitFailed(call, outcome);
}
