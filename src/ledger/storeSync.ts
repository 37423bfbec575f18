import { PromptAuditError } from '../core/errors.js';
import type { LedgerEvent } from '../core/event.js';
import type { Digest, EventId } from '../core/ids.js';
import type { LedgerPoint } from '../core/rows.js';
import { redactedTargets } from './attachmentCheck.js';
import { addAttachments, noAttachments } from './attachments.js';
import type { SeenCheckpoint } from './cloneState.js';
import { withBodies } from './combine.js';
import { readBytes } from './fileOnDisk.js';
import { firstError, isPristine } from './findings.js';
import { LedgerMemory, rootOf } from './memory.js';
import type { Replica } from './replica.js';
import type { LedgerFile } from './sqliteFile.js';

/** A commit of the ledger ref, what it holds, and the remote that has it. */
export interface SyncedPoint extends SeenCheckpoint {
  readonly remote: string;
}

/** See LedgerStore.rebase; needs the lock. */
export async function rebase(
  replica: Replica,
  remote: LedgerFile,
  where: { readonly commit: string; readonly remote: string },
): Promise<LedgerPoint> {
  await replica.refresh();
  if (replica.memory !== null || replica.combined?.refusal) replica.writable();
  const theirs = remote.events.map((row) => row.event);
  assertAcceptable(replica, remote, theirs);

  const there = new Set<EventId>(theirs.map((event) => event.id));
  const ours = (replica.memory?.events ?? []).map((stored) => stored.event);
  const order = withBodies(
    [...theirs, ...ours.filter((event) => !there.has(event.id))],
    [theirs, ours],
  );
  const attachments = noAttachments();
  addAttachments(attachments, remote.attachments);
  if (replica.memory) addAttachments(attachments, replica.memory.attachments);
  const redacted = redactedTargets(order.map((event, at) => ({ seq: at + 1, event })));
  for (const target of redacted) attachments.contents.delete(target as Digest);

  const moved = ours.some((event, at) => event.id !== order[at]?.id);
  const memory = new LedgerMemory(remote.ledger!, order, theirs.length, attachments);
  const base = replica.file && sameStart(replica.file, order) ? null : remote;
  await replica.writeFile({ ledger: remote.ledger!, events: order, attachments }, base);
  const { folds } = replica.clone;
  const file = replica.context.file;
  await replica.saveClone({
    ...replica.clone,
    ledger: remote.ledger,
    remote: where.remote,
    seen: { size: theirs.length, root: rootOf(theirs, theirs.length)!, commit: where.commit },
    // In another worktree's file these events stand in the old order, rightly.
    folds: moved && folds[file] ? { [file]: folds[file] } : folds,
  });
  replica.install(memory);
  return memory.point();
}

function assertAcceptable(
  replica: Replica,
  remote: LedgerFile,
  theirs: readonly LedgerEvent[],
): void {
  const broken = firstError(remote.findings);
  if (broken) {
    throw new PromptAuditError({
      code: 'ledger.damaged',
      message: `The remote ledger is damaged, and nothing of it was taken. ${broken.message}`,
      remedy: 'Ask whoever can write to the ledger branch to restore it. Your own events are safe.',
    });
  }
  const pinned = replica.memory?.ledger ?? replica.clone.ledger;
  if (remote.ledger === null || (pinned !== null && pinned !== remote.ledger)) {
    throw new PromptAuditError({
      code: 'ledger.foreign',
      message: `The remote holds another ledger (${remote.ledger}) than this clone (${pinned}).`,
      remedy: 'Check that the remote is the right one. Nothing was changed on either side.',
    });
  }
  const { seen } = replica.clone;
  if (seen !== null && rootOf(theirs, seen.size) !== seen.root) {
    throw new PromptAuditError({
      code: 'sync.rewritten',
      message: `The remote ledger was rewritten: it no longer begins with the ${seen.size} events that this clone saw in ${seen.commit}.`,
      remedy:
        'Do not overwrite either side. Ask who rewrote the ledger branch, and restore it from this or another clone.',
    });
  }
}

function sameStart(file: LedgerFile, order: readonly LedgerEvent[]): boolean {
  return (
    isPristine(file.findings) && file.events.every(({ event }, at) => event.id === order[at]?.id)
  );
}

/** See LedgerStore.fileBytes; needs the lock. */
export async function currentFile(
  replica: Replica,
): Promise<{ bytes: Uint8Array; point: LedgerPoint }> {
  await replica.refresh();
  const memory = replica.writable();
  await replica.fold();
  const bytes = await readBytes(replica.context.file);
  return { bytes: bytes!, point: memory.point() };
}

/** See LedgerStore.markSynced; needs the lock. */
export async function markSynced(replica: Replica, point: SyncedPoint): Promise<void> {
  await replica.refresh();
  const memory = replica.writable();
  const order = memory.events.map((stored) => stored.event);
  if (rootOf(order, point.size) !== point.root) {
    throw new PromptAuditError({
      code: 'sync.busy',
      message: 'The ledger was put into another order while it was sent.',
      remedy: 'Sync again.',
    });
  }
  const { size, root, commit, remote } = point;
  await replica.saveClone({ ...replica.clone, remote, seen: { size, root, commit } });
  memory.syncedSize = Math.max(memory.syncedSize, size);
  const left = replica.transactions.filter((transaction) =>
    transaction.some(
      (entry) => entry.kind === 'event' && (memory.seqOf(entry.event.id) ?? Infinity) > size,
    ),
  );
  await replica.keepInJournal(left);
}
