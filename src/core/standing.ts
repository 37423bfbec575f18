import type { VersionInScope } from './contributors.js';
import type { Identities } from './identities.js';
import type { PersonId } from './ids.js';
import { revocationsOf } from './revocations.js';
import type { Decision } from './trace.js';

/**
 * The decisions on a version that stand by the facts in scope, by the id that identities give: those that their own
 * person did not revoke, and on which they did not decide anew.
 */
export function standingDecisions(
  { state, version, scope }: VersionInScope,
  identities: Identities,
): ReadonlyMap<PersonId, readonly Decision[]> {
  const standing = new Map<PersonId, Decision[]>();
  for (const decision of version.decisions) {
    if (!scope(decision.seq)) continue;
    if (revocationsOf(state, decision, scope, identities).length > 0) continue;
    const person = identities.same(decision.event.header.who);
    const own = standing.get(person);
    if (own === undefined) standing.set(person, [decision]);
    else own.push(decision);
  }
  for (const [person, own] of standing) {
    if (own.length === 1) continue;
    // Of two that had not seen each other both stand: no order of arrival decides between them.
    const newest = own.filter(
      ({ seq }) => !own.some((other) => state.causality.isAncestor(seq, other.seq)),
    );
    standing.set(person, newest);
  }
  return standing;
}
