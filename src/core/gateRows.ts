import type { GateReasonCode } from './gateReasons.js';
import type { Digest, EventId, PromptId } from './ids.js';
import type { PersonRef } from './rows.js';

/** `present`: in what is judged as a whole. `active`: recorded as active in an environment. `policy`: no prompt, but a rule. */
export type GateChange =
  'added' | 'changed' | 'renamed' | 'deleted' | 'untracked' | 'present' | 'active' | 'policy';

/** `unknown`: nobody can tell any more, because something was redacted. It never lets anything pass. */
export type GateVerdict = 'allow' | 'deny' | 'unknown';

export interface GateReason {
  readonly code: GateReasonCode;
  /** What proves it. */
  readonly events: readonly EventId[];
}

/** One prompt, or one file of the rules, and what the gate says of it. */
export interface GateRow {
  /** As far as it can be shown. */
  readonly path: string;
  /** Where it was before, where it was renamed. */
  readonly from: string | null;
  readonly change: GateChange;
  readonly prompt: PromptId | null;
  /** Null where there is no text. */
  readonly digest: Digest | null;
  /** The version by which it was judged: of several with this text the newest that decides. */
  readonly version: string | null;
  readonly versionEvent: EventId | null;
  readonly verdict: GateVerdict;
  /** Why it is denied or unknown; of what is allowed, what is to be seen all the same. */
  readonly reasons: readonly GateReason[];
  /** Whose approvals count. */
  readonly approvers: readonly PersonRef[];
  /** Whether all of them carry signatures of those people that count. */
  readonly signed: boolean;
  /** Whether the approvals came before: what is judged now, or its deployment; null where none counts. */
  readonly order: 'before' | 'after' | 'unknown' | null;
}

/** What a verdict cannot be told by: whatever else is said then, nothing is certain. */
const cannotTell: ReadonlySet<GateReasonCode> = new Set([
  'decision.redacted',
  'person.redacted',
  'policy.redacted',
  'file.unreadable',
]);
/** What may only seem so where something cannot be read. */
const mayBeOtherwise: ReadonlySet<GateReasonCode> = new Set([
  'approval.missing',
  'approval.quota',
  'deployer.role',
]);

/** What reasons against something amount to. */
export function gateVerdict(reasons: readonly GateReason[]): GateVerdict {
  if (reasons.length === 0) return 'allow';
  const isOpen =
    reasons.some(({ code }) => cannotTell.has(code)) &&
    reasons.every(({ code }) => cannotTell.has(code) || mayBeOtherwise.has(code));
  return isOpen ? 'unknown' : 'deny';
}

/** How many rows have each verdict. */
export function gateCounts(rows: readonly GateRow[]): {
  readonly allowed: number;
  readonly denied: number;
  readonly unknown: number;
} {
  const of = (verdict: GateVerdict): number => rows.filter((r) => r.verdict === verdict).length;
  return { allowed: of('allow'), denied: of('deny'), unknown: of('unknown') };
}

/** Exit status: a denial is an answer; where something cannot be told, nothing is allowed either. */
export function gateStatus(rows: readonly GateRow[]): 0 | 1 | 2 {
  const { denied, unknown } = gateCounts(rows);
  if (denied > 0) return 1;
  return unknown > 0 ? 2 : 0;
}

const weight: Readonly<Record<GateVerdict, number>> = { deny: 0, unknown: 1, allow: 2 };

/** What stops somebody first, then by path: hosts show only so many annotations. */
export function gateOrder(rows: readonly GateRow[]): readonly GateRow[] {
  return rows.toSorted(
    (a, b) =>
      weight[a.verdict] - weight[b.verdict] || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
  );
}

/** A row that needs no verdict on a version: something to be seen, or that may not be. */
export function plainGateRow(
  row: Pick<GateRow, 'path' | 'change' | 'verdict'> & {
    readonly code: GateReasonCode;
    readonly from?: string | null;
    readonly prompt?: PromptId | null;
  },
): GateRow {
  const { path, change, verdict, code, from = null, prompt = null } = row;
  const reasons = [{ code, events: [] }];
  const nothing = {
    digest: null,
    version: null,
    versionEvent: null,
    approvers: [],
    signed: false,
    order: null,
  } as const;
  return { path, from, change, prompt, verdict, reasons, ...nothing };
}
