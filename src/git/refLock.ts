import { stat, unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gitText, runGit, type GitCall, type GitOutcome } from './runGit.js';

const attempts = 5;
/** Milliseconds. git holds the lock of a ref for an instant; one of this age belongs to a process that was killed. */
const staleAfter = 10 * 60_000;

/** The lock file of a ref is there already. */
const lockHeld = /Unable to create '[^']*\.lock'/;

/**
 * Runs a git that moves a ref of ours, again while another process moves it: as long as what it says fits
 * `busy`. A lock that a killed git left behind is taken away; no other program writes below refs/prompt-audit.
 */
export async function runUnlocked(
  call: GitCall,
  ref: `refs/prompt-audit/${string}`,
  busy: RegExp = lockHeld,
): Promise<GitOutcome> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await runGit(call);
    if (outcome.exitCode === 0 || !busy.test(outcome.stderr)) return outcome;
    const isLast = attempt >= attempts;
    if (isLast && (attempt > attempts || !(await removeStaleLock(call.folder, ref))))
      return outcome;
    if (!isLast) await wait(Math.random() * 50 * attempt);
  }
}

/** False where there is no lock of such an age. */
async function removeStaleLock(root: string, ref: string): Promise<boolean> {
  const path = await gitText({
    folder: root,
    doing: 'find the lock of the ledger ref',
    args: ['rev-parse', '--git-path', `${ref}.lock`],
  });
  const lock = resolve(root, path);
  try {
    if (Date.now() - (await stat(lock)).mtimeMs < staleAfter) return false;
    await unlink(lock);
    return true;
  } catch {
    // Its owner let go of it meanwhile, or nobody here may: git says which.
    return false;
  }
}
