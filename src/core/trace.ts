import type { DecisionKind, EventOf } from './event.js';
import type { EventId, PersonId } from './ids.js';
import type { ApprovalRule } from './policy.js';
import type { ReasonCode } from './reasons.js';
import type { Placed } from './state.js';

export type Decision = Placed<EventOf<'review.decided'>>;

/** Why something is refused, and the events that show it. */
export interface Reason {
  readonly code: ReasonCode;
  readonly events: readonly EventId[];
}

/** What was looked at; the words stand in explainText.ts. */
export type CheckName =
  | 'environment'
  | 'withdrawn'
  | 'rejected'
  | 'changes-requested'
  | 'signed-stands'
  | 'comments'
  | 'approvals'
  | 'quota'
  | 'deployer-role'
  | 'deployer-approved'
  | 'deployer-contributed'
  | 'retired'
  | 'promoted'
  | 'promotion'
  | 'break-glass'
  | 'reviewer'
  | 'policy'
  | 'imported'
  | 'person'
  | 'agent'
  | 'approver-role'
  | 'approver-owner'
  | 'approver-contributed'
  | 'scope'
  | 'same-clone'
  | 'reason'
  | 'meaning';

/** One check of a verdict. The verdict is that no step failed; its reasons are those of the steps that did. */
export interface TraceStep {
  /** Name of the entry of `rules` that asks; null: the environment's own rule, or the general one. */
  readonly rule: string | null;
  readonly check: CheckName;
  readonly outcome: 'pass' | 'fail' | 'not-asked';
  /** Why it failed. */
  readonly code: ReasonCode | null;
  /** What proves it. */
  readonly events: readonly EventId[];
  /** What the rule asks for: a number of people, or names of roles; null where it asks for nothing more. */
  readonly wanted: number | readonly string[] | null;
  /** Number of people or events that were found. */
  readonly got: number | null;
}

/** Before the act: an ancestor of it. After: it is an ancestor. Unknown: neither had seen the other. */
export type Order = 'before' | 'after' | 'unknown';

/** One decision before one rule. */
export interface DecisionTrace {
  readonly rule: string | null;
  readonly event: EventId;
  readonly version: EventId;
  readonly decision: DecisionKind;
  readonly by: PersonId;
  readonly order: Order;
  /** Whether it is one of the approvals that the rule counts; decisions against a version never do. */
  readonly counts: boolean;
  /** Why not; empty where it counts, and for decisions against the version. */
  readonly faults: readonly ReasonCode[];
  /** What shows a fault: a revocation, a later decision of the same person. */
  readonly because: readonly EventId[];
}

/** A rule that was asked, as the policy has it. */
export interface AskedRule {
  /** Of an entry of `rules`; null: the environment's own, or the general one. */
  readonly extra: { readonly name: string } | null;
  readonly rule: ApprovalRule;
}

export interface Trace {
  readonly steps: readonly TraceStep[];
  readonly decisions: readonly DecisionTrace[];
  /** Empty where no approvals were looked at. */
  readonly asked: readonly AskedRule[];
}

/** Faults that an approval has by itself: whoever reads "not enough approvals" knows that these are none. */
const quiet: ReadonlySet<ReasonCode> = new Set([
  'approver.agent',
  'approver.contributed',
  'approver.owner',
  'approver.role',
  'approval.after',
  'approval.otherVersion',
  'approval.revoked',
  'approval.superseded',
  'approval.unordered',
]);

/** After the steps' own reasons come those of approvals that only lack something, in this order. */
const lacking: readonly ReasonCode[] = [
  'approval.unsigned',
  'approval.unattended',
  'decision.redacted',
  'person.redacted',
  'approval.sameClone',
  'approval.expired',
  'approval.scope',
  'approval.policy',
  'approval.reason',
  'approval.meaning',
];

/** Why the steps failed: each code once, with all events that show it. */
export function reasonsOf({
  steps,
  decisions,
}: Pick<Trace, 'steps' | 'decisions'>): readonly Reason[] {
  const found = new Map<ReasonCode, Set<EventId>>();
  const failed = new Set<string | null>();
  for (const { outcome, code, events, check, rule } of steps) {
    if (outcome !== 'fail' || code === null) continue;
    add(found, code, events);
    if (check === 'approvals' || check === 'quota') failed.add(rule);
  }
  if (failed.size === 0) return listed(found);
  for (const code of lacking)
    for (const { rule, event, faults } of decisions) {
      if (!failed.has(rule) || !faults.includes(code)) continue;
      if (code === 'person.redacted' || !faults.some((fault) => quiet.has(fault)))
        add(found, code, [event]);
    }
  return listed(found);
}

/** Why approvals do not count that are there, for the rules that miss some; each code once. */
export function ignoredOf({ steps, decisions }: Trace): readonly Reason[] {
  const failed = new Set<string | null>();
  for (const { outcome, check, rule } of steps)
    if (outcome === 'fail' && (check === 'approvals' || check === 'quota')) failed.add(rule);
  const found = new Map<ReasonCode, Set<EventId>>();
  for (const { rule, event, faults } of decisions)
    if (failed.has(rule)) for (const code of faults) add(found, code, [event]);
  return listed(found);
}

function add(
  found: Map<ReasonCode, Set<EventId>>,
  code: ReasonCode,
  events: readonly EventId[],
): void {
  const known = found.get(code);
  if (known === undefined) found.set(code, new Set(events));
  else for (const event of events) known.add(event);
}

const listed = (found: ReadonlyMap<ReasonCode, ReadonlySet<EventId>>): readonly Reason[] =>
  [...found].map(([code, events]) => ({ code, events: [...events] }));
