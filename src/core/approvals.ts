import type { EventOf } from './event.js';
import type { PersonId } from './ids.js';
import type { Actor } from './persons.js';
import type { ApprovalRule, Policy } from './policy.js';
import type { ReasonCode } from './reasons.js';
import type { LedgerState, Placed, PromptRecord, Scope, VersionRecord } from './state.js';

/** Why something is refused, and the events that show it. */
export interface Reason {
  readonly code: ReasonCode;
  readonly events: readonly EventOf<
    'review.decided' | 'version.withdrawn' | 'version.proposed'
  >['id'][];
}

export interface ApprovalVerdict {
  readonly approved: boolean;
  readonly reasons: readonly Reason[];
  /** The decisions that count, one a person. */
  readonly counted: readonly Placed<EventOf<'review.decided'>>[];
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
 * Of several decisions of one person the latest that was not revoked counts.
 */
export function approvalVerdict(input: VersionInScope & { rule: ApprovalRule }): ApprovalVerdict {
  return judge(input, () => lastApprovedBefore(input));
}

function judge(
  input: VersionInScope & { rule: ApprovalRule },
  base: () => VersionRecord | undefined,
): ApprovalVerdict {
  const { state, version, rule, policy, scope } = input;
  const latest = latestDecisions(state, version, scope);
  const reasons: Reason[] = [];
  const withdrawn = version.withdrawals.filter((w) => scope(w.seq));
  if (withdrawn.length > 0)
    reasons.push({ code: 'version.withdrawn', events: withdrawn.map(idOf) });
  for (const [decision, code] of [
    ['rejected', 'version.rejected'],
    ['changes-requested', 'changes.requested'],
  ] as const) {
    const against = latest.filter((d) => d.event.header.refs.decision === decision);
    if (against.length > 0) reasons.push({ code, events: against.map(idOf) });
  }
  const contributed = rule.contributors ? null : contributorsSince(input, base());
  const eligible = latest.filter(
    ({ event }) =>
      event.header.refs.decision === 'approved' &&
      !contributed?.has(state.persons.same(event.header.who)) &&
      hasRole(state.persons.actor(event.header.who), rule.roles, policy),
  );
  const counted = eligible.filter(
    (d) => rule.unattended || d.event.body?.identity !== 'unattended',
  );
  if (counted.length < rule.required) {
    reasons.push({ code: 'approval.missing', events: counted.map(idOf) });
    const ignored = eligible.filter((d) => !counted.includes(d));
    if (ignored.length > 0)
      reasons.push({ code: 'approval.unattended', events: ignored.map(idOf) });
  }
  return { approved: reasons.length === 0, reasons, counted };
}

/**
 * Everybody who contributed to what is new in a version: authors of the revisions and proposers of
 * the versions since the last approved one, itself included. Ids are joined ids.
 */
export function contributors(input: VersionInScope): ReadonlySet<PersonId> {
  return contributorsSince(input, lastApprovedBefore(input));
}

function contributorsSince(
  { state, version }: VersionInScope,
  base: VersionRecord | undefined,
): ReadonlySet<PersonId> {
  const isPart = (seq: number): boolean =>
    seq === version.seq ||
    (state.causality.isAncestor(seq, version.seq) &&
      (base === undefined || (seq !== base.seq && !state.causality.isAncestor(seq, base.seq))));
  const people = new Set<PersonId>();
  for (const { seq, event } of version.prompt.revisions) {
    if (!isPart(seq)) continue;
    const author = event.type === 'revision.observed' ? event.header.refs.author : event.header.who;
    people.add(state.persons.same(author));
  }
  for (const { seq, event } of version.prompt.versions) {
    if (isPart(seq)) people.add(state.persons.same(event.header.who));
  }
  return people;
}

/** The newest version before this one that the policy's general rule holds to be approved. */
export function lastApprovedBefore(input: VersionInScope): VersionRecord | undefined {
  return newestApproved({
    ...input,
    prompt: input.version.prompt,
    below: input.version.number,
  });
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
  // Upwards, because whether a version is approved depends on the approved one before it.
  let newest: VersionRecord | undefined;
  for (const version of prompt.versions) {
    if (version.number >= below) break;
    if (!scope(version.seq)) continue;
    const base = newest;
    if (judge({ state, version, rule, policy, scope }, () => base).approved) newest = version;
  }
  return newest;
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
): readonly Placed<EventOf<'review.decided'>>[] {
  const revoked = new Set(
    state.revocations.filter((r) => scope(r.seq)).map((r) => r.event.header.refs.decision),
  );
  const byPerson = new Map<PersonId, Placed<EventOf<'review.decided'>>>();
  for (const decision of version.decisions) {
    if (!scope(decision.seq) || revoked.has(decision.event.id)) continue;
    byPerson.set(state.persons.same(decision.event.header.who), decision);
  }
  return [...byPerson.values()];
}

function idOf(placed: Placed<EventOf<'review.decided'> | EventOf<'version.withdrawn'>>) {
  return placed.event.id;
}
