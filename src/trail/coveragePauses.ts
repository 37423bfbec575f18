import { recorderPauses, revisionsMeanwhile, type RecorderEvent } from '../core/recorder.js';
import type { WalkedHistory } from '../git/coverageWalk.js';
import type { PauseEnd, PauseRow } from './coverageApi.js';
import type { TrailContext } from './context.js';

/** When the recorders of clones were off, and what changed meanwhile as far as the ledger's topology tells. */
export function pauseRows(
  { state, store }: TrailContext,
  history: WalkedHistory,
): readonly PauseRow[] {
  const endOf = ({ event }: RecorderEvent): PauseEnd => ({
    event: event.id,
    by: state.persons.ref(event.header.who),
    at: event.header.at,
    reason: event.body?.reason ?? null,
  });
  return recorderPauses(state).map((pause) => {
    const revisions = revisionsMeanwhile(state, pause);
    const commits = revisions.flatMap(({ seq }) => {
      const event = state.event(seq);
      return event.known && event.type === 'revision.observed' ? (event.body?.commit ?? []) : [];
    });
    return {
      writer: pause.writer,
      own: pause.writer === store.writer,
      paused: endOf(pause.paused),
      resumed: pause.resumed && endOf(pause.resumed),
      revisions: revisions.length,
      ownRevisions: revisions.filter(({ own }) => own).length,
      commits: [...new Set(commits)].filter((commit) => history.placeOf.has(commit)),
    };
  });
}
