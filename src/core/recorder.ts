import type { EventOf } from './event.js';
import type { WriterId } from './ids.js';
import type { LedgerState, Placed } from './state.js';

export type RecorderEvent = Placed<EventOf<'recorder.paused'> | EventOf<'recorder.resumed'>>;

/** A time in which the recorder of a clone was off. */
export interface RecorderPause {
  readonly writer: WriterId;
  readonly paused: Placed<EventOf<'recorder.paused'>>;
  /** Null while it is off. */
  readonly resumed: Placed<EventOf<'recorder.resumed'>> | null;
}

/**
 * When recorders were off, in the order in which they were paused. A clone is known by its writer id, so a copied clone
 * records. A pause within a pause, and a resume outside of one, say nothing.
 */
export function recorderPauses(state: LedgerState): readonly RecorderPause[] {
  const pauses: RecorderPause[] = [];
  const open = new Map<WriterId, number>();
  for (const { seq, event } of recorderEvents(state)) {
    const { writer } = event.header;
    const at = open.get(writer);
    if (event.type === 'recorder.paused' && at === undefined) {
      open.set(writer, pauses.push({ writer, paused: { seq, event }, resumed: null }) - 1);
    } else if (event.type === 'recorder.resumed' && at !== undefined) {
      pauses[at] = { ...pauses[at]!, resumed: { seq, event } };
      open.delete(writer);
    }
  }
  return pauses;
}

/** The pause that the recorder of a clone is in; null while it records. */
export function presentPause(state: LedgerState, writer: WriterId | null): RecorderPause | null {
  if (writer === null) return null;
  return (
    recorderPauses(state).find((pause) => pause.writer === writer && pause.resumed === null) ?? null
  );
}

function recorderEvents(state: LedgerState): RecorderEvent[] {
  const seqs = [
    ...state.seqsOfType('recorder.paused'),
    ...state.seqsOfType('recorder.resumed'),
  ].sort((a, b) => a - b);
  return seqs.flatMap((seq) => {
    const event = state.event(seq);
    const fits =
      event.known && (event.type === 'recorder.paused' || event.type === 'recorder.resumed');
    return fits ? [{ seq, event }] : [];
  });
}

/**
 * The revisions of prompts that were recorded while a recorder was off, by seq: those that its pause did not lead to
 * and that its resumption had not seen the end of, by topology. `own`: of this clone itself.
 */
export function revisionsMeanwhile(
  state: LedgerState,
  { paused, resumed, writer }: RecorderPause,
): readonly { readonly seq: number; readonly own: boolean }[] {
  const { causality } = state;
  const seqs = [
    ...state.seqsOfType('revision.observed'),
    ...state.seqsOfType('revision.saved'),
  ].sort((a, b) => a - b);
  return seqs
    .filter((seq) => !causality.isAncestor(seq, paused.seq))
    .filter((seq) => resumed === null || !causality.isAncestor(resumed.seq, seq))
    .map((seq) => ({ seq, own: state.event(seq).header.writer === writer }));
}
