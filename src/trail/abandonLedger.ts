import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerPoint } from '../core/rows.js';
import { onDisk } from '../ledger/diskErrors.js';
import { withLock } from '../ledger/lock.js';
import type { TrailContext } from './context.js';
import { signersPath } from './policySource.js';
import { policyPath } from './protectedBranch.js';

/** A ledger that was just made, with its first events only. */
export interface Begun extends LedgerPoint {
  /** Paths, from the root, of the files that were written for it because the user had none. */
  readonly written: readonly string[];
}

/** What belongs to one ledger, and not to another. */
export const policyFiles: readonly string[] = [policyPath, signersPath];

/**
 * Sets a ledger that was just made aside, because another clone was faster: its files stay, under names
 * that end in `.abandoned-<time>`. False, and nothing changed, when anything else was recorded meanwhile.
 */
export async function abandonLedger(context: TrailContext, begun: Begun): Promise<boolean> {
  const { site, store } = context;
  const done = await withLock(join(site.privateDir, 'lock'), async () => {
    await store.refresh();
    const now = store.point();
    if (now.root !== begun.root || now.size !== begun.size || store.seen !== null) return false;
    const stamp = new Date().toISOString().replace(/[-:.]/g, '');
    // In this order what is left after a crash in the middle is still this ledger, whole.
    const files = [join(site.privateDir, 'clone.json'), join(site.privateDir, 'journal.jsonl')];
    const written = begun.written.filter((path) => policyFiles.includes(path));
    files.push(site.ledgerFile, ...written.map((path) => join(site.root, path)));
    for (const file of files) await setAside(file, `${file}.abandoned-${stamp}`);
    return true;
  });
  if (done) {
    context.warn(
      'Another clone was faster and shared its ledger. The one just made here was set aside (*.abandoned-*), and this clone joins the other.',
    );
  }
  return done;
}

async function setAside(file: string, aside: string): Promise<void> {
  await onDisk(file, async () => {
    const there = await stat(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (there) await rename(file, aside);
  });
}
