import { dirname } from 'node:path';
import type { LedgerId } from '../core/ids.js';
import { authorisedRedactions } from '../core/redaction.js';
import type { FoldRecord } from './cloneState.js';
import { eraseRedacted, holdsTargets, type ErasureReport } from './erasure.js';
import { stampOf } from './fileStamp.js';
import { isAboutHistory } from './findings.js';
import { foldInto, type Layout } from './fold.js';
import { adoptOrphans, keepInJournal, repairJournal } from './journalUpkeep.js';
import { removeLeftovers } from './leftovers.js';
import { placesOf } from './load.js';
import type { LedgerMemory } from './memory.js';
import type { Replica } from './replica.js';
import type { LedgerFile } from './sqliteFile.js';

/** Writes the journal into the files, and erases what was redacted; false when nothing was to be done. */
export async function fold(replica: Replica): Promise<boolean> {
  const folded = await foldFiles(replica);
  return (await eraseNew(replica)) || folded;
}

/** Erases what redactions name that arrived since the last time; false where there are none. */
export async function eraseNew(replica: Replica): Promise<boolean> {
  // Drafts and copies may hold what the ledger itself lost already, so each redaction is gone through once.
  const erased = replica.clone.folds[replica.context.file]?.erased ?? 0;
  const targets = new Set(authorisedRedactions(replica.writable().state).keys());
  const isChanged =
    replica.loaded?.isChanged === true || holdsTargets(replica.transactions, targets);
  if (targets.size <= erased && !(targets.size > 0 && isChanged)) return false;
  await erase(replica);
  return true;
}

/** Removes what authorised redactions name from everything that this clone keeps here. */
export async function erase(replica: Replica): Promise<ErasureReport> {
  // First the redactions themselves: a file must never lack something without a reason.
  await foldFiles(replica);
  const report = await eraseRedacted(replica);
  await foldFiles(replica);
  const record = replica.clone.folds[replica.context.file];
  const { ledger, state } = replica.writable();
  const erased = authorisedRedactions(state).size;
  if (record) await noteFold(replica, ledger, { ...record, erased });
  return report;
}

async function foldFiles(replica: Replica): Promise<boolean> {
  const memory = replica.writable();
  await repairJournal(replica, memory.ledger);
  await adoptOrphans(replica);
  return await writeFiles(replica, memory, replica.layout, null);
}

/** Makes the volumes hold exactly this ledger, on top of `remote` where that is a prefix of it. */
export async function writeFiles(
  replica: Replica,
  memory: LedgerMemory,
  layout: Layout,
  remote: LedgerFile | null,
): Promise<boolean> {
  await repairJournal(replica, memory.ledger);
  const { context, file: current } = replica;
  const record = replica.clone.folds[context.file] ?? null;
  const written = await foldInto({ context, memory, layout, current, record, remote });
  if (written === null) {
    if (record !== null) await noteFold(replica, memory.ledger, record);
    return false;
  }
  await noteFold(replica, memory.ledger, written.record);
  const loaded = replica.loaded!;
  loaded.files.forgetProvided();
  loaded.files.places = placesOf(context, written.layout.sealed, written.file);
  const { base } = memory;
  const { layout: now, file } = written;
  replica.loaded = { ...loaded, isFetched: false, ...now, file, base, findings: [] };
  replica.fileStamp = await stampOf(context.file);
  const { combined } = replica;
  const findings = (combined?.findings ?? []).filter(isAboutHistory);
  if (combined) replica.combined = { ...combined, file: 'good', findings, refusal: null };
  if (context.trimAfterFold) await keepInJournal(replica, []);
  await removeLeftovers([dirname(context.file), context.privateDir]);
  return true;
}

/** Remembers what the volumes hold, and up to where the journal is in them. */
async function noteFold(replica: Replica, ledger: LedgerId, written: FoldRecord): Promise<void> {
  const { head, end } = replica.journal;
  const { file } = replica.context;
  const { size, root, sha256, volumes } = written;
  const journal = head && { generation: head.generation, end };
  const old = replica.clone.folds[file];
  const erased = written.erased ?? old?.erased;
  const record = {
    size,
    root,
    sha256,
    ...(journal && { journal }),
    ...(volumes && { volumes }),
    ...(erased !== undefined && { erased }),
  };
  if (old !== undefined && JSON.stringify(old) === JSON.stringify(record)) return;
  const folds = { ...replica.clone.folds, [file]: record };
  await replica.saveClone({ ...replica.clone, ledger, folds });
}
