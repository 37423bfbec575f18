import type { EventShapes } from '../core/event.js';
import type { LedgerState } from '../core/state.js';

/** Up to which commits the history was gone through; of programs of before without `mode` and `tips`. */
export type HistoryMark = EventShapes['history.imported']['body'];
export type MarkMode = NonNullable<HistoryMark['mode']>;

/** What the ledger says of that, in its order; not what it no longer has. */
export function historyMarks(state: LedgerState): readonly HistoryMark[] {
  return state.seqsOfType('history.imported').flatMap((seq) => {
    const event = state.event(seq);
    const isMark = event.known && event.type === 'history.imported' && event.body !== null;
    return isMark ? [event.body] : [];
  });
}

/** The commits that those of one mode name. */
export function markedTips(state: LedgerState, mode: MarkMode): readonly string[] {
  const marks = historyMarks(state).filter((mark) => mark.mode === mode);
  return marks.flatMap(({ tips = [] }) => tips);
}
