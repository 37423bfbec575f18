import type { VersionInScope } from './contributors.js';
import type { Identities } from './identities.js';
import type { EventId, PersonId } from './ids.js';
import { claimedRevocations, revocationsOf } from './revocations.js';
import { fallsBy } from './signedObjections.js';
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
      (one) =>
        !own.some(
          (other) =>
            state.causality.isAncestor(one.seq, other.seq) &&
            fallsBy(state, one, other, scope, identities),
        ),
    );
    standing.set(person, newest);
  }
  return standing;
}

/** Signed objections that stand, with what would have removed them if it were signed; in this order, each once. */
export function withstood(
  { state, scope }: VersionInScope,
  identities: Identities,
  standing: ReadonlyMap<PersonId, readonly Decision[]>,
): readonly EventId[] {
  const found = new Set<EventId>();
  for (const own of standing.values())
    for (const one of own) {
      if (!state.signatures.has(one.event.id)) continue;
      const later = [
        ...own.filter(({ seq }) => state.causality.isAncestor(one.seq, seq)),
        ...claimedRevocations(state, one, scope, identities),
      ].filter((other) => !fallsBy(state, one, other, scope, identities));
      for (const { event } of later.length > 0 ? [one, ...later] : []) found.add(event.id);
    }
  return [...found];
}
