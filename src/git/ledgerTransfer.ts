import { setTimeout as wait } from 'node:timers/promises';
import { PromptAuditError } from '../core/errors.js';
import { gitFailed } from './gitErrors.js';
import { durable, neutralIdentity, resolveRef } from './ledgerCommit.js';
import { assertBranchName, assertObjectId, assertRemoteName } from './names.js';
import { refused, remoteFailure } from './remoteErrors.js';
import { runGit, type GitCall, type GitOutcome } from './runGit.js';

const networkTimeout = 120_000;
const lockAttempts = 5;

/** Two processes of this clone that fetch at the same moment. */
const locked = /cannot lock ref|Unable to create '[^']*\.lock'|unable to update local ref/;

/** Reasons of a host that only mean: somebody else was faster. */
const outrun =
  /non-fast-forward|fetch first|stale info|cannot lock ref|failed to (update ref|lock)|incorrect old value|reference already exists|already exists/i;

/**
 * The commit of a branch of the remote as it stands now, with all its objects; null where the remote has
 * no such branch. Changes only refs/prompt-audit/remotes/<remote>/<branch>.
 * Throws `sync.offline`, `sync.refused`, `git.timeout`, `git.failed`.
 */
export async function fetchBranch(
  root: string,
  remote: string,
  branch: string,
): Promise<string | null> {
  assertRemoteName(remote);
  assertBranchName(branch);
  const ref = `refs/prompt-audit/remotes/${remote}/${branch}`;
  const call: GitCall = {
    folder: root,
    doing: `fetch the ledger from ${remote}`,
    args: [
      'fetch',
      // Not quiet: simple-git waits 50 ms for the output of a silent program.
      '--verbose',
      '--no-progress',
      '--no-tags',
      '--no-prune',
      '--no-write-fetch-head',
      '--no-recurse-submodules',
      '--no-show-forced-updates',
      '--refmap=',
      '--',
      remote,
      `+refs/heads/${branch}:${ref}`,
    ],
    config: [...durable, 'fetch.writeCommitGraph=false'],
    env: { ...neutralIdentity, ...(await sshWithoutQuestions(root)) },
    timeout: networkTimeout,
  };
  for (let attempt = 1; ; attempt++) {
    const outcome = await runGit(call);
    if (outcome.exitCode === 0) return resolveRef(root, ref);
    if (/couldn't find remote ref/i.test(outcome.stderr)) return null;
    if (!locked.test(outcome.stderr)) throw remoteFailure(remote, call, outcome);
    if (attempt === lockAttempts) throw gitFailed(call, outcome);
    await wait(Math.random() * 50 * attempt);
  }
}

/**
 * Pushes a commit to a branch, never with force. `rejected`: somebody else was faster; all other refusals
 * throw `sync.refused`. `expectedOld` is the tip that the commit was made for; a push that finds the branch
 * deleted meanwhile puts it back and throws `sync.rewritten`.
 */
export async function pushBranch(
  root: string,
  remote: string,
  branch: string,
  commit: string,
  expectedOld: string | null,
): Promise<'pushed' | 'rejected'> {
  const { call, outcome, line } = await runPush(root, {
    doing: `push the ledger to ${remote}`,
    remote,
    branch,
    commit,
    force: '--no-force',
  });
  if (line?.startsWith('!')) {
    const reason = line.split('\t').at(-1) ?? '';
    if (outrun.test(reason)) return 'rejected';
    throw refusedPush(remote, outcome, reason);
  }
  if (outcome.exitCode !== 0) throw remoteFailure(remote, call, outcome);
  if (line?.startsWith('*') && expectedOld !== null) throw branchWasDeleted(remote, branch);
  return 'pushed';
}

/** One push of a commit to one branch, and nothing else that the user's configuration would add. */
export interface Push {
  /** What it is for, as errors say it. */
  readonly doing: string;
  readonly remote: string;
  readonly branch: string;
  readonly commit: string;
  /** Whether, and under which condition, history may be replaced. */
  readonly force: '--no-force' | `--force-with-lease=${string}`;
}

/** Runs a push and gives the line of git's answer that is about the branch. Throws `git.missing`, `git.timeout`. */
export async function runPush(
  root: string,
  { doing, remote, branch, commit, force }: Push,
): Promise<{ call: GitCall; outcome: GitOutcome; line: string | undefined }> {
  assertRemoteName(remote);
  assertBranchName(branch);
  assertObjectId(commit);
  const call: GitCall = {
    folder: root,
    doing,
    args: [
      'push',
      '--porcelain',
      '--no-progress',
      '--no-verify',
      '--no-signed',
      '--no-follow-tags',
      '--no-mirror',
      '--recurse-submodules=no',
      force,
      '--',
      remote,
      `${commit}:refs/heads/${branch}`,
    ],
    config: ['push.pushOption='],
    env: await sshWithoutQuestions(root),
    timeout: networkTimeout,
  };
  const outcome = await runGit(call);
  const lines = outcome.stdout.toString('utf8').split('\n');
  return { call, outcome, line: lines.find((text) => text.includes(`:refs/heads/${branch}\t`)) };
}

/** A push that the host refused: in its own words where it has any. */
export const refusedPush = (
  remote: string,
  { stderr }: GitOutcome,
  reason: string,
): PromptAuditError => refused(remote, /^remote: /m.test(stderr) ? stderr : reason);

/** ssh in batch mode, unless the user has an ssh command of their own, which must stay as it is. */
async function sshWithoutQuestions(root: string): Promise<Record<string, string>> {
  if (process.env['GIT_SSH'] !== undefined || process.env['GIT_SSH_COMMAND'] !== undefined)
    return {};
  const configured = await runGit({
    folder: root,
    doing: 'read core.sshCommand',
    args: ['config', '--default', '', '--get', 'core.sshCommand'],
  });
  return configured.stdout.toString('utf8').trim() === ''
    ? { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' }
    : {};
}

function branchWasDeleted(remote: string, branch: string): PromptAuditError {
  return new PromptAuditError({
    code: 'sync.rewritten',
    message: `Somebody deleted the branch ${branch} on ${remote} during the sync. It was put back, with all events.`,
    remedy: 'Protect that branch against deletion, then sync again.',
  });
}
