import type { LedgerEvent } from '../core/event.js';
import type { Digest } from '../core/ids.js';
import { digestsNamed } from './digestsNamed.js';
import type { JournalEntry, JournalTransaction } from './journalCodec.js';
import type { LedgerMemory } from './memory.js';

/**
 * The transactions of a new journal in place of a damaged one: those that can still be read and
 * `others`, events that stand in ledger.sqlite only, in the agreed order and with their attachments.
 */
export function repairedTransactions(
  readable: readonly JournalTransaction[],
  others: readonly LedgerEvent[],
  memory: LedgerMemory,
): JournalTransaction[] {
  const there = new Set<Digest>();
  for (const entry of readable.flat()) {
    if (entry.kind === 'content') there.add(entry.content.digest);
    if (entry.kind === 'signature') there.add(entry.signature.digest);
  }
  const all: JournalTransaction[] = [
    ...readable,
    ...others.map((event) => [{ kind: 'event', event } as const]),
  ];
  const placed = all.map((transaction) => ({
    at: Math.min(...transaction.map((entry) => placeOf(entry, memory))),
    transaction: [...lackedBy(transaction, there, memory), ...transaction],
  }));
  return placed.sort((a, b) => compare(a.at, b.at)).map(({ transaction }) => transaction);
}

const placeOf = (entry: JournalEntry, memory: LedgerMemory): number =>
  entry.kind === 'event' ? (memory.seqOf(entry.event.id) ?? Infinity) : Infinity;

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

function lackedBy(
  transaction: JournalTransaction,
  there: Set<Digest>,
  memory: LedgerMemory,
): JournalEntry[] {
  const lacked: JournalEntry[] = [];
  for (const entry of transaction) {
    if (entry.kind !== 'event' || !entry.event.known) continue;
    for (const digest of digestsNamed(entry.event)) {
      if (there.has(digest)) continue;
      const content = memory.content(digest);
      const signature = memory.attachments.signatures.get(digest);
      if (content) lacked.push({ kind: 'content', content });
      else if (signature) lacked.push({ kind: 'signature', signature });
      else continue;
      there.add(digest);
    }
  }
  return lacked;
}
