import type { LedgerEvent } from '../core/event.js';
import type { EventId } from '../core/ids.js';
import type { RedactionTarget } from '../core/redaction.js';
import type { Finding } from '../core/rows.js';
import { checkAttachments } from './attachmentCheck.js';
import type { Attachments } from './attachments.js';
import { placedBehind, type LedgerBase } from './base.js';
import { checkChain } from './chainCheck.js';

/** A ledger that stays as it is, and events that somebody else has besides. */
export interface AddableInput {
  readonly base: LedgerBase | null;
  /** What stands behind the base. */
  readonly kept: readonly LedgerEvent[];
  /** In an order in which parents stand before their children. */
  readonly candidates: readonly LedgerEvent[];
  /** Of both. */
  readonly attachments: Attachments;
  readonly redacted: ReadonlySet<RedactionTarget>;
}

/**
 * Those candidates that may stand behind a ledger which was decided for: all parents are there, every check of
 * the chain passes, nothing is missing, and they contradict nothing that is kept. Left out are a second event
 * with a number of its writer, a second root, and whatever builds on those: else a forged branch would come in
 * beside the true one.
 */
export function addable(input: AddableInput): readonly LedgerEvent[] {
  const { base, kept, attachments, redacted } = input;
  const there = new Set<EventId>(kept.map(({ id }) => id));
  let accepted = withParents(input.candidates, new Set(), there, base);
  for (;;) {
    const placed = placedBehind(base, [...kept, ...accepted]);
    const mine = new Set(accepted.map(({ id }) => id));
    const problems = [
      ...checkChain(placed, new Set(), base),
      ...checkAttachments(placed, attachments, { ground: base, redacted }),
    ];
    const bad = new Set<EventId>();
    for (const problem of problems)
      if (problem.event !== null && mine.has(problem.event) && speaksAgainst(problem))
        bad.add(problem.event);
    if (bad.size === 0) return accepted;
    accepted = withParents(accepted, bad, there, base);
  }
}

const speaksAgainst = ({ severity, code }: Finding): boolean =>
  severity === 'error' || code === 'writer.fork' || code === 'root.extra';

function withParents(
  events: readonly LedgerEvent[],
  bad: ReadonlySet<EventId>,
  there: ReadonlySet<EventId>,
  base: LedgerBase | null,
): readonly LedgerEvent[] {
  const taken = new Set<EventId>();
  return events.filter(({ id, header }) => {
    const isKnown = (parent: EventId): boolean =>
      there.has(parent) || taken.has(parent) || base?.seqOf(parent) !== undefined;
    if (bad.has(id) || there.has(id) || !header.parents.every(isKnown)) return false;
    taken.add(id);
    return true;
  });
}
