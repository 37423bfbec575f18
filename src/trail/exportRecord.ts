import { PromptAuditError } from '../core/errors.js';
import type { Digest } from '../core/ids.js';
import { countExceptions } from '../report/exceptions.js';
import { declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import type { EvidenceWritten } from './exportApi.js';
import type { Gathered } from './exportGather.js';

/** Nothing may be handed out from what is not the ledger. Throws `ledger.damaged`. */
export async function assertWhole(context: TrailContext): Promise<void> {
  await context.store.refresh();
  const { damage } = context;
  if (damage === null) return;
  throw new PromptAuditError({
    code: 'ledger.damaged',
    message: `Nothing is handed out from a damaged ledger. ${damage.message}`,
    remedy: damage.remedy,
  });
}

export interface HandedOut {
  readonly kind: 'Export' | 'Report';
  readonly out: string;
  readonly files: number;
  readonly bytes: number;
  readonly rows: number;
  readonly sums: Digest;
  readonly counts: Readonly<Record<string, number>>;
}

/** Records that evidence was made, before it gets its name: nobody has it without the trail saying so. */
export async function recordExport(
  context: TrailContext,
  { view, method, exceptions }: Gathered,
  handed: HandedOut,
): Promise<EvidenceWritten> {
  const { kind, ...written } = handed;
  const { files, rows, sums } = written;
  const { scope } = method;
  const who = await declareActor(context);
  const event = await context.transact((tx) =>
    tx.append({
      type: 'trail.exported',
      who,
      refs: { sums },
      body: { scope: `${kind}: ${scope}`, files, rows },
      identity: 'git',
    }),
  );
  return {
    ...written,
    scope,
    event: event.id,
    ledger: view.point,
    unsynced: Math.max(0, view.point.size - view.syncedSize),
    generatedAt: view.generatedAt,
    exceptions: countExceptions(exceptions),
    caveats: method.caveats,
  };
}
