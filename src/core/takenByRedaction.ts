import type { EventId, PersonId } from './ids.js';
import type { Policy } from './policy.js';
import { adoptionInScope } from './policyInScope.js';
import type { ReasonCode } from './reasons.js';
import { authorisedRedactions } from './redaction.js';
import type { LedgerState, Scope, VersionRecord } from './state.js';
import type { DecisionTrace, Reason, Trace, TraceStep } from './trace.js';

interface Refused {
  readonly state: LedgerState;
  readonly version: VersionRecord;
  readonly scope: Scope;
  /** Who acts; left out where nobody does. */
  readonly who?: PersonId;
  readonly verdict: { readonly reasons: readonly Reason[]; readonly trace: Trace };
  /** What judged; null: the policy in scope, which may be gone. */
  readonly policy: Policy | null;
}

/**
 * The `redacted` events that took what a verdict needs, where they alone may be why it is not good any more; null where
 * it would be the same with all that they took, or where it is good.
 */
export function takenByRedaction(refused: Refused): readonly EventId[] | null {
  const { state, verdict } = refused;
  if (verdict.reasons.length === 0 || authorisedRedactions(state).size === 0) return null;
  return new Taken(refused).by();
}

class Taken {
  readonly #refused: Refused;
  readonly #path: readonly EventId[];

  constructor(refused: Refused) {
    this.#refused = refused;
    this.#path = this.#bodyOf(refused.version.event.id);
  }

  by(): readonly EventId[] | null {
    const { state, scope, policy, verdict } = this.#refused;
    const adoption = policy === null ? adoptionInScope(state, scope) : undefined;
    if (adoption !== undefined && adoption.event.body === null)
      return orNull(this.#bodyOf(adoption.event.id));
    const found = new Set<EventId>();
    for (const step of verdict.trace.steps) {
      if (step.outcome !== 'fail') continue;
      const taken = this.#ofStep(step);
      if (taken.length === 0) return null;
      for (const id of taken) found.add(id);
    }
    return orNull([...found]);
  }

  #ofStep(step: TraceStep): readonly EventId[] {
    const { who, state } = this.#refused;
    const own = who === undefined ? [] : this.#person(who);
    switch (step.code) {
      case 'deployer.role':
      case 'breakGlass.role':
      case 'reviewer.role':
      case 'approver.role':
        return own;
      case 'approver.owner':
        return [...own, ...this.#path];
      case 'person.redacted':
        return step.events.flatMap((id) => {
          const seq = state.seqOf(id);
          return seq === undefined ? [] : this.#person(state.event(seq).header.who);
        });
      case 'approval.missing':
      case 'approval.quota':
        return this.#ofApprovals(step);
      default:
        return [];
    }
  }

  /** Of approvals that are missing: those that a redaction made useless, where they would be enough. */
  #ofApprovals({ rule, wanted, got, events, code }: TraceStep): readonly EventId[] {
    if (this.#path.length > 0 && this.#isByPath(rule)) return this.#path;
    const { decisions } = this.#refused.verdict.trace;
    const taken = decisions
      .filter((one) => one.rule === rule)
      .map((one) =>
        // One that counts may still lack the role of a quota.
        one.counts && code === 'approval.quota' && events.includes(one.event)
          ? this.#person(one.by)
          : this.#ofDecision(one),
      )
      .filter((ids) => ids.length > 0);
    const needed = typeof wanted === 'number' ? wanted : Number(wanted?.[0] ?? 1);
    return taken.length >= needed - (got ?? 0) ? taken.flat() : [];
  }

  #ofDecision({ event, by, counts, faults }: DecisionTrace): readonly EventId[] {
    if (counts || faults.length === 0) return [];
    const found = faults.map((fault) => this.#ofFault(fault, event, by));
    return found.some((ids) => ids.length === 0) ? [] : found.flat();
  }

  #ofFault(fault: ReasonCode, event: EventId, by: PersonId): readonly EventId[] {
    switch (fault) {
      case 'person.redacted':
      case 'approver.role':
        return this.#person(by);
      case 'approver.owner':
        return [...this.#person(by), ...this.#path];
      case 'decision.redacted':
      case 'approval.reason':
      case 'approval.meaning':
        return this.#bodyOf(event);
      default:
        return [];
    }
  }

  /** Without its path every rule by paths asks. */
  #isByPath(rule: string | null): boolean {
    const { policy, verdict } = this.#refused;
    if (rule === null) return false;
    const extra = policy?.rules.find(({ name }) => name === rule);
    if (extra !== undefined) return extra.paths.length > 0;
    return verdict.trace.asked.some((one) => one.extra?.name === rule);
  }

  #person(id: PersonId): readonly EventId[] {
    const { state, scope } = this.#refused;
    if (!state.persons.isRedacted(id, scope)) return [];
    const same = state.persons.same(id);
    const found: EventId[] = [];
    for (const [target, { event }] of authorisedRedactions(state)) {
      const seq = state.seqOf(target as EventId);
      const declared = seq === undefined ? undefined : state.event(seq);
      if (declared?.type === 'person.declared' && state.persons.same(declared.header.who) === same)
        found.push(event.id);
    }
    return found;
  }

  /** The redaction of an event's body; empty where that is here, or is gone without one. */
  #bodyOf(id: EventId): readonly EventId[] {
    const { state } = this.#refused;
    const seq = state.seqOf(id);
    const redaction = authorisedRedactions(state).get(id);
    if (seq === undefined || redaction === undefined) return [];
    return state.event(seq).bodyText === null ? [redaction.event.id] : [];
  }
}

const orNull = (ids: readonly EventId[]): readonly EventId[] | null =>
  ids.length === 0 ? null : [...new Set(ids)];
