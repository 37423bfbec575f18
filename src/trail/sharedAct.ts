import { PromptAuditError } from '../core/errors.js';
import { withPatience } from '../git/patience.js';
import { automaticSync } from './automaticSync.js';
import type { TrailContext } from './context.js';
import { isPassingSyncError } from './sync.js';
import type { SyncReport } from './syncApi.js';
import { tellingWait } from './tellingWait.js';

/** Milliseconds that an act may wait for a remote that did not answer a moment ago: some need its policy. */
const shortPatience = 5_000;

/** One round with the remote; `justFetched`: another one was a moment ago. */
export type Exchange = (input: { readonly justFetched: boolean }) => Promise<SyncReport>;

/**
 * Acts on what others recorded, and shares the result; a passing network error only warns. `reread` gives the
 * result as it is after the sync. Throws what `act` throws.
 */
export async function sharedAct<T>(
  context: TrailContext,
  exchange: Exchange,
  act: () => Promise<T>,
  reread: (result: T) => T | Promise<T>,
): Promise<T> {
  const before = await trySync(context, exchange, false);
  const justFetched = before === 'synced';
  try {
    // What failed a moment ago would fail again, and keep somebody waiting twice.
    const result = await withPatience(before === 'failed' ? shortPatience : Infinity, act);
    if (before === 'failed') return result;
    const after = await trySync(context, exchange, justFetched);
    return after === 'synced' ? await reread(result) : result;
  } catch (error) {
    // A refusal is an event too, and so is what was signed before a failure: others should see it.
    const isShared = error instanceof PromptAuditError && /\.refused$|^signing\./.test(error.code);
    if (isShared && before !== 'failed') await trySync(context, exchange, justFetched);
    throw error;
  }
}

/** One automatic sync, where they are on and there is a remote. What stops it is a warning. */
export async function trySync(
  context: TrailContext,
  exchange: Exchange,
  justFetched: boolean,
): Promise<'off' | 'synced' | 'failed'> {
  const { options } = context;
  if (options.autoSync === false || (await context.remoteOrProblem()) === null) return 'off';
  try {
    await tellingWait(context, () => automaticSync(context, () => exchange({ justFetched })));
    return 'synced';
  } catch (error) {
    if (!(error instanceof PromptAuditError)) throw error;
    const prefix = isPassingSyncError(error) ? 'Not synced yet' : 'Sync stopped';
    context.warn(`${prefix}: ${error.message} ${error.remedy}`);
    return 'failed';
  }
}
