import type { EventOf } from './event.js';
import { eventRow } from './eventRows.js';
import type { LaterFact } from './explainRows.js';
import { identitiesIn } from './identities.js';
import { defaultPolicy } from './policyFile.js';
import { adoptionInScope, policyInScope } from './policyInScope.js';
import { redactionRefs } from './redactionRefs.js';
import { hasRole } from './roles.js';
import { everything, type LedgerState, type VersionRecord } from './state.js';
import type { Trace } from './trace.js';

/**
 * What came after an event about a version, or of what nobody can tell whether it did: it changes no verdict on the
 * event, but whoever relies on it now should know.
 */
export function laterFacts(input: {
  readonly state: LedgerState;
  readonly syncedSize: number;
  readonly version: VersionRecord;
  readonly seq: number;
  /** What judged the event. */
  readonly trace: Trace;
}): readonly LaterFact[] {
  const { state, syncedSize, version, seq } = input;
  const found = new Map<number, string>();
  const add = (other: number, text: string): void => {
    if (other !== seq && !state.causality.isAncestor(other, seq) && !found.has(other))
      found.set(other, text);
  };
  for (const decision of version.decisions) add(decision.seq, decidedText(decision.event));
  for (const one of version.withdrawals) add(one.seq, 'the version was withdrawn');
  for (const { seq: at, event } of state.revocations)
    if (state.decisions.get(event.header.refs.decision) === version)
      add(at, 'a decision on it was revoked');
  for (const { seq: at, event } of version.talk)
    if (event.type === 'review.commented' && (event.header.refs.thread ?? null) === null)
      add(at, 'somebody commented on it');
  const named = [version.event.id, version.event.header.refs.digest, state.idAt(seq)];
  for (const target of [...named, ...version.decisions.map(({ event }) => event.id)])
    for (const { event } of redactionRefs(state, [target]))
      add(state.seqOf(event)!, 'something that it rests on was redacted');
  for (const [at, text] of lostRoles(input)) add(at, text);
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([other, text]) => ({
      event: eventRow(state, syncedSize, other),
      order: state.causality.isAncestor(seq, other) ? 'after' : 'unknown',
      text,
    }));
}

function decidedText({ header }: EventOf<'review.decided'>): string {
  const texts = {
    approved: 'somebody approved it',
    'changes-requested': 'somebody asked for changes',
    rejected: 'somebody rejected it',
  } as const;
  return texts[header.refs.decision];
}

/** Approvers who counted by a role that the policy in force now does not give them any more. */
function lostRoles({
  state,
  trace,
}: {
  readonly state: LedgerState;
  readonly trace: Trace;
}): readonly (readonly [seq: number, text: string])[] {
  const adoption = adoptionInScope(state, everything);
  if (adoption === undefined) return [];
  const policy = policyInScope(state, everything) ?? defaultPolicy;
  const identities = identitiesIn({ state, policy, scope: everything });
  const names = new Set<string>();
  for (const { rule, counts, by } of trace.decisions) {
    const roles = trace.asked.find((one) => (one.extra?.name ?? null) === rule)?.rule.roles ?? [];
    if (!counts || roles.length === 0) continue;
    if (!hasRole(identities.actor(by), roles, policy, identities))
      names.add(state.persons.ref(by).name);
  }
  if (names.size === 0) return [];
  const who = [...names].join(', ');
  return [[adoption.seq, `by this policy ${who} would have no role that counts`]];
}
