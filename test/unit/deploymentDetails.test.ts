import assert from 'node:assert/strict';
import { activeRows, spanOf, activeRow } from '../../src/core/activeRows.js';
import type { EventId } from '../../src/core/ids.js';
import type { ActiveRow } from '../../src/core/rows.js';
import { stateSummary } from '../../src/core/stateSummary.js';
import { ana, EventChain, fakeId, ravi, triage } from '../tools/eventChain.js';

const day = (n: number): string => new Date(Date.UTC(2026, 2, n)).toISOString();

function begin(): { chain: EventChain; v1: ReturnType<EventChain['propose']> } {
  const chain = new EventChain().begin();
  return { chain, v1: chain.propose(ana, 'one') };
}

function rows({ state }: EventChain, at: string | null = null): readonly ActiveRow[] {
  return activeRows(state, state.size, { prompt: null, env: 'production', at });
}

function rowOf({ state }: EventChain, id: EventId): ActiveRow {
  return activeRow(state, state.size, spanOf(state, id)!);
}

const end = (chain: EventChain, deployment: EventId, at: string): EventId =>
  chain.add('deployment.ended', ravi, { deployment }, { reason: 'off' }, { prompt: triage, at }).id;

describe('what a deployment row says besides', () => {
  it('what failed while it was active, and only that', () => {
    const { chain, v1 } = begin();
    chain.deploy(ravi, v1, 'production', { outcome: 'failed', at: day(1) });
    const first = chain.deploy(ravi, v1, 'production', { at: day(2) });
    const v2 = chain.propose(ana, 'two', 2);
    const failed = chain.deploy(ravi, v2, 'production', { outcome: 'failed', at: day(3) });
    chain.deploy(ravi, v2, 'staging', { outcome: 'failed', at: day(3) });
    const [row, ...others] = rows(chain);
    assert.equal(others.length, 0);
    assert.deepEqual(
      [row?.deployment, row?.failed],
      [first.id, [{ deployment: failed.id, version: 'v2', at: day(3) }]],
    );
    const tried = rowOf(chain, failed.id);
    assert.deepEqual([tried.outcome, tried.from, tried.to], ['failed', day(3), day(3)]);
    assert.deepEqual(rows(chain, day(3)), rows(chain, day(4)));
    chain.deploy(ravi, v2, 'production', { at: day(5) });
    assert.equal(rows(chain)[0]?.failed, undefined);
  });

  it('who ended it, and why', () => {
    const { chain, v1 } = begin();
    const first = chain.deploy(ravi, v1, 'production', { at: day(1) });
    const ended = end(chain, first.id, day(3));
    assert.deepEqual(rows(chain), []);
    const [row] = rows(chain, day(2));
    assert.deepEqual([row?.to, row?.ended?.event, row?.ended?.reason], [day(3), ended, 'off']);
    assert.deepEqual(rows(chain, day(3)), []);
  });

  it('what a rollback leaves', () => {
    const { chain, v1 } = begin();
    chain.deploy(ravi, v1);
    const v2 = chain.propose(ana, 'two', 2);
    const second = chain.deploy(ravi, v2);
    const back = chain.deploy(ravi, v1, 'production', { rollbackOf: second.id });
    assert.deepEqual(rowOf(chain, back.id).leaves, { deployment: second.id, version: 'v2' });
    assert.equal(rowOf(chain, second.id).leaves, undefined);
  });

  it('of two clones that deployed at once that neither had seen the other', () => {
    const { chain, v1 } = begin();
    const v2 = chain.propose(ana, 'two', 2);
    const zero = chain.deploy(ravi, v1);
    const parents = [...chain.heads];
    const one = chain.deploy(ravi, v1, 'production', { parents, writer: fakeId(7) });
    const two = chain.deploy(ana, v2, 'production', { parents, writer: fakeId(8) });
    const three = chain.deploy(ana, v1);
    assert.deepEqual(rowOf(chain, one.id).unseen, [two.id]);
    assert.deepEqual(rowOf(chain, two.id).unseen, [one.id]);
    for (const { id } of [zero, three]) assert.equal(rowOf(chain, id).unseen, undefined);
  });

  it('an end that had not seen the next deployment ends nothing of it', () => {
    const { chain, v1 } = begin();
    const first = chain.deploy(ravi, v1);
    const parents = [...chain.heads];
    const second = chain.deploy(ravi, v1, 'production', { parents, writer: fakeId(7) });
    const ends = { prompt: triage, parents, writer: fakeId(8) };
    chain.add('deployment.ended', ravi, { deployment: first.id }, { reason: 'r' }, ends);
    assert.deepEqual(
      rows(chain).map(({ deployment }) => deployment),
      [second.id],
    );
  });

  it('changes nothing of the summaries that sealed volumes carry', () => {
    const { chain, v1 } = begin();
    const first = chain.deploy(ravi, v1, 'production', { breakGlass: true });
    const refs = { deployment: first.id, outcome: 'accepted' as const };
    const before = stateSummary(chain.state);
    chain.add('deployment.reviewed', ana, refs, { findings: 'f' }, { prompt: triage });
    const without = (text: string): unknown => ({ ...(JSON.parse(text) as object), events: 0 });
    assert.deepEqual(without(stateSummary(chain.state)), without(before));
  });
});
