import type { EventId } from './ids.js';
import { MerkleTree } from './merkle.js';
import type { LedgerPoint } from './rows.js';
import { LedgerState } from './state.js';

/** What a ledger said at some time. */
export interface KnownThen {
  readonly state: LedgerState;
  /** How many of its events keep their place. */
  readonly syncedSize: number;
  readonly size: number;
  /** Merkle root over its events in the agreed order, 64 hex digits. */
  readonly root: string;
  /** Whether it is the first `size` events of the ledger, so that the root is one of a checkpoint. */
  readonly isPrefix: boolean;
  /** Events that claim to be of that time and are not in it, because they follow one that claims a later time. */
  readonly leftOut: LeftOut | null;
}

/** How many, and the first event in the agreed order that keeps others out: its id and claimed time. */
export interface LeftOut {
  readonly count: number;
  readonly after: EventId;
  readonly claims: string;
}

/**
 * The state of the events that were recorded at a time: the first so many, or those whose claimed time (ISO 8601) is not
 * later, without those that name one which came later. With an event all its ancestors are in it, so every verdict on it is the
 * same as in the whole ledger. What was redacted since is gone here, too.
 */
export function knownThen(
  whole: LedgerState,
  wholeSynced: number,
  asKnownAt: string | number,
): KnownThen {
  const state = new LedgerState();
  state.readSignature = whole.readSignature;
  const tree = new MerkleTree();
  const isIn = new Uint8Array(whole.size + 1);
  let syncedSize = 0;
  let last = 0;
  // By seq the event with the later time that keeps the one there out: itself, or one that it follows.
  const keptOut = new Uint32Array(whole.size + 1);
  let count = 0;
  let first = 0;
  const end = typeof asKnownAt === 'number' ? Math.min(asKnownAt, whole.size) : whole.size;
  for (let seq = 1; seq <= end; seq++) {
    if (typeof asKnownAt === 'string') {
      const isLater = whole.timeAt(seq) > asKnownAt;
      const out = whole.parentsOf(seq).find((at) => at !== 0 && isIn[at] !== 1);
      if (out !== undefined || isLater) {
        const cause = (keptOut[seq] = out === undefined ? seq : keptOut[out]!);
        if (!isLater) {
          count++;
          first = first === 0 ? cause : Math.min(first, cause);
        }
        continue;
      }
    }
    const event = whole.event(seq);
    isIn[seq] = 1;
    state.apply(event);
    tree.append(event.headerText);
    if (seq <= wholeSynced) syncedSize++;
    last = seq;
  }
  const leftOut =
    first === 0 ? null : { count, after: whole.idAt(first), claims: whole.timeAt(first) };
  const isPrefix = last === state.size;
  return { state, syncedSize, size: state.size, root: tree.root(), isPrefix, leftOut };
}

/** The point that an answer about then stands on. */
export const pointThen = (known: KnownThen, id: LedgerPoint['id']): LedgerPoint => ({
  id,
  size: known.size,
  root: known.root,
});
