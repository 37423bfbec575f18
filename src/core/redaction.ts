import { hasRole } from './roles.js';
import type { Reason } from './trace.js';
import type { EventOf, IdentityAssertion } from './event.js';
import { isDigest, type Digest, type EventId } from './ids.js';
import type { Actor } from './persons.js';
import type { Policy } from './policy.js';
import { adoptionInScope, policyInScope } from './policyInScope.js';
import type { ReasonCode } from './reasons.js';
import { hasRedactableBody } from './redactableBody.js';
import { ancestorsOf, type LedgerState, type Placed, type Scope } from './state.js';

/** An event, whose body goes, or a digest, whose content goes. */
export type RedactionTarget = EventId | Digest;

export type Redaction = Placed<EventOf<'redacted'>>;

/**
 * Every target that an authorised `redacted` event names, with the first of those events in the agreed
 * order. Each is judged by its ancestors alone, so all clones agree and nothing later changes it.
 * Remembered with the state: a call costs only what is new.
 */
export function authorisedRedactions(state: LedgerState): ReadonlyMap<RedactionTarget, Redaction> {
  return knownOf(state).byTarget;
}

/** Whether an authorised redaction covers a body or a text. */
export const isRedacted = (state: LedgerState, target: RedactionTarget): boolean =>
  authorisedRedactions(state).has(target);

/** Why a recorded redaction does not count; empty when it does. */
export function redactionProblems(state: LedgerState, redaction: Redaction): readonly Reason[] {
  return knownOf(state).problems.get(redaction.event.id) ?? [];
}

interface Redacting {
  readonly state: LedgerState;
  readonly policy: Policy | null;
  readonly who: Actor;
  readonly target: RedactionTarget;
  readonly reason: string | null;
  readonly identity: IdentityAssertion | null;
  readonly scope: Scope;
}

/** What the policy says of a redaction, by the facts in scope; nothing means that it is allowed. */
export function redactionReasons(input: Redacting): readonly Reason[] {
  return reasonsOf(input, knownOf(input.state).authorised);
}

function reasonsOf(input: Redacting, authorised: readonly Redaction[]): readonly Reason[] {
  const { reason } = input;
  const codes: ReasonCode[] = [...rightReasons(input)];
  if (reason === null || reason.trim() === '') codes.push('redaction.unexplained');
  const wrong = targetReason(input, authorised);
  if (wrong !== null) codes.push(wrong);
  return codes.map((code) => ({ code, events: [] }));
}

/** Why somebody has no right to redact, or to purge the history of the ledger branch; empty when they have. */
export function rightReasons(input: {
  policy: Policy | null;
  who: Actor;
  identity: IdentityAssertion | null;
}): readonly ReasonCode[] {
  const { policy, who, identity } = input;
  if (policy === null || policy.redaction.roles.length === 0) return ['redactor.nobody'];
  const codes: ReasonCode[] = [];
  if (!hasRole(who, policy.redaction.roles, policy)) codes.push('redactor.role');
  if (identity !== 'git' && !policy.redaction.unattended) codes.push('redaction.unattended');
  return codes;
}

interface Known {
  judged: number;
  readonly byTarget: Map<RedactionTarget, Redaction>;
  readonly authorised: Redaction[];
  readonly problems: Map<EventId, readonly Reason[]>;
}

const knownByState = new WeakMap<LedgerState, Known>();

function knownOf(state: LedgerState): Known {
  let known = knownByState.get(state);
  if (known === undefined) {
    known = { judged: 0, byTarget: new Map(), authorised: [], problems: new Map() };
    knownByState.set(state, known);
  }
  // In order: whether one counts may depend on those before it.
  for (; known.judged < state.redactions.length; known.judged++)
    judge(state, known, state.redactions[known.judged]!);
  return known;
}

function judge(state: LedgerState, known: Known, redaction: Redaction): void {
  const { seq, event } = redaction;
  const { target } = event.header.refs;
  const scope = ancestorsOf(state, seq);
  const input: Redacting = {
    state,
    policy: policyInScope(state, scope),
    who: state.persons.actor(event.header.who, scope),
    target,
    reason: event.body?.reason ?? null,
    identity: event.body?.identity ?? null,
    scope,
  };
  const problems = reasonsOf(input, known.authorised);
  if (problems.length > 0) {
    known.problems.set(event.id, problems);
    return;
  }
  known.authorised.push(redaction);
  if (!known.byTarget.has(target)) known.byTarget.set(target, redaction);
}

/** Why these facts do not let a target go; null when they do. */
function targetReason(input: Redacting, authorised: readonly Redaction[]): ReasonCode | null {
  const { state, target, scope, who } = input;
  if (isDigest(target)) {
    return state.withBytes(target).some(({ seq }) => scope(seq)) ? null : 'target.unknown';
  }
  const seq = state.seqOf(target);
  if (seq === undefined || !scope(seq)) return 'target.unknown';
  const type = state.typeAt(seq);
  if (!hasRedactableBody(type)) return 'target.kept';
  const earlier = authorised.filter((one) => scope(one.seq));
  if (type === 'policy.adopted') {
    // What judged a redaction must stay readable, or nobody could tell whether that one counts.
    const isEvidence = earlier.some(
      (one) => adoptionInScope(state, ancestorsOf(state, one.seq))?.seq === seq,
    );
    if (isEvidence) return 'target.evidence';
    return adoptionInScope(state, scope)?.seq === seq ? 'target.inForce' : null;
  }
  if (type === 'person.declared') {
    const event = state.event(seq) as EventOf<'person.declared'>;
    const person = state.persons.same(event.header.refs.person, scope);
    // Who redacts stays named, also by this very redaction: the role hangs on the address.
    const redactors = [...who.ids, ...earlier.map((one) => one.event.header.who)];
    const redacted = redactors.some((id) => state.persons.same(id, scope) === person);
    return redacted ? 'target.evidence' : null;
  }
  return null;
}
