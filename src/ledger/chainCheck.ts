import type { LedgerEvent } from '../core/event.js';
import type { EventId, LedgerId, WriterId } from '../core/ids.js';
import type { Finding } from '../core/rows.js';
import { EventGraph, type GraphBase } from './eventGraph.js';
import { finding, FindingList, restoreRemedy } from './findings.js';
import { WriterCounter } from './writerCounter.js';

export interface PlacedEvent {
  readonly seq: number;
  readonly event: LedgerEvent;
}

/** What stands before the first event to check: verified earlier, possibly not in memory. */
export interface ChainBase extends GraphBase {
  /** Number of its events. */
  readonly size: number;
  readonly ledger: LedgerId;
  /** The newest event of a writer and its number; undefined before its first. */
  lastOf(writer: WriterId): { readonly n: number; readonly last: EventId } | undefined;
}

const nobody: ReadonlySet<string> = new Set();

/**
 * Holds events in their order to the chain rules of docs/LEDGER.md: one ledger, parents before
 * children, each writer's counter without a gap, event n an ancestor of n + 1.
 */
export class ChainChecker {
  readonly #base: ChainBase | null;
  readonly #excused: ReadonlySet<string>;
  readonly #graph: EventGraph;
  readonly #writers = new Map<WriterId, WriterCounter>();
  readonly #findings = new FindingList();
  #ledger: LedgerId | undefined;

  /**
   * With a `base`, events are held to the rules as if those of the base had been added before.
   * `excused` are ids of rows that are known to be broken already: their absence is no second finding.
   */
  constructor(base: ChainBase | null, excused: ReadonlySet<string> = nobody) {
    this.#base = base;
    this.#excused = excused;
    this.#graph = new EventGraph(base);
    this.#ledger = base?.ledger;
  }

  get findings(): readonly Finding[] {
    return this.#findings.all;
  }

  add(placed: PlacedEvent): void {
    const { seq, event } = placed;
    const { id, header } = event;
    this.#ledger ??= header.ledger;
    if (header.ledger !== this.#ledger) {
      this.#report(placed, 'event.ledger', `Event ${seq} belongs to another ledger.`, {
        expected: this.#ledger,
        found: header.ledger,
      });
    }
    const twice = this.#graph.has(id);
    if (twice) {
      this.#report(placed, 'event.twice', `Event ${seq} stands in the ledger twice.`);
    }
    let complete = true;
    for (const parent of header.parents) {
      if (this.#graph.has(parent)) continue;
      complete = false;
      if (this.#excused.has(parent)) continue;
      this.#report(
        placed,
        'parent.missing',
        `Event ${seq} builds on an event that does not stand before it.`,
        { expected: parent },
      );
    }
    if (header.parents.length === 0 && this.#graph.size + (this.#base?.size ?? 0) > 0) {
      this.#report(
        placed,
        'root.extra',
        `Event ${seq} builds on no other event: it is a second root.`,
        {
          severity: 'info',
          remedy:
            'Normal for a clone that could not reach the ledger when it began. Otherwise ask its author.',
        },
      );
    }
    this.#checkWriter(placed);
    if (!twice) this.#graph.add(id, header.parents, complete);
  }

  #checkWriter(placed: PlacedEvent): void {
    const { seq, event } = placed;
    const { n, parents, writer } = event.header;
    const mine = this.#counterOf(writer);
    const before = mine.idAt(n - 1);
    if (mine.has(n)) {
      this.#report(
        placed,
        'writer.fork',
        `Event ${seq} has the same number as another event of its writer.`,
        {
          severity: 'warning',
          expected: mine.idAt(n) ?? null,
          found: event.id,
          remedy: 'A clone was copied or put back from a backup. Review both events.',
        },
      );
      return;
    }
    mine.set(n, event.id);
    // What is missing may be among the broken rows.
    if (this.#excused.size > 0 || n === 1) return;
    if (before === undefined) {
      this.#report(
        placed,
        'writer.gap',
        `Event ${seq} is number ${n} of its writer, but number ${n - 1} does not stand before it.`,
        { expected: `number ${n - 1}` },
      );
    } else if (!parents.includes(before) && !this.#graph.reaches(before, parents)) {
      this.#report(
        placed,
        'writer.branch',
        `Event ${seq} does not build on the event that its writer made before it.`,
        { expected: before },
      );
    }
  }

  #counterOf(writer: WriterId): WriterCounter {
    let counter = this.#writers.get(writer);
    if (counter === undefined) {
      counter = new WriterCounter(this.#base?.lastOf(writer));
      this.#writers.set(writer, counter);
    }
    return counter;
  }

  #report(at: PlacedEvent, code: string, message: string, more: Partial<Finding> = {}): void {
    this.#findings.add(
      finding({ code, message, seq: at.seq, event: at.event.id, remedy: restoreRemedy, ...more }),
    );
  }
}

/** All findings about the chain of these events, in their order; see ChainChecker. */
export function checkChain(
  events: readonly PlacedEvent[],
  excused: ReadonlySet<string> = nobody,
  base: ChainBase | null = null,
): Finding[] {
  const checker = new ChainChecker(base, excused);
  for (const placed of events) checker.add(placed);
  return [...checker.findings];
}
