import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Causality } from '../../src/core/causality.js';

describe('causality', () => {
  it('agrees with walking the parents, for any graph', () => {
    const graph = fc.array(fc.array(fc.nat({ max: 60 }), { maxLength: 4 }), { maxLength: 60 });
    fc.assert(
      fc.property(graph, (choices) => {
        const parentsOf = choices.map((picks, i) =>
          [...new Set(picks.map((p) => (p % (i + 1)) + 0))].filter((p) => p > 0),
        );
        const causality = new Causality();
        for (const parents of parentsOf) causality.add(parents);
        for (let seq = 1; seq <= parentsOf.length; seq++) {
          const ancestors = walk(parentsOf, seq);
          for (let other = 1; other <= parentsOf.length; other++) {
            assert.equal(
              causality.isAncestor(other, seq),
              ancestors.has(other),
              `${other} of ${seq}`,
            );
          }
        }
      }),
    );
  });

  it('shares one set of unseen events along a run that was recorded offline', () => {
    const causality = new Causality();
    causality.add([]);
    for (let i = 0; i < 1000; i++) causality.add([i + 1]);
    causality.add([1]);
    for (let i = 0; i < 1000; i++) causality.add([causality.size]);
    assert.equal(causality.isAncestor(500, 2002), false);
    assert.equal(causality.isAncestor(1, 2002), true);
    assert.equal(causality.isAncestor(1500, 2002), true);
  });
});

function walk(parentsOf: readonly (readonly number[])[], seq: number): Set<number> {
  const seen = new Set<number>();
  const queue = [...parentsOf[seq - 1]!];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    queue.push(...parentsOf[next - 1]!);
  }
  return seen;
}
