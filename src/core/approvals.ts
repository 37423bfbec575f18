import {
  approvedBefore,
  candidatesOf,
  trackOf,
  writersOf,
  type VersionInScope,
} from './contributors.js';
import {
  isPassed,
  requirementsOf,
  traceApprovals,
  wasApproved,
  type ApprovalTrace,
} from './approvalTrace.js';
import { identitiesIn } from './identities.js';
import type { PersonId } from './ids.js';
import type { ApprovalRule, Policy } from './policy.js';
import type { ApprovalQuestion } from './requirementJudge.js';
import { standingDecisions } from './standing.js';
import type { LedgerState, PromptRecord, Scope, VersionRecord } from './state.js';
import { ignoredOf, reasonsOf, type Decision, type Reason } from './trace.js';

export type { Reason } from './trace.js';

export interface ApprovalVerdict {
  readonly approved: boolean;
  readonly reasons: readonly Reason[];
  /** Why approvals do not count that are there, where some are missing. */
  readonly ignored: readonly Reason[];
  /** The decisions that count, one a person. */
  readonly counted: readonly Decision[];
  /** What the verdict was read from. */
  readonly trace: ApprovalTrace;
}

/**
 * Whether a version has the approvals that one rule asks for, by the facts in scope (DESIGN.md §7).
 * Of several decisions of one person the latest that was not revoked counts. Whether an approver
 * had contributed is judged by what stood before their decision, so nothing later changes it.
 */
export function approvalVerdict(
  input: ApprovalQuestion & { readonly rule: ApprovalRule },
): ApprovalVerdict {
  return verdictOf(traceApprovals(input, [{ extra: null, rule: input.rule }]));
}

/** Whether a version has all approvals that are asked of it: by the environment's rule, and by `rules`. */
export function versionVerdict(question: ApprovalQuestion): ApprovalVerdict {
  return verdictOf(traceApprovals(question, requirementsOf(question)));
}

function verdictOf(trace: ApprovalTrace): ApprovalVerdict {
  return {
    approved: isPassed(trace),
    reasons: reasonsOf(trace),
    ignored: ignoredOf(trace),
    counted: trace.counted,
    trace,
  };
}

/**
 * Everybody who contributed to a version, as joined ids: authors of revisions and proposers of
 * versions since the last approved one, itself included; and, however long ago, who wrote or
 * proposed exactly these bytes, under whatever path.
 */
export function contributors(input: VersionInScope): ReadonlySet<PersonId> {
  const identities = identitiesIn(input);
  const writers = writersOf(input, trackOf(input.state, null));
  return new Set([...writers].map((id) => identities.same(id)));
}

/** The newest version that the proposer of this one had seen and that the policy's general rules hold to be approved. */
export function lastApprovedBefore(input: VersionInScope): VersionRecord | undefined {
  return approvedBefore(input, trackOf(input.state, null), wasApproved)[0];
}

/** The newest approved version of a prompt with a number below `below`. */
export function newestApproved(input: {
  state: LedgerState;
  prompt: PromptRecord;
  policy: Policy;
  scope: Scope;
  below: number;
}): VersionRecord | undefined {
  const track = trackOf(input.state, null);
  return candidatesOf(input, input.prompt, track).findLast(
    (version) => version.number < input.below && wasApproved({ ...input, version }, track),
  );
}

/** Each person's latest decision on a version that was not revoked, by the facts in scope. */
export function latestDecisions(input: VersionInScope): readonly Decision[] {
  const standing = standingDecisions(input, identitiesIn(input));
  return [...standing.values()].map((own) => own.at(-1)!);
}
