import { basename } from 'node:path';
import type { LedgerId } from '../core/ids.js';
import { noAttachments } from './attachments.js';
import type { JournalEntry, JournalTransaction } from './journalCodec.js';
import { repairedTransactions } from './journalRepair.js';
import type { Replica } from './replica.js';

/** Sets a damaged or foreign journal aside and writes a new one with all that is known of it. */
export async function repairJournal(replica: Replica, ledger: LedgerId): Promise<void> {
  const { head, state } = replica.journal;
  const foreign = head !== null && head.ledger !== ledger;
  if (state.damage.length === 0 && !foreign) return;
  const { memory, combined, context } = replica;
  const readable = foreign ? [] : replica.transactions;
  const orphans = context.trimAfterFold ? [] : (combined?.orphans ?? []);
  const all = memory ? repairedTransactions(readable, orphans, memory) : readable;
  await rewriteJournal(replica, ledger, all);
  if (replica.combined && !context.trimAfterFold)
    replica.combined = { ...replica.combined, orphans: [] };
}

/** Takes what a crash of `<git dir>/prompt-audit` left in the file only back into the journal. */
export async function adoptOrphans(replica: Replica): Promise<void> {
  const { memory, combined, context, file } = replica;
  const orphans = combined?.orphans ?? [];
  if (context.trimAfterFold || orphans.length === 0 || !memory) return;
  const entries: JournalEntry[] = orphans.map((event) => ({ kind: 'event', event }));
  const { contents, signatures } = file?.attachments ?? noAttachments();
  for (const content of contents.values()) entries.push({ kind: 'content', content });
  for (const signature of signatures.values()) entries.push({ kind: 'signature', signature });
  await replica.journal.append(memory.ledger, entries);
  replica.transactions.push(entries);
  replica.combined = { ...combined!, orphans: [] };
}

/** Starts the next generation of the journal with these transactions. */
export async function keepInJournal(
  replica: Replica,
  transactions: readonly JournalTransaction[],
): Promise<void> {
  const { head, state } = replica.journal;
  if (state.damage.length === 0) {
    if (head === null && transactions.length === 0) return;
    if (transactions.length === replica.transactions.length) return;
  }
  await rewriteJournal(replica, replica.memory!.ledger, transactions);
}

/** Writes the journal again with these transactions; a damaged one is kept beside it. */
export async function rewriteJournal(
  replica: Replica,
  ledger: LedgerId,
  transactions: readonly JournalTransaction[],
): Promise<void> {
  const lost = replica.hasLostLines;
  const aside = await replica.journal.rewrite(ledger, transactions);
  replica.transactions = [...transactions];
  if (aside === null) return;
  const { combined } = replica;
  const findings = (combined?.findings ?? []).filter((f) => f.code !== 'journal.damaged');
  if (combined) replica.combined = { ...combined, findings };
  replica.context.warn(
    `The journal was not as it should be. It is kept as ${basename(aside)}, and what could be read of it is in the new one.${
      lost ? ' What its damaged lines held may be lost.' : ''
    }`,
  );
}
