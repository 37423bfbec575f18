import { unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LedgerEvent } from '../core/event.js';
import type { LedgerId } from '../core/ids.js';
import type { LedgerPoint } from '../core/rows.js';
import { addable } from './addable.js';
import { redactedTargets } from './attachmentCheck.js';
import { addAttachments, noAttachments } from './attachments.js';
import { rootOf } from './base.js';
import { withBodies } from './combine.js';
import { attachmentsNamed } from './digestsNamed.js';
import { onDisk } from './diskErrors.js';
import { setAside } from './fileOnDisk.js';
import { stampOf } from './fileStamp.js';
import type { Layout } from './fold.js';
import { eraseNew, fold, writeFiles } from './folding.js';
import { adoptOrphans, repairJournal } from './journalUpkeep.js';
import { entriesOf, type JournalEntry } from './journalCodec.js';
import { keepSnapshot } from './snapshotKeeping.js';
import { LedgerMemory } from './memory.js';
import { assertSound, commonGround, foreignGround, theirEvents } from './remoteGround.js';
import type { Replica } from './replica.js';
import {
  announce,
  assertOurs,
  assertWhole,
  attachmentsOf,
  dropHeld,
  seenVolumes,
  tailOf,
  type RemoteLedger,
  type RebaseWhere,
} from './storeSync.js';
import { volumePath, volumesThere } from './volumes.js';
import { worktreeFiles } from './worktreeFiles.js';
import { withoutSnapshot } from './withheld.js';

/** What came of joining two ledgers that contradict each other. */
export interface Reconciled {
  readonly point: LedgerPoint;
  /** Number of events of the other side that stand behind those that were decided for. */
  readonly added: number;
  /** Number of its events that could not. */
  readonly left: number;
  /** Names of the copies of what was replaced. */
  readonly copies: readonly string[];
}

export interface ReconcileHow {
  /** Only counts; nothing is written. */
  readonly dryRun: boolean;
}

export interface ReplaceHow extends ReconcileHow {
  /** Makes the local ledger ref name the remote's commit: before the notes of this clone say that it was taken. */
  readonly moveRef: () => Promise<void>;
}

/**
 * Keeps what this clone saw, in its order; what the remote has besides and may stand behind that comes next,
 * then what was never sent (LedgerStore.reconcile). Throws `sync.rewritten` where the remote cannot be read.
 */
export async function takeIn(
  replica: Replica,
  remote: RemoteLedger,
  { dryRun }: ReconcileHow,
): Promise<Reconciled> {
  await replica.refresh();
  replica.writable();
  assertSound(remote.open);
  assertOurs(replica, remote.open);
  await withoutSnapshot(replica);
  const memory = replica.writable();
  const theirs = await theirMemory(replica, remote);
  const { base, ledger, syncedSize } = memory;
  const tail = tailOf(memory);
  const count = Math.max(0, syncedSize - (base?.size ?? 0));
  const kept = tail.slice(0, count);
  const keptIds = new Set(kept.map(({ id }) => id));
  const candidates = eventsOf(theirs).filter(
    ({ id }) => !keptIds.has(id) && base?.seqOf(id) === undefined,
  );
  const fresh = candidates.filter(({ id }) => !memory.has(id));
  const attachments = noAttachments();
  addAttachments(attachments, memory.attachments);
  addAttachments(attachments, attachmentsNamed(candidates, attachmentsOf(theirs, candidates)));
  const redacted = redactedTargets(base, [...tail, ...fresh]);
  const full = withBodies(candidates, [tail], redacted);
  const accepted = addable({ base, kept, candidates: full, attachments, redacted });
  const taken = new Set(accepted.map(({ id }) => id));
  const added = accepted.filter(({ id }) => !memory.has(id));
  const result = { added: added.length, left: fresh.length - added.length, copies: [] };
  if (dryRun || added.length === 0) return { ...result, point: memory.point() };

  // First into the journal: what comes in must be durable before anything is moved.
  await repairJournal(replica, ledger);
  await adoptOrphans(replica);
  const entries = entriesOf(attachmentsNamed(added, attachments), added);
  await replica.journal.append(ledger, entries);
  replica.transactions.push(entries);
  const rest = tail.slice(count).filter(({ id }) => !taken.has(id));
  const order = withBodies([...kept, ...accepted, ...rest], [tail, accepted], redacted);
  dropHeld(attachments, base, redacted);
  const after = new LedgerMemory({ ledger, base, tail: order, synced: syncedSize, attachments });
  if (rootOf(base, order, memory.size) !== memory.root) await announce(replica, after);
  await writeFiles(replica, after, replica.layout, null);
  replica.install(after);
  await eraseNew(replica);
  await keepSnapshot(replica);
  return { ...result, point: after.point() };
}

