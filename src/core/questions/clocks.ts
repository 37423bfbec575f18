import { clockFinding } from '../orderCheck.js';
import { eventRow } from '../eventRows.js';
import { columns } from './columns.js';
import { between, isInPeriod, periodCaveats, type Answering } from './ground.js';
import { promptIn } from './naming.js';
import type { AnswerRow } from './question.js';

const judged: ReadonlySet<string> = new Set(['deployment.recorded', 'review.decided']);

/**
 * Q34: events whose clocks run against the chain, as `verify` finds them, and what hangs on clocks: whether an approval had
 * expired, whether a key was valid, and what was active when.
 */
export const clockAnomalies: Answering = (ground, params) => {
  const { state, syncedSize } = ground;
  const prompt = promptIn(ground, params);
  const now = Date.parse(ground.now);
  const rows: AnswerRow[] = [];
  let count = 0;
  for (let seq = 1; seq <= state.size; seq++) {
    if (prompt !== null && state.promptOfEvent(seq) !== prompt.id) continue;
    const at = state.timeAt(seq);
    if (!isInPeriod(at, params)) continue;
    count++;
    const found = clockFinding(state, { at, id: state.idAt(seq) }, seq, now);
    if (found === null) continue;
    const event = state.event(seq);
    const row = eventRow(state, syncedSize, seq, event);
    const bound = /^\S+Z/.exec(found.expected ?? '')?.[0] ?? null;
    rows.push({
      at,
      who: row.who,
      what: row.summary,
      path: row.path,
      code: found.code,
      bound,
      off: bound === null ? null : Math.abs(between(at, bound)),
      affects: judged.has(event.type),
      event: row.id,
      writer: event.header.writer,
      seq,
    });
  }
  return {
    columns: [
      columns.at,
      columns.who,
      { key: 'what', title: 'What', kind: 'text' },
      columns.path,
      { key: 'code', title: 'Anomaly', kind: 'text' },
      { key: 'bound', title: 'Not before (or after)', kind: 'time' },
      { key: 'off', title: 'Off by', kind: 'duration' },
      { key: 'affects', title: 'An act that is judged', kind: 'flag' },
      columns.event,
      { key: 'writer', title: 'Clone', kind: 'text', isDetail: true },
      columns.seq,
    ],
    rows,
    population: { of: 'events', count },
    counts: { affecting: rows.filter((row) => row['affects'] === true).length },
    areExceptions: true,
    caveats: [
      'Which of two clocks was wrong, nobody can tell. No order of approval and deployment is decided by a clock; only expiry, ' +
        'the validity of keys, due dates and "active at" are.',
      ...periodCaveats(params),
    ],
  };
};
