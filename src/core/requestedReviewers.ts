import type { Identities } from './identities.js';
import type { PersonId } from './ids.js';
import { standingDecisions } from './standing.js';
import { everything, type LedgerState, type VersionRecord } from './state.js';
import type { Policy } from './policy.js';

/** Whose review of a version was asked for and who did not decide since, by joined ids, in the order of the requests. */
export function openRequests(
  { state, policy, version }: { state: LedgerState; policy: Policy; version: VersionRecord },
  identities: Identities,
): readonly PersonId[] {
  const asked = new Map<PersonId, number>();
  for (const { seq, event } of version.talk)
    if (event.type === 'review.requested')
      for (const person of event.header.refs.persons) asked.set(identities.same(person), seq);
  if (asked.size === 0) return [];
  const standing = standingDecisions({ state, policy, version, scope: everything }, identities);
  return [...asked]
    .filter(([person, seq]) => !(standing.get(person) ?? []).some((d) => d.seq > seq))
    .map(([person]) => person);
}
