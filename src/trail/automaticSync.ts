import { PromptAuditError, isErrorCode } from '../core/errors.js';
import { withPatience } from '../git/patience.js';
import type { TrailContext } from './context.js';
import { sync } from './sync.js';
import type { SyncProblem, SyncReport } from './syncApi.js';
import { noteSynced, syncProblem } from './syncState.js';

/** Milliseconds that git may take for one fetch or push that nobody waits for. */
const patience = 30_000;

const minute = 60_000;
/** How long a problem is left alone at least and at most, in milliseconds; others are tried again at once. */
const pauses: Readonly<Record<string, readonly [least: number, most: number]>> = {
  'sync.refused': [5 * minute, 4 * 60 * minute],
  'git.timeout': [minute, 15 * minute],
};

/**
 * When a sync that nobody asked for may try again, in milliseconds since 1970: after as long as the problem has
 * lasted, so that the pauses double. 0 where nothing has to wait.
 */
function retryAt({ code, at, since }: SyncProblem): number {
  const limits = pauses[code];
  if (limits === undefined) return 0;
  const [least, most] = limits;
  const last = Date.parse(at);
  return last + Math.min(most, Math.max(least, last - Date.parse(since)));
}

/**
 * Runs a sync that nobody asked for. A refusal that does not pass by itself is not tried again and again: until
 * its pause is over this only receives, where the remote can be read, and then throws what was refused.
 * `exchange`: the sync with all that belongs to it. Throws what it throws.
 */
export async function automaticSync(
  context: TrailContext,
  exchange: () => Promise<SyncReport>,
): Promise<SyncReport> {
  const problem = await syncProblem(context);
  // A clock that was set back must not stop syncs for long.
  const now = Date.now();
  const isTried = problem === null || now >= retryAt(problem) || now < Date.parse(problem.at);
  if (isTried) return withPatience(patience, exchange);
  if (problem.reasons.includes('push.refused')) {
    const report = await withPatience(patience, () => sync(context, { receiveOnly: true }));
    if (context.store.syncedSize === context.store.size) {
      await noteSynced(context);
      return report;
    }
  }
  throw again(problem);
}

function again(problem: SyncProblem): PromptAuditError {
  const { code, message, remedy, reasons } = problem;
  return new PromptAuditError({
    code: isErrorCode(code) ? code : 'sync.refused',
    message,
    remedy: `${remedy} Or try at once with: prompt-audit sync`,
    reasons,
  });
}
