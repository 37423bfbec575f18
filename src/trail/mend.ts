import type { TrailContext } from './context.js';

/**
 * Puts damaged files right where all that they held is known from elsewhere (the journal, the local ledger ref),
 * as any write does: the broken file is kept beside it, and a warning says so. Throws `ledger.damaged` where
 * something is lost, and what LedgerStore.fold does.
 */
export async function mendFiles(context: TrailContext): Promise<void> {
  await context.store.refresh();
  if (context.damage !== null) await context.store.fold();
}
