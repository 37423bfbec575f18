import { isContributorIn, trackFor, trackOf, type VersionInScope } from './contributors.js';
import { filesInScope, type Identities } from './identities.js';
import type { EventId, PersonId } from './ids.js';
import { adoptionInScope } from './policyInScope.js';
import { filledQuotas } from './quotas.js';
import type { ReasonCode } from './reasons.js';
import { ownedPaths, type Requirement, type VersionAtPlaces } from './requirements.js';
import { revocationsOf } from './revocations.js';
import { hasRole, isOwner } from './roles.js';
import { Settlement, settlingRule } from './settledTalk.js';
import { isSigned } from './signatures.js';
import type { Decision, DecisionTrace, Order, TraceStep } from './trace.js';
import type { VersionRecord } from './state.js';

/** What is asked of a version, besides the facts by which it is judged. */
export interface ApprovalQuestion extends VersionAtPlaces {
  /** Null: approvals for whatever environment. Default: null. */
  readonly env?: string | null;
  /** When the act happens, ISO 8601; null: approvals do not expire. Default: null. */
  readonly at?: string | null;
  /** The seq of the act that is judged by its ancestors; null: what is judged is not recorded. Default: null. */
  readonly act?: number | null;
}

/** What one requirement finds. */
export interface Judged {
  readonly steps: readonly TraceStep[];
  readonly decisions: readonly DecisionTrace[];
  readonly counted: readonly Decision[];
}

const commentsNotAsked: TraceStep = {
  rule: null,
  check: 'comments',
  outcome: 'not-asked',
  code: null,
  events: [],
  wanted: null,
  got: null,
};

/** Judges the decisions on one version by one requirement after the other. */
export class RequirementJudge {
  readonly #question: ApprovalQuestion;
  readonly #identities: Identities;
  readonly #standing: ReadonlyMap<PersonId, readonly Decision[]>;

  constructor(
    question: ApprovalQuestion,
    identities: Identities,
    standing: ReadonlyMap<PersonId, readonly Decision[]>,
  ) {
    this.#question = question;
    this.#identities = identities;
    this.#standing = standing;
  }