/**
 * Takes the remote's ledger in place of the one here, which is kept in copies (`*.replaced-*`); what this clone
 * has besides and may stand behind it is recorded again (LedgerStore.reconcile). One write of the notes decides: a
 * crash before it leaves the ledger of before, from the local ref and the journal, and the same is done again; after
 * it the new one comes from there. Throws `sync.rewritten` where the remote cannot be taken.
 */
export async function replaceWith(
  replica: Replica,
  remote: RemoteLedger,
  where: RebaseWhere,
  { dryRun, moveRef }: ReplaceHow,
): Promise<Reconciled> {
  await replica.refresh();
  replica.writable();
  assertSound(remote.open);
  if (!dryRun) await fold(replica);
  await withoutSnapshot(replica);
  const before = replica.writable();
  const ground = commonGround(replica, remote) ?? (await foreignGround(replica, remote));
  const { base, layout } = ground;
  const ledger = remote.open.ledger!;
  const theirs = theirEvents(ground, remote);
  const there = new Set(theirs.map(({ id }) => id));
  const mine = eventsOf(before).filter(({ id }) => !there.has(id) && base?.seqOf(id) === undefined);
  const candidates = mine.filter(({ header }) => header.ledger === ledger);
  const attachments = noAttachments();
  addAttachments(attachments, remote.open.attachments);
  const all = [...theirs, ...candidates];
  addAttachments(attachments, attachmentsNamed(all, attachmentsOf(before, all)));
  const redacted = redactedTargets(base, all);
  const kept = withBodies(theirs, [eventsOf(before)], redacted);
  const added = addable({ base, kept, candidates, attachments, redacted });
  dropHeld(attachments, base, redacted);
  const order = withBodies([...kept, ...added], [added], redacted);
  const held = attachmentsNamed(order, attachments);
  assertWhole(base, kept, order, held, redacted);
  const size = (base?.size ?? 0) + theirs.length;
  const after = new LedgerMemory({ ledger, base, tail: order, synced: size, attachments: held });
  const result = { added: added.length, left: mine.length - added.length, point: after.point() };
  if (dryRun) return { ...result, copies: [] };

  const copies = await putAside(replica, result.left > 0);
  const again = added.length === 0 ? [] : [entriesOf(attachmentsNamed(added, held), added)];
  try {
    await takeOver(replica, { remote, where, layout, after, again, moveRef });
  } catch (error) {
    // What of it is done is on the disk; this process reads it when it goes on.
    const { folds } = replica.clone;
    await replica.reload(folds[replica.context.file]?.erased ?? 0).catch(() => undefined);
    throw error;
  }
  await eraseNew(replica);
  await keepSnapshot(replica);
  return { ...result, copies };
}

interface TakeOver extends Pick<ReplaceHow, 'moveRef'> {
  readonly remote: RemoteLedger;
  readonly where: RebaseWhere;
  readonly layout: Layout;
  readonly after: LedgerMemory;
  /** What this clone had besides. */
  readonly again: JournalEntry[][];
}

