import assert from 'node:assert/strict';
import { activeRows } from '../../src/core/activeRows.js';
import { clockDoubts, deploymentDoubts } from '../../src/core/clockDoubts.js';
import { answer } from '../../src/core/questions/catalogue.js';
import { ana, EventChain, fakeId, ravi, rosa } from '../tools/eventChain.js';

const now = '2026-03-01T00:00:00.000Z';
const day = (number: number): string => `2026-01-${String(number).padStart(2, '0')}T12:00:00.000Z`;
const other = { writer: fakeId(2) };

/** A version that is approved on the tenth of January. */
function approved() {
  const chain = new EventChain().begin();
  const version = chain.propose(ana, 'one');
  chain.decide(ravi, version, 'approved', { at: day(10) });
  const doubtsAt = (at: string): readonly string[] =>
    clockDoubts(
      { state: chain.state, syncedSize: chain.state.size, now },
      { prompt: null, env: 'production', at },
    );
  const doubtsOf = (...events: { readonly id: never }[]): readonly string[] =>
    deploymentDoubts(
      { state: chain.state, syncedSize: chain.state.size, now },
      events.map(({ id }) => id),
    );
  return { chain, version, doubtsAt, doubtsOf };
}

describe('doubts about clocks', () => {
  it('are none in an honest history, whenever it is asked about', () => {
    const { chain, version, doubtsAt, doubtsOf } = approved();
    const first = chain.deploy(rosa, version, 'production', { ...other, at: day(11) });
    const second = chain.deploy(rosa, version, 'production', { ...other, at: day(12) });
    chain.decide(ravi, version, 'approved', { at: day(13) });
    for (let at = 1; at <= 14; at++) assert.deepEqual(doubtsAt(day(at)), []);
    assert.deepEqual(doubtsOf(first as never, second as never), []);
  });

  it('name a deployment whose clock is behind an event that it builds on', () => {
    const { chain, version, doubtsAt, doubtsOf } = approved();
    // The same slow computer recorded something else before.
    chain.add(
      'trail.reviewed',
      rosa,
      {},
      { scope: 's', findings: 'f', disposition: 'd' },
      { ...other, at: day(8) },
    );
    const slow = chain.deploy(rosa, version, 'production', { ...other, at: day(8) });
    const [said, ...more] = doubtsAt(day(9));
    assert.deepEqual(more, []);
    assert.match(
      said!,
      /triage\.prompt\.md v1 in production: .* said 2026-01-08T12.* 2 days behind/,
    );
    assert.match(said!, /not active before that event, which claims 2026-01-10T12/);
    assert.deepEqual(doubtsAt(day(7)), []);
    assert.deepEqual(doubtsOf(slow as never), [said]);
    const { caveats } = answer(
      { state: chain.state, syncedSize: chain.state.size, now },
      'baseline',
      { env: 'production', at: day(9) },
    );
    assert.ok(caveats.includes(said!));
  });

  it('name what a fast clock keeps out of an answer, where somebody had seen it', () => {
    const { chain, version, doubtsAt } = approved();
    chain.deploy(rosa, version, 'production', { ...other, at: day(20) });
    assert.deepEqual(doubtsAt(day(15)), []);
    const seen = chain.decide(ravi, version, 'approved', { at: day(12) });
    const [said] = doubtsAt(day(15));
    assert.ok(said!.includes(`event ${seen.id.slice(0, 7)}`));
    assert.match(said!, /was active before that event/);
    assert.deepEqual(doubtsAt(day(11)), []);
  });

  it('name a time that has not come, though nothing was active then', () => {
    const { chain, version, doubtsAt } = approved();
    chain.deploy(rosa, version, 'production', { ...other, at: '2027-01-01T00:00:00.000Z' });
    const query = { prompt: null, env: 'production', at: now };
    assert.deepEqual(activeRows(chain.state, chain.state.size, query), []);
    assert.match(doubtsAt(now).join(), /has not come yet/);
  });

  it('name a time that ends before it begins', () => {
    const { chain, version, doubtsAt, doubtsOf } = approved();
    const fast = chain.deploy(rosa, version, 'production', { ...other, at: day(20) });
    chain.deploy(ravi, version, 'production', { at: day(12) });
    assert.match(doubtsOf(fast as never).join(), /by the clocks it ended .* before it began/);
    assert.match(doubtsAt(day(15)).join(), /before it began/);
  });
});
