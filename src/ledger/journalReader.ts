import {
  maxLineBytes,
  parseLine,
  type JournalEntry,
  type JournalTransaction,
} from './journalCodec.js';
import type { JournalDamage } from './journalDamage.js';

export interface JournalPart {
  readonly transactions: readonly JournalTransaction[];
  /** Offset behind the last complete transaction; what follows was never acknowledged. */
  readonly end: number;
  readonly findings: readonly JournalDamage[];
  /** Offset of the last line that holds an event; -1 without one. */
  readonly lastEvent: number;
}

const newline = 0x0a;
/** Blocks that a power cut kept from the disk read as these; a line as it is written holds none. */
const unwritten = 0x00;

/**
 * Reads the transactions in `bytes`, which begin at `offset` of the journal, at a line's start.
 * A tail without its end is a write that a crash cut off: it is left out, without a finding.
 * A whole line that is broken is damage, and the rest is kept. Where a power cut may have kept a
 * part of the last transaction from the disk, that one counts as damage as a whole.
 */
export function readTransactions(bytes: Buffer, offset: number): JournalPart {
  const transactions: JournalTransaction[] = [];
  const findings: JournalDamage[] = [];
  let open: JournalEntry[] = [];
  let damaged = false;
  let end = 0;
  let lastEvent = -1;
  /** Takes the last transaction back; undefined where it got to the disk as a whole. */
  let takeBack: (() => void) | undefined;
  let lastEventBefore = -1;
  const close = (at: number): void => {
    const before = { count: transactions.length, lastEvent: lastEventBefore };
    const torn = damaged && bytes.subarray(end, at).includes(unwritten);
    if (open.length > 0) transactions.push(open);
    open = [];
    damaged = false;
    end = at;
    lastEventBefore = lastEvent;
    takeBack = !torn
      ? undefined
      : () => {
          transactions.length = before.count;
          lastEvent = before.lastEvent;
        };
  };

  for (let at = 0; at < bytes.length;) {
    const stop = bytes.indexOf(newline, at);
    const whole = stop >= 0;
    const parsed = parseBytes(bytes.subarray(at, whole ? stop : bytes.length));
    const next = whole ? stop + 1 : bytes.length;
    if (typeof parsed === 'string') {
      if (!whole) break;
      addDamage(findings, brokenLine(offset + at, parsed));
      damaged = true;
    } else {
      if (parsed.i === 1) {
        if (open.length > 0 && !damaged) {
          addDamage(findings, brokenLine(offset + at, 'the transaction before it has no end'));
        }
        close(at);
      }
      open.push(parsed.entry);
      if (parsed.entry.kind === 'event' && whole) lastEvent = offset + at;
      if (parsed.i === parsed.of && whole) close(next);
    }
    at = next;
  }
  // The other lines of a transaction with a broken one were acknowledged with it.
  if (damaged) close(bytes.lastIndexOf(newline) + 1);
  // Of a write that was never acknowledged, half must not count.
  takeBack?.();
  return { transactions, end: offset + end, findings, lastEvent };
}

/** Lines that are told apart; a hostile journal may have a million. Of more, the last one is told. */
const mostDamage = 1000;

function addDamage(findings: JournalDamage[], damage: JournalDamage): void {
  if (findings.length === mostDamage) findings.pop();
  findings.push(damage);
}

function parseBytes(line: Buffer) {
  if (line.length > maxLineBytes) return 'it is too long';
  try {
    return parseLine(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line));
  } catch {
    return 'it is not UTF-8 JSON';
  }
}

const brokenLine = (offset: number, problem: string): JournalDamage => ({
  offset,
  problem,
  heldEntry: true,
});
