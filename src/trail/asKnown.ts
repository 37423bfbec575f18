import { knownThen, pointThen, type KnownThen } from '../core/asKnown.js';
import { PromptAuditError } from '../core/errors.js';
import { shortHash } from '../core/labels.js';
import type { LedgerPoint } from '../core/rows.js';
import type { LedgerState } from '../core/state.js';
import type { TrailContext } from './context.js';

/** The ledger as an answer sees it: now, or as it was known at a time. The only place that knows the difference. */
export interface KnownLedger {
  readonly state: LedgerState;
  readonly syncedSize: number;
  readonly point: LedgerPoint;
  /** The time that is "now" in it; ISO 8601 UTC. */
  readonly now: string;
  /** What a reader of an answer about then must know. */
  readonly caveats: readonly string[];
  readonly leftOut: KnownThen['leftOut'];
}

interface Kept extends KnownThen {
  /** Of the whole ledger, when it was made. */
  readonly of: string;
}

/** Somebody who asks about a time asks several questions about it. */
const mostKept = 3;
const kept = new WeakMap<TrailContext, Map<string, Kept>>();

/** Throws `usage` for a number of events that the ledger does not have. */
export function ledgerAsKnown(context: TrailContext, asKnownAt?: string | number): KnownLedger {
  const { state, finalSize } = context;
  const point = context.point();
  if (asKnownAt === undefined)
    return {
      ...{ state, syncedSize: finalSize, point, now: new Date().toISOString() },
      ...{ caveats: [], leftOut: null },
    };
  if (typeof asKnownAt === 'number') assertSize(asKnownAt, state.size);
  else assertTime(asKnownAt);
  const known = keptOf(context, asKnownAt, `${point.root} ${finalSize} ${state.redactions.length}`);
  return {
    state: known.state,
    syncedSize: known.syncedSize,
    point: pointThen(known, point.id),
    now: typeof asKnownAt === 'string' ? asKnownAt : latestAt(known.state),
    caveats: caveatsOf(known, asKnownAt, state.size),
    leftOut: known.leftOut,
  };
}

function keptOf(context: TrailContext, asKnownAt: string | number, of: string): Kept {
  const all = kept.get(context) ?? new Map<string, Kept>();
  kept.set(context, all);
  const key = String(asKnownAt);
  const found = all.get(key);
  if (found?.of === of) return found;
  const made = { ...knownThen(context.state, context.finalSize, asKnownAt), of };
  all.delete(key);
  while (all.size >= mostKept) all.delete(all.keys().next().value!);
  all.set(key, made);
  return made;
}

function assertSize(size: number, whole: number): void {
  if (Number.isSafeInteger(size) && size >= 0 && size <= whole) return;
  throw new PromptAuditError({
    code: 'usage',
    message: `The ledger never had ${size} events; it has ${whole} now.`,
    remedy: 'Give the size of a checkpoint, or a time.',
  });
}

function assertTime(at: string): void {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(at)) return;
  throw new PromptAuditError({
    code: 'usage',
    message: `"${at}" is not a time.`,
    remedy: 'Give an ISO 8601 time in UTC with milliseconds, such as 2026-11-21T08:30:00.000Z.',
  });
}

/** The claimed time of the last event: "now" for whoever asks about a checkpoint. */
function latestAt(state: LedgerState): string {
  return state.size === 0 ? new Date(0).toISOString() : state.event(state.size).header.at;
}

function caveatsOf(known: KnownThen, asKnownAt: string | number, whole: number): readonly string[] {
  const when = typeof asKnownAt === 'number' ? `with ${asKnownAt} events` : `at ${asKnownAt}`;
  const said = `As the ledger was known ${when}: ${known.size} of ${whole} events. What was redacted since is gone here, too.`;
  if (typeof asKnownAt === 'number') return [said];
  const clocks = "When something was recorded is by the recorders' own clocks.";
  return [
    said,
    clocks,
    ...leftOutCaveats(known.leftOut),
    ...(known.isPrefix
      ? []
      : [
          'These are not the first events of the agreed order, so their root is none of a checkpoint.',
        ]),
  ];
}

/** What a wrong clock keeps out of a ledger as it was known at a time. */
export function leftOutCaveats(leftOut: KnownThen['leftOut']): readonly string[] {
  if (leftOut === null) return [];
  const { count, after, claims } = leftOut;
  const what =
    count === 1
      ? '1 event that claims to be of that time is left out, because it follows'
      : `${count} events that claim to be of that time are left out, because they follow`;
  return [
    `${what} event ${shortHash(after)}, which claims a later one (${claims}): one of these clocks was wrong. To see the ledger as it was, give a number of events instead of the time.`,
  ];
}
