import type { EventId } from './ids.js';
import type { LedgerState, Scope } from './state.js';

interface Index {
  /** Number of the state's revocations that are in it. */
  size: number;
  /** The seqs of the revocations of a decision. */
  readonly seqs: Map<EventId, number[]>;
}

const indexes = new WeakMap<LedgerState['revocations'], Index>();

/** Whether a decision was revoked, by the facts in scope. */
export function isRevoked(state: LedgerState, decision: EventId, scope: Scope): boolean {
  return indexOf(state).get(decision)?.some(scope) ?? false;
}

function indexOf({ revocations }: LedgerState): Index['seqs'] {
  let index = indexes.get(revocations);
  if (index === undefined) {
    index = { size: 0, seqs: new Map() };
    indexes.set(revocations, index);
  }
  for (; index.size < revocations.length; index.size++) {
    const { seq, event } = revocations[index.size]!;
    const { decision } = event.header.refs;
    const known = index.seqs.get(decision);
    if (known === undefined) index.seqs.set(decision, [seq]);
    else known.push(seq);
  }
  return index.seqs;
}
