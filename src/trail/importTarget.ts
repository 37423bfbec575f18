import { PromptAuditError } from '../core/errors.js';
import type { PersonId } from '../core/ids.js';
import type { LedgerPoint } from '../core/rows.js';
import { offeredContents } from '../ledger/offeredContents.js';
import type { LedgerTransaction } from '../ledger/transaction.js';
import { actingIdentity, declareActor, personDrafts } from './actor.js';
import type { TrailContext } from './context.js';
import { stageLedger, type Stage } from './stageLedger.js';
import { isPassingSyncError, sync } from './sync.js';
import { rememberingProblems } from './syncState.js';

/** Where an import records. */
export interface ImportTarget {
  /** Events that are gathered before they are written. */
  readonly portion: number;
  /** Records what `work` appends, all of it or nothing. Throws `Outrun`. */
  write<T>(work: (tx: LedgerTransaction, who: PersonId) => T): Promise<T>;
}

/** Others recorded something since it was planned what to record: it has to be planned again. */
export class Outrun extends Error {}

/** A ledger that nobody shares. */
export async function ownTarget(context: TrailContext): Promise<ImportTarget> {
  const who = await declareActor(context);
  return { portion: 1, write: (work) => context.transact((tx) => work(tx, who)) };
}

/**
 * A ledger with a remote: what is imported are events only when the remote takes them, as with what observation finds,
 * so clones that import at once record everything once. What the remote knows is fetched first. `progress` tells
 * what was kept so far. Throws `identity.missing`, and as `sync` does.
 */
export async function sharedTarget(
  context: TrailContext,
  progress: () => string,
): Promise<ImportTarget> {
  const identity = await actingIdentity(context.site);
  const exchange = (stage: Stage | null): Promise<unknown> =>
    rememberingProblems(context, () =>
      sync(context, stage === null ? { observe: true } : { stage, justFetched: true }),
    ).catch((error: unknown) => {
      throw error instanceof PromptAuditError ? notTaken(error, progress()) : error;
    });
  await exchange(null);
  let planned: Pick<LedgerPoint, 'size' | 'root'> = context.store.point();
  return {
    portion: 2000,
    async write(work) {
      let written: { readonly result: ReturnType<typeof work> } | null = null;
      const stage: Stage = async (_, git, parent) => {
        written = null;
        const offered = await context.store.reconcile((replica) =>
          offeredContents(replica, (tx) => {
            const { size, root } = context.store.point();
            if (size !== planned.size || root !== planned.root) return;
            const { person, drafts } = personDrafts(context.state, identity, null);
            for (const draft of drafts) tx.append(draft);
            written = { result: work(tx, person) };
          }),
        );
        if (offered === null) throw new Outrun();
        const staged = await stageLedger(context, git, parent, offered);
        after = staged.point;
        return staged;
      };
      let after = planned;
      await exchange(stage);
      // What this clone recorded at the same time stands behind it, and was not planned with.
      planned = after;
      return written!.result;
    },
  };
}

/** Why the import ends, what is kept of it, and what to do. */
function notTaken(error: PromptAuditError, kept: string): PromptAuditError {
  const { code, message, reasons, remedy } = error;
  return new PromptAuditError({
    code,
    message: `${message} ${kept}`,
    remedy: isPassingSyncError(error)
      ? 'Import again when the remote answers.'
      : `${remedy} Then import again.`,
    reasons,
    cause: error,
  });
}
