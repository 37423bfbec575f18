import { eventRow } from '../eventRows.js';
import { orderOf } from '../requirementJudge.js';
import { columns } from './columns.js';
import type { Answering } from './ground.js';
import { eventNamed } from './naming.js';

/** Q36: which of two events came first, as far as the chain proves it. The rows stand in the agreed order. */
export const orderOfTwo: Answering = (ground, { subject = '', other = '' }) => {
  const { state, syncedSize } = ground;
  const [a, b] = [eventNamed(ground, subject), eventNamed(ground, other)];
  const order = a === b ? 'same' : orderOf({ state }, a, b);
  const [one, two] = [eventRow(state, syncedSize, a), eventRow(state, syncedSize, b)];
  const [first, second] = order === 'after' ? [two, one] : [one, two];
  const name = ({ id }: typeof one): string => id.slice(0, 7);
  const summary =
    order === 'same'
      ? `Both are event ${name(one)}.`
      : order === 'unknown'
        ? `Nobody can tell: neither ${name(one)} nor ${name(two)} had seen the other. Clocks and the order of arrival prove nothing.`
        : `Proven: ${name(first)} came before ${name(second)}, which names it among its ancestors.`;
  const isAgainst = order !== 'unknown' && order !== 'same' && first.at > second.at;
  const rows = (a === b ? [one] : [one, two].sort((x, y) => x.seq - y.seq)).map((row) => ({
    at: row.at,
    who: row.who,
    what: row.summary,
    path: row.path,
    event: row.id,
    type: row.type,
    seq: row.seq,
  }));
  return {
    columns: [
      columns.at,
      columns.who,
      { key: 'what', title: 'What', kind: 'text' },
      columns.path,
      columns.event,
      { key: 'type', title: 'Type', kind: 'text', isDetail: true },
      { ...columns.seq, isDetail: false },
    ],
    rows,
    population: { of: 'events', count: state.size },
    counts: { proven: order === 'unknown' ? 0 : 1 },
    areExceptions: false,
    summary,
    caveats: isAgainst ? ['The claimed times say the opposite: a clock was wrong.'] : [],
  };
};
