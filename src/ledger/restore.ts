import type { LedgerEvent } from '../core/event.js';
import { checkChain, type PlacedEvent } from './chainCheck.js';
import type { FoldRecord } from './cloneState.js';
import { hasError } from './findings.js';
import { placedBehind, rootOf, type LedgerBase } from './base.js';

export interface RestoreInput {
  /** The intact rows of a broken or replaced file. */
  readonly rows: readonly PlacedEvent[];
  /** What the ledger ref holds, then what the journal holds, each event once. */
  readonly known: readonly LedgerEvent[];
  /** Number of the leading `known` that the shared branch has. */
  readonly synced: number;
  /** What the file held when it was written last, if this clone remembers. */
  readonly record: FoldRecord | null;
  /** What stands before all of these. */
  readonly base: LedgerBase | null;
}

/**
 * The complete ledger behind a broken file, or null when it cannot be proven complete: it must
 * have the root that was written last, or where that is not remembered hold all intact rows,
 * and every parent and every writer's number must be there.
 */
export function restoredOrder(input: RestoreInput): readonly LedgerEvent[] | null {
  return [input.known, filledIn(input)].find((candidate) => isProven(candidate, input)) ?? null;
}

/** The file's rows in their places, the gaps filled with what is known besides. */
function filledIn({ rows, known, record, base }: RestoreInput): readonly LedgerEvent[] {
  const bySeq = new Map(rows.map(({ seq, event }) => [seq, event]));
  const inFile = new Set(rows.map(({ event }) => event.id));
  const others = known.filter((event) => !inFile.has(event.id));
  const last = Math.max(record?.size ?? 0, rows.at(-1)?.seq ?? 0);
  const filled: LedgerEvent[] = [];
  // A hostile number must not become a long loop: gaps end where nothing is left to fill them.
  for (let seq = (base?.size ?? 0) + 1; seq <= last; seq++) {
    const event = bySeq.get(seq) ?? others.shift();
    if (event === undefined) break;
    filled.push(event);
  }
  return [...filled, ...others];
}

function isProven(candidate: readonly LedgerEvent[], input: RestoreInput): boolean {
  const { rows, known, synced, record, base } = input;
  if (candidate.length === 0) return false;
  for (let at = 0; at < synced; at++) if (candidate[at]?.id !== known[at]?.id) return false;
  if (record !== null) {
    if (rootOf(base, candidate, record.size) !== record.root) return false;
  } else {
    const ids = new Set(candidate.map((event) => event.id));
    if (!rows.every(({ event }) => ids.has(event.id))) return false;
  }
  return !hasError(checkChain(placedBehind(base, candidate), new Set(), base));
}
