import { PromptAuditError } from '../core/errors.js';
import { printable } from './gitErrors.js';
import { remoteFailure } from './remoteErrors.js';
import { runGit, type GitCall } from './runGit.js';

/** A line of git's trace that shows something which the other side said in git's protocol. */
const spoken = /packet: .*</;

/**
 * Whether the remote says that it has no such branch. git takes an answer that broke off in its head, or the
 * empty page of a login gate, for an old server without any branch: so what counts is an answer in git's own
 * protocol. Throws `sync.offline` where there is none, and what `remoteFailure` gives.
 */
export async function isBranchAbsent(
  fetch: GitCall,
  remote: string,
  branch: string,
): Promise<boolean> {
  const ref = `refs/heads/${branch}`;
  const call: GitCall = {
    ...fetch,
    args: ['ls-remote', '--', remote, ref],
    env: { ...fetch.env, GIT_TRACE_PACKET: '1' },
  };
  const outcome = await runGit(call);
  const { stderr } = outcome;
  if (outcome.exitCode !== 0) {
    const own = stderr.split('\n').filter((line) => !/packet: /.test(line));
    throw remoteFailure(remote, call, { ...outcome, stderr: own.join('\n') });
  }
  if (outcome.stdout.toString('utf8').includes(`\t${ref}\n`)) return false;
  if (spoken.test(stderr)) return true;
  throw new PromptAuditError({
    code: 'sync.offline',
    message: `Something answers at the address of ${printable(remote)}, but not as a git server does.`,
    remedy:
      'Everything is recorded here. See whether this network asks for a login in the browser, and check the address, then sync again.',
  });
}
