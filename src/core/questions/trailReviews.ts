import { isSigned } from '../signatures.js';
import { everything } from '../state.js';
import { columns } from './columns.js';
import { between, isInPeriod, periodCaveats, type Answering } from './ground.js';
import { personAt } from './naming.js';

/** Q40: when the trail was reviewed, by whom, and what came of it. `duration`: how old the last review may be. */
export const trailReviews: Answering = (ground, params) => {
  const { state, now } = ground;
  const rows = state.seqsOfType('trail.reviewed').flatMap((seq) => {
    const event = state.event(seq);
    if (!event.known || event.type !== 'trail.reviewed') return [];
    if (!isInPeriod(event.header.at, params)) return [];
    return [
      {
        at: event.header.at,
        who: personAt(ground, event.header.who, seq),
        scope: event.body?.scope ?? null,
        findings: event.body?.findings ?? null,
        disposition: event.body?.disposition ?? null,
        signed: isSigned(state, event.id, everything),
        event: event.id,
        identity: event.body?.identity ?? null,
        seq,
      },
    ];
  });
  const last = rows.at(-1);
  const isOverdue =
    params.duration !== undefined &&
    (last === undefined || between(last.at, now) > params.duration);
  return {
    columns: [
      columns.at,
      columns.who,
      { key: 'scope', title: 'Scope', kind: 'text' },
      { key: 'findings', title: 'Findings', kind: 'text' },
      { key: 'disposition', title: 'Disposition', kind: 'text' },
      { key: 'signed', title: 'Signed', kind: 'flag' },
      columns.event,
      { key: 'identity', title: 'Identity', kind: 'text', isDetail: true },
      columns.seq,
    ],
    rows,
    population: { of: 'events', count: state.size },
    counts: { overdue: isOverdue ? 1 : 0 },
    areExceptions: isOverdue,
    exceptions: isOverdue ? 1 : 0,
    summary:
      last === undefined
        ? 'Nobody has recorded a review of the trail.'
        : `The last review of the trail was recorded at ${last.at} by ${last.who.name}.`,
    caveats: periodCaveats(params),
  };
};
