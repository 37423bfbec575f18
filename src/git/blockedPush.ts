import { PromptAuditError } from '../core/errors.js';
import { printable } from './gitErrors.js';
import { refused } from './remoteErrors.js';
import { remoteSetting } from './remotes.js';
import type { GitOutcome } from './runGit.js';

/** Two branches of which one's name is a folder of the other's: no host can have both. */
const nameConflict = /exists; cannot create|refname conflict|directory.file conflict/i;

const lockLeft = /cannot lock ref|failed to (update ref|lock)|Unable to create '[^']*\.lock'/i;

/** Another push in this moment gives most of the same answers; this one it never gives. */
export const isNameConflict = ({ stderr }: GitOutcome, reason: string): boolean =>
  nameConflict.test(`${stderr}\n${reason}`);

/** What a push in the same moment says, and a lock that is left at the remote. */
export const isLocked = ({ stderr }: GitOutcome, reason: string): boolean =>
  lockLeft.test(`${stderr}\n${reason}`);

/** As far as it can be put into a command. */
const branchInTheWay = /'refs\/heads\/(prompt-audit\/[\w./-]{1,100})' exists/;

const kept = 'Everything is recorded here.';

/**
 * A push that the remote refused as if somebody had been faster, although nobody moved the branch: `sync.refused`
 * in the remote's words, and what helps. `reason` is git's word for the branch.
 */
export function blockedPush(
  remote: string,
  { stderr }: GitOutcome,
  reason: string,
): PromptAuditError {
  const said = `${stderr}\n${reason}`;
  const name = printable(remote);
  const { code, message, reasons } = refused(remote, /^remote: /m.test(stderr) ? said : reason, [
    'push.refused',
  ]);
  return new PromptAuditError({ code, message, remedy: `${kept} ${wayOut(said, name)}`, reasons });
}

function wayOut(said: string, remote: string): string {
  if (nameConflict.test(said)) {
    const other = branchInTheWay.exec(said)?.[1];
    return other === undefined
      ? 'A branch whose name begins with prompt-audit/ is in the way of the branch prompt-audit: have it renamed or deleted there, then sync again.'
      : `The branch ${other} is in the way of the branch prompt-audit. Have it renamed, or delete it with: git push ${remote} --delete ${other}`;
  }
  if (lockLeft.test(said))
    return 'No other push moved the branch. Most likely a git that was ended there left a lock: once no git is at work in that repository, let its administrator delete refs/heads/prompt-audit.lock in it, then sync again.';
  return `What git reads there is not what it pushes to: an old copy answers for it, or it has two addresses. Compare them (git remote get-url ${remote}, and the same with --push), or name a remote that is one repository with: git config ${remoteSetting} NAME`;
}
