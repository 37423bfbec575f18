import { writersSince } from './bytesSince.js';
import type { EventOf } from './event.js';
import type { EventId, PersonId } from './ids.js';
import type { Actor } from './persons.js';
import type { ApprovalRule, Policy } from './policy.js';
import { defaultPolicy } from './policyFile.js';
import { adoptionInScope, policyInScope } from './policyInScope.js';
import type { ReasonCode } from './reasons.js';
import { isRevoked } from './revocations.js';
import { isSigned } from './signatures.js';
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
  const isFree = (d: Decision): boolean =>
    // Without its body nobody can tell: a redaction must not make an approval count.
    !rule.signed && (rule.unattended || d.event.body?.identity === 'git');
  const counted = eligible.filter((d) => isFree(d) || isSigned(state, d.event.id, scope));
  if (counted.length < rule.required) {
    reasons.push({ code: 'approval.missing', events: idsOf(counted) });
    const ignored = eligible.filter((d) => !counted.includes(d));
    const unsigned = rule.signed ? ignored : [];
    const unattended = rule.signed ? [] : ignored.filter((d) => d.event.body !== null);
    const unreadable = rule.signed ? [] : ignored.filter((d) => d.event.body === null);
    const nameless = latest.filter(
      (d) =>
        rule.roles.length > 0 &&
        d.event.header.refs.decision === 'approved' &&
        state.persons.isRedacted(d.event.header.who, scope),
    );
    for (const [decisions, code] of [
      [unsigned, 'approval.unsigned'],
      [unattended, 'approval.unattended'],
      [unreadable, 'decision.redacted'],
      [nameless, 'person.redacted'],
    ] as const) {
      if (decisions.length > 0) reasons.push({ code, events: idsOf(decisions) });
    }
  }
  return { approved: reasons.length === 0, reasons, counted };
}

/**
 * Everybody who contributed to a version, as joined ids: authors of revisions and proposers of
 * versions since the last approved one, itself included; and, however long ago, who wrote or
 * proposed exactly these bytes, under whatever path.
 */
export function contributors(input: VersionInScope): ReadonlySet<PersonId> {
  const { state, scope } = input;
  return new Set([...writersOf(input)].map((id) => state.persons.same(id, scope)));
}

/** The contributors by the ids that they used. */
function writersOf(input: VersionInScope): ReadonlySet<PersonId> {
  const { state, version } = input;
  const writers = writersSince(state, version, lastApprovedBefore(input));
  for (const { seq, by, coAuthors = [] } of state.withBytes(version.event.header.refs.digest)) {
    if (seq !== version.seq && !state.causality.isAncestor(seq, version.seq)) continue;
    for (const person of [by, ...coAuthors]) writers.add(person);
  }
  return writers;
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
  const settled = settledVersions(state, prompt);
  // Without contributors' own approvals, only versions with a decision by somebody else can be approved.
  const candidates = rule.contributors || rule.required === 0 ? prompt.versions : settled;
  return candidates.findLast(
    (version) =>
      version.number < below &&
      version.decisions.length >= rule.required &&
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
  const byPerson = new Map<PersonId, Decision>();
  for (const decision of version.decisions) {
    if (!scope(decision.seq) || isRevoked(state, decision.event.id, scope)) continue;
    byPerson.set(state.persons.same(decision.event.header.who, scope), decision);
  }
  return [...byPerson.values()];
}

interface Settled {
  /** How many decisions there were in the whole ledger then. */
  decisions: number;
  /** The versions that may have an approval by somebody who did not contribute, in their order. */
  readonly versions: VersionRecord[];
}

const settledPrompts = new WeakMap<PromptRecord, Settled>();

/**
 * Finds out hadContributed for all approvals of a prompt, the oldest first: each answer needs only those of
 * older ones, so the recursion stays flat however many versions there are. Returns the versions
 * of which some decision may be an approval by somebody else.
 */
function settledVersions(state: LedgerState, prompt: PromptRecord): readonly VersionRecord[] {
  const settled = settledPrompts.get(prompt) ?? { decisions: 0, versions: [] };
  if (settled.decisions === state.decisions.size) return settled.versions;
  settledPrompts.set(prompt, settled);
  settled.decisions = state.decisions.size;
  const open: { version: VersionRecord; decision: Decision }[] = [];
  const approvable = new Set(settled.versions);
  for (const version of prompt.versions) {
    for (const decision of version.decisions) {
      const own = state.ownDecisions.get(decision.seq);
      if (own === undefined) open.push({ version, decision });
      else if (!own && !approvable.has(version)) {
        approvable.add(version);
        insert(settled.versions, version);
      }
    }
  }
  open.sort((a, b) => a.decision.seq - b.decision.seq);
  for (const { version, decision } of open) {
    if (decision.event.header.refs.decision !== 'approved') {
      // Nobody asks about these: known, so that they are not looked at again.
      state.ownDecisions.set(decision.seq, true);
    } else if (!hadContributed(state, version, decision) && !approvable.has(version)) {
      approvable.add(version);
      insert(settled.versions, version);
    }
  }
  return settled.versions;
}

/** Nearly always at the end. */
function insert(versions: VersionRecord[], version: VersionRecord): void {
  const at = versions.findLastIndex((other) => other.number < version.number);
  versions.splice(at + 1, 0, version);
}

/**
 * Whether a decision was its own contributor's. A function of the decision's ancestors alone, so it is
 * remembered; that also keeps the recursion over older versions from growing with each of them.
 */
function hadContributed(state: LedgerState, version: VersionRecord, decision: Decision): boolean {
  const known = state.ownDecisions.get(decision.seq);
  if (known !== undefined) return known;
  const scope = ancestorsOf(state, decision.seq);
  const adoption = adoptionInScope(state, scope);
  const policy =
    policyInScope(state, scope) ?? (adoption?.event.body === null ? unreadable : defaultPolicy);
  const { who } = decision.event.header;
  const writers = writersOf({ state, version, policy, scope });
  const me = state.persons.same(who, scope);
  const own = writers.has(who) || [...writers].some((id) => state.persons.same(id, scope) === me);
  state.ownDecisions.set(decision.seq, own);
  return own;
}

/** In place of a redacted policy: with it nothing was approved, so nobody escapes being a contributor. */
const unreadable: Policy = {
  ...defaultPolicy,
  approvals: { ...defaultPolicy.approvals, required: Number.POSITIVE_INFINITY },
};

function idsOf(placed: readonly Placed[]): EventId[] {
  return placed.map(({ event }) => event.id);
}
