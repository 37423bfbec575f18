import type { PersonId } from '../ids.js';
import { decisionColumns, decisionRow } from './decisionRow.js';
import { approvalsIn, type DecisionOn } from './decisions.js';
import { between, periodCaveats, type Answering } from './ground.js';
import { identitiesNow } from './naming.js';

const fastByDefault = 30_000;

/** Q13: approvals sooner after the proposal than `duration` (30 s), and how many their person gave on that day (UTC) anywhere. */
export const fastApprovals: Answering = (ground, params) => {
  const { duration = fastByDefault } = params;
  const identities = identitiesNow(ground.state);
  const dayOf = ({ decision }: DecisionOn): string => {
    const { who, at } = decision.event.header;
    return `${identities.same(who)} ${at.slice(0, 10)}`;
  };
  // Whatever is asked about: how busy somebody was does not end with a prompt.
  const perDay = new Map<string, number>();
  for (const one of approvalsIn(ground, {}))
    perDay.set(dayOf(one), (perDay.get(dayOf(one)) ?? 0) + 1);
  const all = approvalsIn(ground, params).map((one) => {
    const took = between(one.version.event.header.at, one.decision.event.header.at);
    return { one, took, thatDay: perDay.get(dayOf(one))! };
  });
  const fast = all.filter(({ took }) => took >= 0 && took < duration);
  const people = new Set<PersonId>(
    fast.map(({ one }) => identities.same(one.decision.event.header.who)),
  );
  return {
    columns: [
      ...decisionColumns,
      { key: 'took', title: 'After', kind: 'duration' },
      { key: 'thatDay', title: 'Approvals that day', kind: 'number' },
    ],
    rows: fast.map(({ one, took, thatDay }) => ({ ...decisionRow(ground, one), took, thatDay })),
    population: { of: 'approvals', count: all.length },
    counts: {
      people: people.size,
      mostInOneDay: all.reduce((most, { thatDay }) => Math.max(most, thatDay), 0),
      untold: all.filter(({ took }) => took < 0).length,
    },
    areExceptions: true,
    caveats: [
      'How long an approval took is by the clocks of two people. Nobody can tell whether they read the text.',
      ...periodCaveats(params),
    ],
  };
};
