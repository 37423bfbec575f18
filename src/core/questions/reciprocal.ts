import { contributors } from '../approvals.js';
import type { PersonId } from '../ids.js';
import { defaultPolicy } from '../policyFile.js';
import { policyInScope } from '../policyInScope.js';
import { ancestorsOf } from '../state.js';
import { approvalsIn } from './decisions.js';
import { periodCaveats, type Answering } from './ground.js';
import { identitiesNow } from './naming.js';
import type { AnswerRow } from './question.js';

const fewest = 5;

/**
 * Q14: pairs of people each of whom gave the other at least `count` (5) approvals, and at least half of all that they gave.
 * `expected`: as many as they would have given if they chose among the authors by how much those had approved.
 */
export const reciprocalPairs: Answering = (ground, params) => {
  const { state } = ground;
  const { count: least = fewest } = params;
  const identities = identitiesNow(state);
  const all = approvalsIn(ground, params);
  const gave = new Map<PersonId, number>();
  const got = new Map<PersonId, number>();
  const given = new Map<PersonId, Map<PersonId, number>>();
  for (const { version, decision } of all) {
    const by = identities.same(decision.event.header.who);
    const scope = ancestorsOf(state, decision.seq);
    const policy = policyInScope(state, scope) ?? defaultPolicy;
    const writers = new Set(
      [...contributors({ state, version, policy, scope })].map((id) => identities.same(id)),
    );
    raise(gave, by);
    const to = given.get(by) ?? new Map<PersonId, number>();
    given.set(by, to);
    for (const writer of writers) {
      if (writer === by) continue;
      raise(to, writer);
      raise(got, writer);
    }
  }
  const total = [...got.values()].reduce((sum, one) => sum + one, 0);
  const expected = (from: PersonId, to: PersonId): number =>
    Math.round(
      (10 * (gave.get(from) ?? 0) * (got.get(to) ?? 0)) / Math.max(1, total - (got.get(from) ?? 0)),
    ) / 10;
  const rows: AnswerRow[] = [];
  for (const [one, to] of given)
    for (const [other, there] of to) {
      const back = given.get(other)?.get(one) ?? 0;
      const isPair =
        one < other &&
        Math.min(there, back) >= least &&
        2 * there >= gave.get(one)! &&
        2 * back >= gave.get(other)!;
      if (isPair)
        rows.push({
          one: state.persons.ref(one),
          other: state.persons.ref(other),
          oneToOther: there,
          oneGave: gave.get(one)!,
          expectedThere: expected(one, other),
          otherToOne: back,
          otherGave: gave.get(other)!,
          expectedBack: expected(other, one),
        });
    }
  return {
    columns: [
      { key: 'one', title: 'One', kind: 'person' },
      { key: 'other', title: 'Other', kind: 'person' },
      { key: 'oneToOther', title: 'One approved other', kind: 'number' },
      { key: 'oneGave', title: 'Of', kind: 'number' },
      { key: 'expectedThere', title: 'Expected', kind: 'number' },
      { key: 'otherToOne', title: 'Other approved one', kind: 'number' },
      { key: 'otherGave', title: 'Of', kind: 'number' },
      { key: 'expectedBack', title: 'Expected', kind: 'number' },
    ],
    rows,
    population: { of: 'approvals', count: all.length },
    counts: { approvers: gave.size },
    areExceptions: true,
    caveats: [
      'Two people who work on the same prompts approve each other often. This only shows where to look.',
      ...periodCaveats(params),
    ],
  };
};

function raise(counts: Map<PersonId, number>, id: PersonId): void {
  counts.set(id, (counts.get(id) ?? 0) + 1);
}
