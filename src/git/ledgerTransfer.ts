import { PromptAuditError } from '../core/errors.js';
import { isBranchAbsent } from './absentBranch.js';
import { blockedPush, isNameConflict } from './blockedPush.js';
import { gitFailed } from './gitErrors.js';
import { durable, neutralIdentity, resolveRef } from './ledgerCommit.js';
import { looseRef } from './looseRef.js';
import { assertBranchName, assertObjectId, assertRemoteName } from './names.js';
import { fetchMissing } from './missingObjects.js';
import { runUnlocked } from './refLock.js';
import { refused, remoteFailure } from './remoteErrors.js';
import { runGit, type GitCall, type GitOutcome } from './runGit.js';
import { lacksBranchForPushes, twoRepositories } from './splitRemote.js';
import { transferSettings, type TransferSettings } from './transferSettings.js';

const networkTimeout = 120_000;

export interface Exchange {
  /** Also what the filter of a partial clone leaves out. */
  readonly whole?: boolean;
  /** In which git sees what is pushed; needed for objects in quarantine. */
  readonly env?: Readonly<Record<string, string>>;
  /** How the remote is reached, where it was read a moment ago. */
  readonly settings?: TransferSettings | undefined;
  /** The folder that all work trees share, where it is known: then one run of git less. */
  readonly commonDir?: string;
}

const mostAttempts = 5;

/** Two processes of this clone that fetch at the same moment. */
const locked = /cannot lock ref|Unable to create '[^']*\.lock'|unable to update local ref/;

/** Reasons of a host that mean: somebody else was faster. It is so only where the branch has moved. */
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
  { whole = false, settings, commonDir }: Exchange = {},
): Promise<string | null> {
  assertRemoteName(remote);
  assertBranchName(branch);
  const { ssh, isPartial } = settings ?? (await transferSettings(root, remote));
  const ref = `refs/prompt-audit/remotes/${remote}/${branch}` as const;
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
      ...(whole ? ['--no-filter'] : []),
      '--refmap=',
      '--',
      remote,
      `+refs/heads/${branch}:${ref}`,
    ],
    // Two versions of one file take less room as a pack of their differences than as loose objects.
    config: [...durable, 'fetch.writeCommitGraph=false', 'fetch.unpackLimit=5'],
    env: { ...neutralIdentity, ...ssh },
    network: true,
    timeout: networkTimeout,
  };
  for (let attempt = 1; ; attempt++) {
    const outcome = await runUnlocked(call, ref, locked);
    if (outcome.exitCode === 0) {
      const tip = (commonDir && (await looseRef(commonDir, ref))) || (await resolveRef(root, ref));
      if (whole && isPartial && tip !== null)
        await fetchMissing(root, remote, tip, { env: ssh, timeout: networkTimeout });
      return tip;
    }
    if (!/couldn't find remote ref/i.test(outcome.stderr)) {
      if (locked.test(outcome.stderr)) throw gitFailed(call, outcome);
      throw remoteFailure(remote, call, outcome);
    }
    if (await isBranchAbsent(call, remote, branch)) return null;
    // Somebody may have made it just now.
    if (attempt === mostAttempts) throw gitFailed(call, outcome);
  }
}

/** A push that found the branch moved, or at least says so. */
export interface Rejected {
  /** What to tell where the branch turns out to stand where it stood: then nobody was faster. */
  readonly blocked: PromptAuditError;
}

/**
 * Pushes a commit to a branch, never with force. Gives `Rejected` where somebody else was faster; all other refusals
 * throw `sync.refused`. `expectedOld` is the tip that the commit was made for; a push that finds the branch
 * deleted or set back meanwhile puts it back and throws `sync.rewritten`.
 */
