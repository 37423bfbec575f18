import type { LedgerEvent } from '../core/event.js';
import type { EventId, WriterId } from '../core/ids.js';
import type { Finding } from '../core/rows.js';
import { finding, restoreRemedy } from './findings.js';

export interface PlacedEvent {
  readonly seq: number;
  readonly event: LedgerEvent;
}

/** Steps of all ancestor searches of one check together: a bound against hostile histories. */
const searchLimit = 2_000_000;

/**
 * Holds events in their order to the chain rules of docs/LEDGER.md: one ledger, parents before
 * children, each writer's counter without a gap, event n an ancestor of n + 1.
 * `excused` are ids of rows that are known to be broken already: their absence is no second finding.
 */
export function checkChain(
  events: readonly PlacedEvent[],
  excused: ReadonlySet<string> = new Set(),
): Finding[] {
  const findings: Finding[] = [];
  const seen = new Map<EventId, PlacedEvent>();
  const writers = new Map<WriterId, Map<number, EventId>>();
  const ledger = events[0]?.event.header.ledger;
  let steps = searchLimit;

  const report = (
    at: PlacedEvent,
    code: string,
    message: string,
    more: Partial<Finding> = {},
  ): void => {
    findings.push(
      finding({ code, message, seq: at.seq, event: at.event.id, remedy: restoreRemedy, ...more }),
    );
  };

  for (const placed of events) {
    const { seq, event } = placed;
    const { header, id } = event;
    if (header.ledger !== ledger) {
      report(placed, 'event.ledger', `Event ${seq} belongs to another ledger.`, {
        expected: ledger ?? null,
        found: header.ledger,
      });
    }
    if (seen.has(id)) report(placed, 'event.twice', `Event ${seq} stands in the ledger twice.`);
    for (const parent of header.parents) {
      if (seen.has(parent) || excused.has(parent)) continue;
      report(
        placed,
        'parent.missing',
        `Event ${seq} builds on an event that does not stand before it.`,
        {
          expected: parent,
          found: null,
        },
      );
    }
    if (header.parents.length === 0 && seen.size > 0) {
      report(placed, 'root.extra', `Event ${seq} builds on no other event: it is a second root.`, {
        severity: 'info',
        remedy:
          'Normal for a clone that could not reach the ledger when it began. Otherwise ask its author.',
      });
    }
    const mine = writers.get(header.writer) ?? new Map<number, EventId>();
    writers.set(header.writer, mine);
    const before = mine.get(header.n - 1);
    if (mine.has(header.n)) {
      report(
        placed,
        'writer.fork',
        `Event ${seq} has the same number as another event of its writer.`,
        {
          severity: 'warning',
          expected: mine.get(header.n) ?? null,
          found: id,
          remedy: 'A clone was copied or put back from a backup. Review both events.',
        },
      );
    } else if (header.n > 1 && before === undefined) {
      if (excused.size === 0) {
        report(
          placed,
          'writer.gap',
          `Event ${seq} is number ${header.n} of its writer, but number ${header.n - 1} does not stand before it.`,
          {
            expected: `number ${header.n - 1}`,
          },
        );
      }
    } else if (before !== undefined && !header.parents.includes(before) && excused.size === 0) {
      const answer = isAncestor(before, placed, seen, steps);
      steps = answer.steps;
      if (!answer.found) {
        report(
          placed,
          'writer.branch',
          `Event ${seq} does not build on the event that its writer made before it.`,
          {
            expected: before,
          },
        );
      }
    }
    if (!mine.has(header.n)) mine.set(header.n, id);
    if (!seen.has(id)) seen.set(id, placed);
  }
  return findings;
}

/** Looks backwards only as far as `ancestor` stands; gives up, in favour, when the steps are spent. */
function isAncestor(
  ancestor: EventId,
  from: PlacedEvent,
  seen: ReadonlyMap<EventId, PlacedEvent>,
  steps: number,
): { found: boolean; steps: number } {
  const floor = seen.get(ancestor)!.seq;
  const visited = new Set<EventId>();
  const stack = [...from.event.header.parents];
  while (stack.length > 0) {
    if (steps-- <= 0) return { found: true, steps: 0 };
    const id = stack.pop()!;
    if (id === ancestor) return { found: true, steps };
    const placed = seen.get(id);
    if (visited.has(id) || !placed || placed.seq <= floor) continue;
    visited.add(id);
    stack.push(...placed.event.header.parents);
  }
  return { found: false, steps };
}
