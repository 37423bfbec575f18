import { activeRows } from '../core/activeRows.js';
import { authorisedRedactions } from '../core/redaction.js';
import { baseDataOf } from './baseData.js';
import { heldRedactions } from './redactedBytes.js';
import type { Replica } from './replica.js';
import { sizeInFile } from './sqliteFile.js';

/** Stores the part of the ledger whose order is final and that the files hold, when much of it is new. */
export async function keepSnapshot(replica: Replica): Promise<void> {
  const { memory, file, combined, context, clone } = replica;
  if (memory === null || file === null || combined?.file !== 'good') return;
  const folded = sizeInFile(file);
  const final = clone.remote === null ? memory.size : memory.syncedSize;
  const size = Math.min(folded, final);
  if (size - replica.snapshotSize < context.snapshotEvery) return;
  if (size < (memory.base?.size ?? 0) || heldRedactions(memory).length > 0) return;
  if (!replica.isClean(authorisedRedactions(memory.state).size)) return;
  const part = size === memory.size ? memory : memory.upTo(size);
  // What is found out once and for all is stored, too: whoever opens the ledger asks for it first.
  activeRows(part.state, part.size, { prompt: null, env: null, at: null });
  if (await replica.snapshots.write(baseDataOf(part))) replica.snapshotSize = size;
}

/** The same when those are served who wait for the ledger. What fails then is met again by whoever reads it. */
export function keepSnapshotSoon(replica: Replica): void {
  setImmediate(() => void keepSnapshot(replica).catch(() => undefined));
}