export async function pushBranch(
  root: string,
  remote: string,
  branch: string,
  commit: string,
  expectedOld: string | null,
  { env, settings }: Exchange = {},
): Promise<'pushed' | Rejected> {
  const known = settings ?? (await transferSettings(root, remote));
  const doing = `push the ledger to ${remote}`;
  const { pushRemote } = known;
  if (expectedOld !== null) {
    const to = { folder: root, doing, timeout: networkTimeout };
    // Somebody may have deleted it just now: then both have none.
    const isThere = async () => (await fetchBranch(root, remote, branch)) !== null;
    if ((await lacksBranchForPushes(to, known, branch)) && (await isThere()))
      throw twoRepositories(remote, pushRemote, 'nothing');
  }
  const { call, outcome, line, splits } = await runPush(root, {
    doing,
    remote,
    branch,
    commit,
    force: '--no-force',
    env,
    settings: known,
  });
  if (line?.startsWith('!')) {
    const reason = line.split('\t').at(-1) ?? '';
    if (isNameConflict(outcome, reason)) throw blockedPush(remote, outcome, reason);
    if (outrun.test(reason))
      return {
        blocked:
          splits && /fetch first|non-fast-forward|stale info/i.test(reason)
            ? twoRepositories(remote, pushRemote, 'nothing')
            : blockedPush(remote, outcome, reason),
      };
    // It may stand there all the same; the next fetch shows it.
    if (/failed to report status/.test(reason))
      throw remoteFailure(remote, call, { ...outcome, stderr: `${outcome.stderr}\n${reason}` });
    throw refusedPush(remote, outcome, reason);
  }
  if (outcome.exitCode !== 0) throw remoteFailure(remote, call, outcome, ['push.refused']);
  const isNew = line?.startsWith('*') === true;
  const isElsewhere =
    line?.startsWith(' ') === true && expectedOld !== null && !stoodAt(line, expectedOld);
  const isDoubtful = isNew || isElsewhere || expectedOld === null;
  if (splits && isDoubtful && (await fetchBranch(root, remote, branch)) !== commit)
    throw twoRepositories(remote, pushRemote, isNew ? 'created' : 'moved');
  if (isNew && expectedOld !== null) throw branchWasDeleted(remote, branch);
  if (isElsewhere) throw branchWasRolledBack(remote, branch);
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
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly settings?: TransferSettings | undefined;
}

export interface PushAnswer {
  readonly call: GitCall;
  readonly outcome: GitOutcome;
  /** What git says of the branch. */
  readonly line: string | undefined;
  /** The remote has another address for pushes than for fetches. */
  readonly splits: boolean;
}

/** Runs a push and gives the line of git's answer that is about the branch. Throws `git.missing`, `git.timeout`. */
export async function runPush(
  root: string,
  { doing, remote, branch, commit, force, env = {}, settings }: Push,
): Promise<PushAnswer> {
  assertRemoteName(remote);
  assertBranchName(branch);
  assertObjectId(commit);
  const { ssh, pushRemote } = settings ?? (await transferSettings(root, remote));
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
      pushRemote?.name ?? remote,
      `${commit}:refs/heads/${branch}`,
    ],
    config: ['push.pushOption='],
    settings: pushRemote?.settings ?? [],
    env: { ...ssh, ...env },
    network: true,
    timeout: networkTimeout,
  };
  const outcome = await runGit(call);
  const lines = outcome.stdout.toString('utf8').split('\n');
  const line = lines.find((text) => text.includes(`:refs/heads/${branch}\t`));
  return { call, outcome, line, splits: pushRemote?.splits === true };
}

/** A push that the host refused: in its own words where it has any. */
export const refusedPush = (
  remote: string,
  { stderr }: GitOutcome,
  reason: string,
): PromptAuditError =>
  refused(remote, /^remote: /m.test(stderr) ? `${stderr}\n${reason}` : reason, ['push.refused']);

/** Whether git says that a branch which it moved on (`<old>..<new>`) stood at this commit. */
function stoodAt(line: string, commit: string): boolean {
  const old = /^([0-9a-f]+)\.\./.exec(line.split('\t')[2] ?? '')?.[1];
  return old === undefined || commit.startsWith(old);
}

function branchWasRolledBack(remote: string, branch: string): PromptAuditError {
  return new PromptAuditError({
    code: 'sync.rewritten',
    message: `Somebody set the branch ${branch} on ${remote} back during the sync. It was put back, with all events.`,
    remedy: 'Protect that branch against pushes with force, then sync again.',
  });
}

function branchWasDeleted(remote: string, branch: string): PromptAuditError {
  return new PromptAuditError({
    code: 'sync.rewritten',
    message: `Somebody deleted the branch ${branch} on ${remote} during the sync. It was put back, with all events.`,
    remedy: 'Protect that branch against deletion, then sync again.',
  });
}
