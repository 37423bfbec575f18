import type { LedgerEvent } from '../core/event.js';
import type { Finding } from '../core/rows.js';
import { checkAttachments, redactedTargets } from './attachmentCheck.js';
import type { Attachments } from './attachments.js';
import { checkChain } from './chainCheck.js';
import type { FoldRecord } from './cloneState.js';
import { finding, hasError } from './findings.js';
import { placedBehind, rootOf, type LedgerBase } from './base.js';

/** A broken line of the journal. */
export interface JournalDamage {
  /** Of the line's first byte. */
  readonly offset: number;
  /** What is wrong with it; null for the head line. */
  readonly problem: string | null;
  /** Whether it can have held an entry. */
  readonly heldEntry: boolean;
}

/** The damage of one journal, and what tells whether anything is lost by it. */
export interface JournalState {
  readonly damage: readonly JournalDamage[];
  /** Counts the rewrites; null when the head does not tell. */
  readonly generation: number | null;
  /** Offset of the last line that holds an event; -1 without one. */
  readonly lastEvent: number;
}

/** What is known without the damaged lines. */
export interface KnownLedger {
  readonly base: LedgerBase | null;
  /** What stands behind the base. */
  readonly order: readonly LedgerEvent[];
  readonly attachments: Attachments;
  readonly record: FoldRecord | null;
  /** Whether nothing can be written as it is. */
  readonly refused: boolean;
}

/** What to do about a chain that a lost line has broken. */
export const lostLineRemedy =
  'Put back journal.jsonl from a backup. It is kept as it is, and no other copy of the damaged line is known here. ' +
  'Without a backup, move it away to go on with what ledger.sqlite holds: what only the journal holds is then missing.';

/**
 * Each damaged line as a finding: a warning where all that it held is provably known, because it was
 * folded or because later events build on it; else an error.
 */
export function judgeDamage(journal: JournalState, known: KnownLedger): Finding[] {
  if (journal.damage.length === 0) return [];
  const { base, order, record, refused } = known;
  const folded =
    record?.journal?.generation === journal.generation &&
    rootOf(base, order, record?.size ?? 0) === record?.root
      ? record.journal.end
      : 0;
  const complete = !refused && isComplete(known);
  return journal.damage.map(({ offset, problem, heldEntry }) => {
    const safe = !heldEntry || offset < folded || (complete && offset < journal.lastEvent);
    const where =
      problem === null
        ? 'The first line of the journal is damaged.'
        : `A line of the journal is damaged at byte ${offset}: ${problem}.`;
    return finding({
      code: 'journal.damaged',
      severity: safe ? 'warning' : 'error',
      message: safe
        ? `${where} Nothing is lost by it: what it held is known.`
        : `${where} What it held is not known to stand anywhere else, and may be lost.`,
      remedy: safe
        ? 'Nothing needs to be done: the next write keeps the damaged journal beside a new one.'
        : refused || !complete
          ? lostLineRemedy
          : 'Put back journal.jsonl from a backup. The next write keeps the damaged journal beside a new one.',
    });
  });
}

function isComplete({ base, order, attachments }: KnownLedger): boolean {
  const placed = placedBehind(base, order);
  const redacted = redactedTargets(base, order);
  return !hasError([
    ...checkChain(placed, new Set(), base),
    ...checkAttachments(placed, attachments, { ground: base, redacted }),
  ]);
}
