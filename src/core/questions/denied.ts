import { eventRow } from '../eventRows.js';
import { columns } from './columns.js';
import { isInPeriod, periodCaveats, type Answering } from './ground.js';
import { assertEnvironment, promptIn } from './naming.js';
import type { AnswerRow } from './question.js';

/** Q28: what the policy refused: who tried what, and why not. */
export const deniedAttempts: Answering = (ground, params) => {
  const { state, syncedSize } = ground;
  if (params.env !== undefined) assertEnvironment(ground, params.env);
  const prompt = promptIn(ground, params);
  const rows: AnswerRow[] = [];
  for (const seq of state.seqsOfType('attempt.denied')) {
    if (prompt !== null && state.promptOfEvent(seq) !== prompt.id) continue;
    const event = state.event(seq);
    if (!event.known || event.type !== 'attempt.denied') continue;
    const { refs } = event.header;
    if (params.env !== undefined && refs.env !== params.env) continue;
    if (!isInPeriod(event.header.at, params)) continue;
    const row = eventRow(state, syncedSize, seq);
    rows.push({
      at: row.at,
      who: row.who,
      what: row.summary,
      path: state.versions.get(refs.version)?.prompt.path ?? row.path,
      reasons: [...new Set((event.body?.reasons ?? []).map(({ code }) => code))],
      event: row.id,
      version: row.version,
      env: refs.env,
      identity: event.body?.identity ?? null,
      seq,
    });
  }
  return {
    columns: [
      columns.at,
      columns.who,
      { key: 'what', title: 'What', kind: 'text' },
      columns.path,
      columns.reasons,
      columns.event,
      { ...columns.version, isDetail: true },
      { ...columns.env, isDetail: true },
      { key: 'identity', title: 'Identity', kind: 'text', isDetail: true },
      columns.seq,
    ],
    rows,
    population: { of: 'events', count: state.size },
    areExceptions: true,
    caveats: [
      'Only what this program refused is recorded, without refused redactions; what was tried past it is not.',
      ...periodCaveats(params),
    ],
  };
};
