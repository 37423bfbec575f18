import { PromptAuditError } from '../core/errors.js';
import type { EventDraft } from '../core/event.js';
import { presentPause } from '../core/recorder.js';
import { declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import type { RecorderPauseRow, RecorderResult, RecorderStatus } from './recorderApi.js';

/** Whether this clone records nothing by itself now: neither saves nor observations. What is acted on is recorded. */
export function isRecorderPaused(context: TrailContext): boolean {
  return presentPause(context.state, context.store.writer) !== null;
}

export function recorderStatus({ state, store }: TrailContext): RecorderStatus {
  const pause = presentPause(state, store.writer);
  if (pause === null) return { paused: null };
  const { event } = pause.paused;
  const paused: RecorderPauseRow = {
    event: event.id,
    by: state.persons.ref(event.header.who),
    at: event.header.at,
    reason: event.body?.reason ?? null,
  };
  return { paused };
}

/** Stops recording in this clone, as an event. Throws `reason.missing`. */
export async function pauseRecorder(
  context: TrailContext,
  { reason }: { readonly reason: string },
): Promise<RecorderResult> {
  if (reason.trim() === '') throw noReason();
  return change(context, 'recorder.paused', reason);
}

/** Goes on recording in this clone, as an event. */
export async function resumeRecorder(
  context: TrailContext,
  { reason }: { readonly reason?: string },
): Promise<RecorderResult> {
  return change(context, 'recorder.resumed', reason ?? '');
}

async function change(
  context: TrailContext,
  type: 'recorder.paused' | 'recorder.resumed',
  reason: string,
): Promise<RecorderResult> {
  const isPause = type === 'recorder.paused';
  const isDone = (): boolean => isRecorderPaused(context) === isPause;
  if (isDone()) return { outcome: 'unchanged', event: null, ...recorderStatus(context) };
  const who = await declareActor(context);
  const draft: EventDraft = { type, who, refs: {}, body: { reason }, identity: 'git' };
  // Another process of this clone may have been faster.
  const event = await context.transact((tx) => (isDone() ? null : tx.append(draft)));
  const outcome = event === null ? 'unchanged' : isPause ? 'paused' : 'resumed';
  return { outcome, event: event?.id ?? null, ...recorderStatus(context) };
}

/** For who asks to record outright. Throws `recorder.paused`. */
export function assertRecording(context: TrailContext): void {
  const { paused } = recorderStatus(context);
  if (paused === null) return;
  const why = paused.reason === null ? '' : `: ${paused.reason}`;
  throw new PromptAuditError({
    code: 'recorder.paused',
    message: `The recorder of this clone is paused by ${paused.by.name}${why}`,
    remedy: 'Go on with: prompt-audit recorder resume',
  });
}

function noReason(): PromptAuditError {
  return new PromptAuditError({
    code: 'reason.missing',
    message: 'Nobody said why the recorder is paused.',
    remedy: 'Give the reason with -m.',
  });
}
