import type { WriterId } from '../core/ids.js';
import { leafHash } from '../core/merkle.js';
import type { LedgerState } from '../core/state.js';

/** What one clone wrote: its events count from 1 without a gap. */
export interface WriterTotals {
  readonly writer: WriterId;
  readonly first: number;
  readonly last: number;
  readonly found: number;
  /** Numbers between first and last that are missing. */
  readonly gaps: number;
  /** Numbers that stand there more than once. */
  readonly duplicates: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** Control totals of a whole ledger, whatever the scope of the evidence is. */
export interface LedgerTotals {
  readonly events: number;
  readonly types: ReadonlyMap<string, number>;
  /** In the order of their first event. */
  readonly writers: readonly WriterTotals[];
  /** Hashes of the Merkle leaves (RFC 6962), hex, in the agreed order. */
  readonly leaves: readonly string[];
}

/** Goes through all events once. `tick` is called for each. */
export function* ledgerTotals(state: LedgerState): Generator<number, LedgerTotals> {
  const types = new Map<string, number>();
  const writers = new Map<WriterId, Writer>();
  const leaves: string[] = [];
  for (let seq = 1; seq <= state.size; seq++) {
    const { header, headerText, type } = state.event(seq);
    types.set(type, (types.get(type) ?? 0) + 1);
    leaves.push(leafHash(headerText).toString('hex'));
    const { writer, n } = header;
    // Noted by the state on the way, for the questions that follow.
    const at = state.timeAt(seq);
    const known = writers.get(writer);
    if (known === undefined)
      writers.set(writer, { numbers: new Set([n]), found: 1, firstAt: at, lastAt: at });
    else {
      known.numbers.add(n);
      known.found++;
      known.lastAt = at;
    }
    yield seq;
  }
  return { events: state.size, types, writers: [...writers].map(totalsOf), leaves };
}

interface Writer {
  readonly numbers: Set<number>;
  found: number;
  readonly firstAt: string;
  lastAt: string;
}

function totalsOf([writer, { numbers, found, firstAt, lastAt }]: readonly [
  WriterId,
  Writer,
]): WriterTotals {
  let [first, last] = [Infinity, 0];
  for (const n of numbers) {
    if (n < first) first = n;
    if (n > last) last = n;
  }
  const gaps = last - numbers.size;
  return { writer, first, last, found, gaps, duplicates: found - numbers.size, firstAt, lastAt };
}
