import type { EventOf } from './event.js';
import type { EventId, PersonId } from './ids.js';
import type { Actor } from './persons.js';
import type { ApprovalRule, Policy } from './policy.js';
import { defaultPolicy } from './policyFile.js';
import { policyInScope } from './policyInScope.js';
import type { ReasonCode } from './reasons.js';
import {
  ancestorsOf,
  type LedgerState,
  type Placed,
  type PromptRecord,
  type Scope,
  type VersionRecord,
} from './state.js';

/** Why something is refused, and the events that show it. */
export interface Reason {
  readonly code: ReasonCode;
  readonly events: readonly EventId[];
}

type Decision = Placed<EventOf<'review.decided'>>;

export interface ApprovalVerdict {
  readonly approved: boolean;
  readonly reasons: readonly Reason[];
  /** The decisions that count, one a person. */
  readonly counted: readonly Decision[];
}

/** A version, and the policy and the facts by which it is judged. */
export interface VersionInScope {
  readonly state: LedgerState;
  readonly version: VersionRecord;
  readonly policy: Policy;
  readonly scope: Scope;
}

/**
 * Whether a version has the approvals that a rule asks for, by the facts in scope (DESIGN.md §7).
 * Of several decisions of one person the latest that was not revoked counts. Whether an approver
 * had contributed is judged by what stood before their decision, so nothing later changes it.
 */
export function approvalVerdict(input: VersionInScope & { rule: ApprovalRule }): ApprovalVerdict {
  const { state, version, rule, policy, scope } = input;
  const latest = latestDecisions(state, version, scope);
  const reasons: Reason[] = [];
  const withdrawn = version.withdrawals.filter((w) => scope(w.seq));
  if (withdrawn.length > 0) reasons.push({ code: 'version.withdrawn', events: idsOf(withdrawn) });
  for (const [decision, code] of [
    ['rejected', 'version.rejected'],
    ['changes-requested', 'changes.requested'],
  ] as const) {
    const against = latest.filter((d) => d.event.header.refs.decision === decision);
    if (against.length > 0) reasons.push({ code, events: idsOf(against) });
  }
  const eligible = latest.filter(
    (decision) =>
      decision.event.header.refs.decision === 'approved' &&
      (rule.contributors || !hadContributed(state, version, decision)) &&
      hasRole(state.persons.actor(decision.event.header.who, scope), rule.roles, policy),
  );
  const counted = eligible.filter(
    (d) => rule.unattended || d.event.body?.identity !== 'unattended',
  );
  if (counted.length < rule.required) {
    reasons.push({ code: 'approval.missing', events: idsOf(counted) });
    const ignored = eligible.filter((d) => !counted.includes(d));
    if (ignored.length > 0) reasons.push({ code: 'approval.unattended', events: idsOf(ignored) });
  }
  return { approved: reasons.length === 0, reasons, counted };
}

/**
 * Everybody who contributed to a version, as joined ids: authors of revisions and proposers of
 * versions since the last approved one, itself included; and, however long ago, who wrote or
 * proposed exactly these bytes, under whatever path.
 */
export function contributors(input: VersionInScope): ReadonlySet<PersonId> {
  const { state, version, scope } = input;
  const base = lastApprovedBefore(input);
  const before = (seq: number): boolean =>
    seq === version.seq || state.causality.isAncestor(seq, version.seq);
  const isNew = (seq: number): boolean =>
    base === undefined || (seq !== base.seq && !state.causality.isAncestor(seq, base.seq));
  const parts = [...version.prompt.revisions, ...version.prompt.versions].filter(
    ({ seq }) => before(seq) && isNew(seq),
  );
  const sameBytes = state.byDigest.get(version.event.header.refs.digest) ?? [];
  const people = new Set<PersonId>();
  for (const { event } of [...parts, ...sameBytes.filter(({ seq }) => before(seq))]) {
    const observed = event.type === 'revision.observed';
    people.add(state.persons.same(observed ? event.header.refs.author : event.header.who, scope));
  }
  return people;
}

/** The newest version before this one that the policy's general rule holds to be approved. */
export function lastApprovedBefore(input: VersionInScope): VersionRecord | undefined {
  return newestApproved({ ...input, prompt: input.version.prompt, below: input.version.number });
}

/** The newest approved version of a prompt with a number below `below`. */
export function newestApproved(input: {
  state: LedgerState;
  prompt: PromptRecord;
  policy: Policy;
  scope: Scope;
  below: number;
}): VersionRecord | undefined {
  const { state, prompt, policy, scope, below } = input;
  const rule = policy.approvals;
  // Upwards first: each answer needs those of older versions only, so the recursion stays flat.
  for (const version of prompt.versions) {
    if (version.number >= below) break;
    for (const decision of version.decisions) hadContributed(state, version, decision);
  }
  return prompt.versions.findLast(
    (version) =>
      version.number < below &&
      scope(version.seq) &&
      approvalVerdict({ state, version, rule, policy, scope }).approved,
  );
}

/** Whether an actor has one of the roles; no roles means everybody. */
export function hasRole(actor: Actor, roles: readonly string[], policy: Policy): boolean {
  if (roles.length === 0) return true;
  const email = actor.email?.toLowerCase();
  return roles.some((role) => {
    const members = policy.roles[role] ?? [];
    return members.includes('*') || (email !== undefined && members.includes(email));
  });
}

/** Each person's latest decision on a version that was not revoked, by the facts in scope. */
export function latestDecisions(
  state: LedgerState,
  version: VersionRecord,
  scope: Scope,
): readonly Decision[] {
  const revoked = new Set(
    state.revocations.filter((r) => scope(r.seq)).map((r) => r.event.header.refs.decision),
  );
  const byPerson = new Map<PersonId, Decision>();
  for (const decision of version.decisions) {
    if (!scope(decision.seq) || revoked.has(decision.event.id)) continue;
    byPerson.set(state.persons.same(decision.event.header.who, scope), decision);
  }
  return [...byPerson.values()];
}

/**
 * Whether a decision was its own contributor's. A function of the decision's ancestors alone, so it is
 * remembered; that also keeps the recursion over older versions from growing with each of them.
 */
function hadContributed(state: LedgerState, version: VersionRecord, decision: Decision): boolean {
  const known = state.ownDecisions.get(decision.event.id);
  if (known !== undefined) return known;
  const scope = ancestorsOf(state, decision.seq);
  const policy = policyInScope(state, scope) ?? defaultPolicy;
  const people = contributors({ state, version, policy, scope });
  const own = people.has(state.persons.same(decision.event.header.who, scope));
  state.ownDecisions.set(decision.event.id, own);
  return own;
}

function idsOf(placed: readonly Placed[]): EventId[] {
  return placed.map(({ event }) => event.id);
}
