import { PromptAuditError } from '../core/errors.js';
import { isAncestorCommit } from './ancestry.js';
import { blockedPush, isLocked, isNameConflict } from './blockedPush.js';
import { forgetEvidence } from './evidence.js';
import { durable, localLedgerRef, neutralIdentity } from './ledgerCommit.js';
import { fetchBranch, refusedPush, runPush } from './ledgerTransfer.js';
import { assertBranchName, assertObjectId, isObjectId } from './names.js';
import { remoteFailure } from './remoteErrors.js';
import { remoteNames } from './remotes.js';
import { gitText, runGit } from './runGit.js';

/** Writing all packs again. */
const housekeepingTimeout = 30 * 60_000;

/** What drops the old objects of a clone; it drops all other unreachable ones, too. */
export const pruneCommand =
  'git -c gc.reflogExpire=never -c gc.reflogExpireUnreachable=never gc --prune=now';

/** Number of commits that a commit stands on, itself included. Throws `git.failed`. */
export async function countCommits(root: string, commit: string): Promise<number> {
  assertObjectId(commit);
  const text = await gitText({
    folder: root,
    doing: 'count the commits of the ledger',
    args: ['rev-list', '--count', commit, '--'],
  });
  return Number(text);
}

/** A commit without parents that has exactly the tree of `tip`. No ref changes. Throws `git.failed`, `disk.full`. */
export async function writeRootCommit(root: string, tip: string, message: string): Promise<string> {
  assertObjectId(tip);
  const date = `${Math.floor(Date.now() / 1000)} +0000`;
  return gitText({
    folder: root,
    doing: 'write a commit of the ledger',
    args: ['commit-tree', '--no-gpg-sign', `${tip}^{tree}`],
    config: [...durable, 'i18n.commitEncoding=UTF-8'],
    env: { ...neutralIdentity, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    input: `${message}\n`,
  });
}

/**
 * Makes `commit` the remote branch's tip if it stands at `expected` (null: is not there), whatever its history. The one
 * push with force in this program; it names that branch only. Throws `sync.busy` when the branch moved,
 * `sync.refused` where the host does not permit it, `sync.offline`, `git.timeout`, `git.failed`.
 */
export async function replaceBranch(
  root: string,
  remote: string,
  branch: string,
  commit: string,
  expected: string | null,
): Promise<void> {
  if (expected !== null) assertObjectId(expected);
  const { call, outcome, line } = await runPush(root, {
    doing: `replace the history of the ledger on ${remote}`,
    remote,
    branch,
    commit,
    force: `--force-with-lease=refs/heads/${branch}:${expected ?? ''}`,
  });
  if (line?.startsWith('!')) {
    const reason = line.split('\t').at(-1) ?? '';
    if (isNameConflict(outcome, reason)) throw blockedPush(remote, outcome, reason);
    if (isLocked(outcome, reason) && (await fetchBranch(root, remote, branch)) === expected)
      throw blockedPush(remote, outcome, reason);
    if (/stale info|cannot lock ref|incorrect old value|failed to (update ref|lock)/i.test(reason))
      throw moved(remote, branch);
    throw notPermitted(remote, branch, refusedPush(remote, outcome, reason));
  }
  if (outcome.exitCode !== 0) throw remoteFailure(remote, call, outcome);
}

/**
 * Lets go of everything in this clone that leads to the commits before a purge: remote-tracking refs of the
 * ledger branch that do not lead up to `tip`, commits that were kept as evidence (their checkpoints stay), and the
 * reflogs of all refs of it. Throws `git.failed`.
 */
export async function forgetOldLedger(root: string, branch: string, tip: string): Promise<void> {
  assertBranchName(branch);
  const refs = await trackingRefs(root, branch);
  for (const [ref, commit] of refs) {
    if (await isAncestorCommit(root, commit, tip)) continue;
    await gitText({
      folder: root,
      doing: `forget ${ref}`,
      args: ['update-ref', '-z', '--stdin'],
      config: durable,
      input: `delete ${ref}\0${commit}\0`,
    });
  }
  await forgetEvidence(root);
  for (const ref of [localLedgerRef, ...refs.keys()]) await dropReflog(root, ref);
}

/** The refs that say where the ledger branches of remotes were seen, and the commits they name. */
async function trackingRefs(root: string, branch: string): Promise<ReadonlyMap<string, string>> {
  const text = await gitText({
    folder: root,
    doing: 'list the refs of the ledger',
    args: [
      'for-each-ref',
      '--format=%(objectname) %(refname)',
      '--',
      'refs/prompt-audit/remotes/',
      'refs/remotes/',
    ],
  });
  const names = (await remoteNames(root)).map((remote) => `${remote}/${branch}`);
  const wanted = new Set(
    names.flatMap((name) => [`refs/prompt-audit/remotes/${name}`, `refs/remotes/${name}`]),
  );
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [commit = '', ref = ''] = line.split(' ');
    if (wanted.has(ref) && isObjectId(commit)) found.set(ref, commit);
  }
  return found;
}

async function dropReflog(root: string, ref: string): Promise<void> {
  const doing = `forget the log of ${ref}`;
  const args = ['reflog', 'exists', ref];
  if ((await runGit({ folder: root, doing, args })).exitCode !== 0) return;
  await gitText({ folder: root, doing, args: ['reflog', 'expire', '--expire=now', ref] });
}

/** Drops all unreachable objects of this clone, the user's own, too. Throws `git.failed`, `git.timeout`. */
export async function pruneObjects(root: string): Promise<void> {
  await gitText({
    folder: root,
    doing: 'drop the unreachable objects',
    args: ['gc', '--prune=now', '--quiet'],
    config: [...durable, 'gc.reflogExpire=never', 'gc.reflogExpireUnreachable=never'],
    timeout: housekeepingTimeout,
  });
}

function moved(remote: string, branch: string): PromptAuditError {
  return new PromptAuditError({
    code: 'sync.busy',
    message: `Somebody synced with ${remote} in this moment, so the branch ${branch} was left as it is.`,
    remedy: 'Run it again.',
  });
}

function notPermitted(remote: string, branch: string, cause: PromptAuditError): PromptAuditError {
  return new PromptAuditError({
    code: 'sync.refused',
    message: `${cause.message} Nothing was changed.`,
    remedy: `Replacing a history needs a push with force, and ${remote} protects the branch ${branch} against it, as it should. An administrator has to permit force pushes to that branch for a moment (on a server of your own: receive.denyNonFastForwards=false); run this again, then protect it again.`,
    cause,
  });
}
