import type { Identities } from './identities.js';
import type { EventOf } from './event.js';
import type { EventId } from './ids.js';
import { fallsBy } from './signedObjections.js';
import type { LedgerState, Placed, Scope } from './state.js';

type Revocation = LedgerState['revocations'][number];

interface Index {
  /** Number of the state's revocations that are in it. */
  size: number;
  readonly byDecision: Map<EventId, Revocation[]>;
}

const indexes = new WeakMap<LedgerState['revocations'], Index>();

/** What revokes a decision, by the facts in scope: only its own person does, after they made it (see `fallsBy`). */
export function revocationsOf(
  state: LedgerState,
  decision: Placed<EventOf<'review.decided'>>,
  scope: Scope,
  identities: Identities,
): readonly Revocation[] {
  return claimedRevocations(state, decision, scope, identities).filter((one) =>
    fallsBy(state, decision, one, scope, identities),
  );
}

/** The same with those that a signed objection withstands. */
export function claimedRevocations(
  state: LedgerState,
  decision: Placed<EventOf<'review.decided'>>,
  scope: Scope,
  identities: Identities,
): readonly Revocation[] {
  const found = indexOf(state).get(decision.event.id);
  if (found === undefined) return [];
  const own = identities.same(decision.event.header.who);
  return found.filter(
    ({ seq, event }) =>
      scope(seq) &&
      state.causality.isAncestor(decision.seq, seq) &&
      identities.same(event.header.who) === own,
  );
}

function indexOf({ revocations }: LedgerState): Index['byDecision'] {
  let index = indexes.get(revocations);
  if (index === undefined) {
    index = { size: 0, byDecision: new Map() };
    indexes.set(revocations, index);
  }
  for (; index.size < revocations.length; index.size++) {
    const revocation = revocations[index.size]!;
    const { decision } = revocation.event.header.refs;
    const known = index.byDecision.get(decision);
    if (known === undefined) index.byDecision.set(decision, [revocation]);
    else known.push(revocation);
  }
  return index.byDecision;
}
