import { PromptAuditError, isErrorCode } from '../core/errors.js';
import { withPatience } from '../git/patience.js';
import { retryAt } from './backoff.js';
import type { TrailContext } from './context.js';
import { pendingFacts } from './pending.js';
import { sync } from './sync.js';
import type { SyncProblem, SyncReport } from './syncApi.js';
import { lastFailure, noteSynced, rememberingFailure } from './syncState.js';

/** Milliseconds that git may take for one fetch or push that nobody waits for. */
const patience = 30_000;

/**
 * Runs a sync that nobody asked for. A refusal that does not pass by itself is not tried again and again, and
 * nobody waits twice within minutes for a remote that hangs: until the pause is over (`retryAt`) this only
 * receives, where the remote can be read, and then throws what was said before.
 * `exchange`: the sync with all that belongs to it. Throws what it throws.
 */
export async function automaticSync(
  context: TrailContext,
  exchange: () => Promise<SyncReport>,
): Promise<SyncReport> {
  const failed = await lastFailure(context);
  // A clock that was set back must not stop syncs for long.
  const now = Date.now();
  const at = failed === null ? 0 : retryAt({ ...failed.problem, waited: failed.waited });
  if (failed === null || now >= at || now < Date.parse(failed.problem.at))
    return withPatience(patience, exchange);
  const { problem } = failed;
  if (problem.reasons.includes('push.refused')) {
    const report = await withPatience(patience, () =>
      rememberingFailure(context, () => sync(context, { receiveOnly: true })),
    );
    const isAllSent = context.store.syncedSize === context.store.size;
    // What commits did becomes events only with a push.
    if (isAllSent && (await pendingFacts(context)).facts.length === 0) {
      await noteSynced(context);
      return report;
    }
  }
  throw again(problem, Math.ceil((at - now) / 60_000));
}

/** `minutes`: until the next try. */
function again(problem: SyncProblem, minutes: number): PromptAuditError {
  const { code, message, reasons, since } = problem;
  const next = `the next try by itself is in ${minutes} min`;
  const remedy = problem.passing
    ? `What is recorded here is sent later: ${next}. Or try at once with: prompt-audit sync`
    : `${problem.remedy} So it is since ${since.slice(0, 16).replace('T', ' ')} UTC; ${next}. Or try at once with: prompt-audit sync`;
  const known = isErrorCode(code) ? code : 'sync.refused';
  return new PromptAuditError({ code: known, message, remedy, reasons });
}
