import assert from 'node:assert/strict';
import { actCounts } from '../../src/core/actCounts.js';
import { LedgerState } from '../../src/core/state.js';
import { ana, EventChain, fakeId, ravi } from '../tools/eventChain.js';

/** What is counted step by step must be what a count of everything gives. */
function assertSame({ state }: EventChain): void {
  const anew = new LedgerState();
  for (let seq = 1; seq <= state.size; seq++) anew.apply(state.event(seq));
  assert.deepEqual(actCounts(state), actCounts(anew));
}

describe('counts of decisions and deployments', () => {
  it('grow with the ledger', () => {
    const chain = new EventChain().begin();
    assertSame(chain);
    for (const round of [1, 2, 3]) {
      const version = chain.propose(ana, `text ${round}`, round);
      chain.decide(ravi, version, round === 2 ? 'rejected' : 'approved');
      assertSame(chain);
      chain.decide(ravi, version);
      chain.deploy(ana, version);
      assertSame(chain);
    }
    assert.deepEqual(actCounts(chain.state), { acts: 9, signed: 0, oneClone: 5 });
  });

  it('do not count what another clone approved, or approved before this one had the bytes', () => {
    const chain = new EventChain().begin();
    const version = chain.propose(ana, 'text');
    const { refs } = version.header;
    const decision = { version: version.id, digest: refs.digest, policy: chain.policyDigest };
    const approve = (): unknown =>
      chain.add(
        'review.decided',
        ravi,
        { ...decision, decision: 'approved' },
        { meaning: 'm', reason: null },
        { prompt: version.header.prompt!, writer: fakeId(2) },
      );
    approve();
    assert.equal(actCounts(chain.state).oneClone, 0);
    const body = { path: 'triage.prompt.md', size: 4, source: 'cli' as const };
    const more = { prompt: version.header.prompt!, writer: fakeId(2) };
    chain.add('revision.saved', ravi, { digest: refs.digest }, body, more);
    assert.equal(actCounts(chain.state).oneClone, 0);
    approve();
    assert.equal(actCounts(chain.state).oneClone, 1);
    assertSame(chain);
  });
});