async function takeOver(
  replica: Replica,
  { remote, where, layout, after, again, moveRef }: TakeOver,
): Promise<void> {
  const { ledger, syncedSize: size } = after;
  const isOther = ledger !== replica.memory?.ledger;
  const { file: path, privateDir, platform } = replica.context;
  // Until then the file of before holds all that the journal did; it must not speak against the other ledger.
  if (!isOther) await rewriteWith(replica, ledger, again);
  await removeFile(path);
  await onDisk(path, () => platform.syncFolder(dirname(path)));
  await moveRef();
  const { commit, remote: name } = where;
  const seen = { size, root: after.rootAt(size)!, commit };
  const folds = { [path]: { size: after.size, root: after.root, sha256: notWritten } };
  await replica.saveClone({ ...replica.clone, ledger, remote: name, seen, folds });
  const notes = replica.clone;
  try {
    if (isOther) {
      await removeFile(join(privateDir, 'journal.jsonl'));
      await replica.journal.readNew();
      await rewriteWith(replica, ledger, again);
    }
    // Else it would be told that the file is gone.
    replica.clone = { ...notes, folds: {} };
    replica.loaded = { ...replica.loaded!, file: null };
    if (replica.combined)
      replica.combined = { ...replica.combined, ledger, file: 'absent', findings: [], orphans: [] };
    await writeFiles(replica, after, layout, remote.open);
  } finally {
    if (Object.keys(replica.clone.folds).length === 0) replica.clone = notes;
  }
  const volumes = seenVolumes(replica, remote, layout);
  await replica.saveClone({ ...replica.clone, seen: { ...seen, volumes } });
  replica.install(after);
}

async function rewriteWith(
  replica: Replica,
  ledger: LedgerId,
  transactions: JournalEntry[][],
): Promise<void> {
  await replica.journal.rewrite(ledger, transactions);
  replica.transactions = transactions;
}

async function theirMemory(replica: Replica, remote: RemoteLedger): Promise<LedgerMemory> {
  const ground = commonGround(replica, remote) ?? (await foreignGround(replica, remote));
  const { base } = ground;
  const tail = theirEvents(ground, remote);
  const { ledger, attachments } = remote.open;
  return new LedgerMemory({ ledger: ledger!, base, tail, synced: 0, attachments });
}

function eventsOf({ state, size }: LedgerMemory): readonly LedgerEvent[] {
  return Array.from({ length: size }, (_, at) => state.event(at + 1));
}

/** Stands for the bytes of a file that has yet to be written. */
const notWritten = '0'.repeat(64);

const removeFile = async (path: string): Promise<void> => {
  if ((await stampOf(path)) !== null) await onDisk(path, () => unlink(path));
};

/**
 * Keeps copies of the ledger, journal and notes of this clone. Takes the files of other work trees from their places,
 * which are written anew there.
 */
async function putAside(replica: Replica, renewWriter: boolean): Promise<readonly string[]> {
  const { context, clone } = replica;
  const at = context.clock().at;
  const copies: string[] = [];
  const keep = async (path: string, remove: boolean): Promise<void> => {
    if ((await stampOf(path)) === null) return;
    copies.push(await setAside(path, at, 'replaced'));
    if (remove) await removeFile(path);
  };
  await replica.snapshots.remove();
  await keep(join(context.privateDir, 'clone.json'), false);
  const files = await worktreeFiles(replica);
  // No file of another work tree may speak against the other ledger any more; what each one held is in its copy.
  await replica.saveClone({ ...clone, folds: {} });
  for (const file of files) {
    const isHere = file === context.file;
    for (const volume of await volumesThere(file)) await keep(volumePath(file, volume), !isHere);
    await keep(file, !isHere);
  }
  await keep(join(context.privateDir, 'journal.jsonl'), false);
  // Its next number may be taken by an event that was left.
  if (renewWriter) await keep(join(context.privateDir, 'writer.json'), true);
  // A power cut must not forget the name of what is about to be replaced.
  for (const folder of [context.privateDir, dirname(context.file)])
    await onDisk(folder, () => context.platform.syncFolder(folder));
  return copies;
}