  /** Whether comments are open that a requirement wants resolved. */
  comments(requirements: readonly Requirement[]): TraceStep {
    const rule = settlingRule(requirements.map((one) => one.rule));
    if (rule === null) return commentsNotAsked;
    const settlement = new Settlement(this.#question, this.#identities, rule);
    const events = settlement.unsettled().map(({ first }) => first.event.id);
    const got = events.length;
    return {
      ...commentsNotAsked,
      outcome: got > 0 ? 'fail' : 'pass',
      code: got > 0 ? 'comments.open' : null,
      events,
      got,
    };
  }

  /** `tellsOthers`: also of approvals of other versions where some are missing. */
  judge(requirement: Requirement, tellsOthers = true): Judged {
    const { rule } = requirement;
    const name = requirement.extra?.name ?? null;
    const decisions: DecisionTrace[] = [];
    const counted: Decision[] = [];
    for (const own of this.#standing.values()) {
      let best: Decision | undefined;
      for (const decision of own) {
        const { decision: kind } = decision.event.header.refs;
        const faults = kind === 'approved' ? this.#faults(requirement, decision) : [];
        const counts = kind === 'approved' && faults.length === 0;
        decisions.push(this.#traced(name, decision, 'before', counts, faults));
        if (counts && (best === undefined || isNewer(decision, best))) best = decision;
      }
      if (best !== undefined) counted.push(best);
    }
    decisions.push(...this.#fallen(name));
    const missing = counted.length < rule.required;
    const steps: TraceStep[] = [
      {
        rule: name,
        check: 'approvals',
        outcome: missing ? 'fail' : 'pass',
        code: missing ? 'approval.missing' : null,
        events: idsOf(counted),
        wanted: rule.required,
        got: counted.length,
      },
      ...this.#quotas(requirement, counted),
    ];
    if (tellsOthers && steps.some(({ outcome }) => outcome === 'fail'))
      decisions.push(...this.#elsewhere(name));
    return { steps, decisions, counted };
  }

  #quotas({ extra, rule }: Requirement, counted: readonly Decision[]): TraceStep[] {
    if (rule.allOf.length === 0) return [];
    const { policy, state, scope } = this.#question;
    const actors = counted.map(({ event }) => this.#identities.actor(event.header.who));
    const filled = filledQuotas(
      rule.allOf.map(({ required }) => required),
      actors.length,
      (person, quota) =>
        hasRole(actors[person]!, rule.allOf[quota]!.roles, policy, this.#identities),
    );
    const name = extra?.name ?? null;
    const steps = rule.allOf.map(({ required, roles }, quota): TraceStep => {
      const got = filled[quota]!;
      const missing = got < required;
      return {
        rule: name,
        check: 'quota',
        outcome: missing ? 'fail' : 'pass',
        code: missing ? 'approval.quota' : null,
        events: idsOf(counted),
        wanted: [String(required), ...roles],
        got,
      };
    });
    const nameless = counted.filter(({ event }) =>
      state.persons.isRedacted(event.header.who, scope),
    );
    if (nameless.length === 0 || steps.every(({ outcome }) => outcome === 'pass')) return steps;
    const events = idsOf(nameless);
    const person = { rule: name, check: 'person', outcome: 'fail', wanted: null } as const;
    return [...steps, { ...person, code: 'person.redacted', events, got: events.length }];
  }

  /** Why an approval does not count for a requirement. */
  #faults(requirement: Requirement, decision: Decision): readonly ReasonCode[] {
    const { state, version, policy, scope } = this.#question;
    const { rule } = requirement;
    const { header, body, id } = decision.event;
    const identities = this.#identities;
    const faults: ReasonCode[] = [];
    const actor = identities.actor(header.who);
    if (identities.isAgent(actor, state.persons.ref(header.who, scope).name))
      faults.push('approver.agent');
    if (!rule.contributors) {
      const track = trackFor(state, policy, requirement);
      if (isContributorIn(state, version, decision, track, identities))
        faults.push('approver.contributed');
    }
    if (!hasRole(actor, rule.roles, policy, identities)) faults.push('approver.role');
    if (rule.codeowners && !this.#owns(actor, requirement)) faults.push('approver.owner');
    if ((rule.roles.length > 0 || rule.codeowners) && state.persons.isRedacted(header.who, scope))
      faults.push('person.redacted');
    if (rule.signed) {
      if (!isSigned(state, id, scope)) faults.push('approval.unsigned');
    } else if (!rule.unattended && body?.identity !== 'git' && !isSigned(state, id, scope)) {
      // Without its body nobody can tell: a redaction must not make an approval count.
      faults.push(body === null ? 'decision.redacted' : 'approval.unattended');
    }
    if (!rule.sameClone && isOfOneClone(this.#question, decision))
      faults.push('approval.sameClone');
    if (this.#isExpired(rule.expires, decision)) faults.push('approval.expired');
    if (!this.#isForEnvironment(requirement, decision)) faults.push('approval.scope');
    if (!rule.otherPolicy && header.refs.policy !== this.#policyDigest())
      faults.push('approval.policy');
    const asksWords = rule.reason || rule.meanings.length > 0;
    if (asksWords && body === null) faults.push('decision.redacted');
    else {
      if (rule.reason && !body?.reason?.trim()) faults.push('approval.reason');
      if (rule.meanings.length > 0 && !rule.meanings.includes(body?.meaning ?? ''))
        faults.push('approval.meaning');
    }
    return faults;
  }

  #owns(actor: ReturnType<Identities['actor']>, { extra }: Requirement): boolean {
    const { state, policy, scope } = this.#question;
    const { codeowners } = this.#question.files ?? filesInScope(state, scope);
    const track = trackOf(state, extra && { rule: extra.approvals, policy });
    // Whoever owns one of two paths of a prompt that was moved since does not own the other.
    return (
      ownedPaths(this.#question, track)?.every((path) =>
        isOwner(actor, [path], codeowners, policy, this.#identities),
      ) === true
    );
  }

  /** By the claimed times of both; an approval with a later one is not old. */
  #isExpired(expires: number | null, { event }: Decision): boolean {
    const { at = null } = this.#question;
    if (expires === null || at === null) return false;
    return Date.parse(at) - Date.parse(event.header.at) > expires;
  }

  #isForEnvironment({ rule, envs }: Requirement, { event }: Decision): boolean {
    const { env = null, policy } = this.#question;
    const given = event.header.refs.envs ?? null;
    if (given === null) return !rule.scoped;
    const asked = envs ?? (env === null ? policy.environments.map(({ name }) => name) : [env]);
    return asked.every((one) => given.includes(one));
  }

  #policyDigest(): string | undefined {
    const { state, scope } = this.#question;
    return adoptionInScope(state, scope)?.event.header.refs.policy;
  }

  /** Decisions that do not stand any more, or of which the act had seen nothing. */
  #fallen(rule: string | null): DecisionTrace[] {
    const { state, version, scope, act = null } = this.#question;
    let standing = 0;
    for (const own of this.#standing.values()) standing += own.length;
    if (standing === version.decisions.length) return [];
    const found: DecisionTrace[] = [];
    for (const decision of version.decisions) {
      if (!scope(decision.seq)) {
        if (act === null || decision.event.header.refs.decision !== 'approved') continue;
        const order = orderOf(this.#question, decision.seq, act);
        const code = order === 'after' ? 'approval.after' : 'approval.unordered';
        found.push(this.#traced(rule, decision, order, false, [code]));
        continue;
      }
      const { who } = decision.event.header;
      const own = this.#standing.get(this.#identities.same(who)) ?? [];
      if (own.includes(decision)) continue;
      const revoked = revocationsOf(state, decision, scope, this.#identities);
      const because = idsOf(revoked.length > 0 ? revoked : own);
      const code = revoked.length > 0 ? 'approval.revoked' : 'approval.superseded';
      found.push(this.#traced(rule, decision, 'before', false, [code], because));
    }
    return found;
  }

  /** Approvals in scope of other bytes of the prompt, or of the same bytes in another version: the newest ones. */
  #elsewhere(rule: string | null): DecisionTrace[] {
    const { state, version, scope } = this.#question;
    const { causality } = state;
    const { versions } = version.prompt;
    const newest: VersionRecord[] = [];
    for (let at = versions.length - 1; at >= 0; at--) {
      const other = versions[at]!;
      if (other === version || !isApproved(other, scope)) continue;
      if (newest.some(({ seq }) => causality.isAncestor(other.seq, seq))) continue;
      newest.push(other);
      if (causality.firstUnseen(other.seq) === other.seq) break;
    }
    return newest.flatMap(({ decisions }) =>
      decisions
        .filter((decision) => scope(decision.seq) && isApproval(decision))
        .map((decision) =>
          this.#traced(rule, decision, 'before', false, ['approval.otherVersion']),
        ),
    );
  }

  #traced(
    rule: string | null,
    { event }: Decision,
    order: Order,
    counts: boolean,
    faults: readonly ReasonCode[],
    because: readonly EventId[] = [],
  ): DecisionTrace {
    const { version, decision } = event.header.refs;
    const by = this.#identities.same(event.header.who);
    return { rule, event: event.id, version, decision, by, order, counts, faults, because };
  }
}

const isApproval = ({ event }: Decision): boolean => event.header.refs.decision === 'approved';

const isApproved = ({ decisions }: VersionRecord, scope: VersionInScope['scope']): boolean =>
  decisions.some((decision) => isApproval(decision) && scope(decision.seq));

/** Whether an approval came from a clone that had recorded or proposed its bytes; who fetched them first wrote nothing. */
export function isOfOneClone(
  { state, version }: Pick<VersionInScope, 'state' | 'version'>,
  { seq, event: { header } }: Decision,
): boolean {
  return state
    .withBytes(version.event.header.refs.digest)
    .some(
      (one) =>
        one.writer === header.writer &&
        state.causality.isAncestor(one.seq, seq) &&
        state.typeAt(one.seq) !== 'revision.observed',
    );
}

/** The order of an event beside the act that is judged. */
export function orderOf({ state }: Pick<VersionInScope, 'state'>, seq: number, act: number): Order {
  if (state.causality.isAncestor(seq, act)) return 'before';
  return state.causality.isAncestor(act, seq) ? 'after' : 'unknown';
}

function isNewer(one: Decision, other: Decision): boolean {
  const [a, b] = [one.event.header.at, other.event.header.at];
  return a === b ? one.event.id > other.event.id : a > b;
}

const idsOf = (placed: readonly { readonly event: { readonly id: EventId } }[]): EventId[] =>
  placed.map(({ event }) => event.id);
