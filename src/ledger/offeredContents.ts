import { join } from 'node:path';
import { sha256 } from '../core/hash.js';
import { addAttachments, noAttachments } from './attachments.js';
import { readBytes } from './fileOnDisk.js';
import { writtenRows } from './fold.js';
import { LedgerMemory } from './memory.js';
import type { Replica } from './replica.js';
import { planVolumes } from './sealing.js';
import { currentContents, tailOf, type LedgerContents } from './storeSync.js';
import { PendingTransaction, type LedgerTransaction } from './transaction.js';
import { writerIdOf } from './writerId.js';

/** Where a clone keeps the id of the writer of what it offers. */
export function observerFolder(privateDir: string): string {
  return join(privateDir, 'observer');
}

/**
 * What the files would hold with more events, which become events only when a remote takes them: nothing of them is
 * kept here, so where another clone was faster with the same they never were. They come back with the commit that the
 * remote took. They are by a writer of their own, whose counter only the shared branch keeps: the one of this clone
 * would have two events under one number, if it recorded something meanwhile. Null where `work` appended nothing.
 * Needs the lock.
 */
export async function offeredContents(
  replica: Replica,
  work: (tx: LedgerTransaction) => void,
): Promise<LedgerContents | null> {
  const contents = await currentContents(replica);
  const memory = replica.writable();
  const { context, file, layout } = replica;
  const { privateDir, random, platform } = context;
  const writer = await writerIdOf(observerFolder(privateDir), random, platform, false);
  const tx = new PendingTransaction(memory.ledger, memory, writer, context);
  work(tx);
  if (tx.pending.length === 0) return null;
  const { ledger, base, syncedSize: synced } = memory;
  const attachments = noAttachments();
  addAttachments(attachments, memory.attachments);
  for (const entry of tx.entries)
    if (entry.kind === 'content') attachments.contents.set(entry.content.digest, entry.content);
  const tail = [...tailOf(memory), ...tx.pending];
  const next = new LedgerMemory({ ledger, base, tail, synced, attachments });
  const bytes = (await readBytes(context.file))!;
  const written = file && writtenRows({ ...file, bytes }, next, layout);
  const plan = await planVolumes(next, layout.start, written, context);
  const open = plan.at(-1)!;
  const sealed = plan.slice(0, -1).map((volume) => ({
    sha256: sha256(volume.bytes).toString('hex'),
    read: () => Promise.resolve(volume.bytes),
  }));
  return { point: next.point(), open: open.bytes, volumes: [...contents.volumes, ...sealed] };
}
