import assert from 'node:assert/strict';
import type { LedgerEvent } from '../../src/core/event.js';
import { activeRows } from '../../src/core/activeRows.js';
import { answer } from '../../src/core/questions/catalogue.js';
import { orderFindings } from '../../src/core/orderCheck.js';
import { ana, EventChain, ravi, rosa, triage } from '../tools/eventChain.js';

const now = Date.UTC(2026, 0, 2);

/** Codes of what the order of one event shows. */
function codes(chain: EventChain, event: LedgerEvent, at = now): string[] {
  const seq = chain.state.seqOf(event.id)!;
  return orderFindings(chain.state, event, seq, at).map(({ code }) => code);
}

function approvedVersion(chain: EventChain) {
  const version = chain.propose(ana, 'one');
  return { version, approval: chain.decide(ravi, version) };
}

describe('order and clocks', () => {
  it('an honest history shows nothing', () => {
    const chain = new EventChain().begin();
    chain.deploy(rosa, approvedVersion(chain).version);
    for (let seq = 1; seq <= chain.state.size; seq++)
      assert.deepEqual(codes(chain, chain.state.event(seq)), []);
  });

  it('a clock that runs against the chain, beyond what honest clocks differ', () => {
    const chain = new EventChain().begin();
    const { version } = approvedVersion(chain);
    const minutesBefore = (minutes: number): string =>
      new Date(Date.UTC(2026, 0, 1) - minutes * 60_000).toISOString();
    assert.deepEqual(codes(chain, chain.deploy(rosa, version, 'staging')), []);
    const near = chain.deploy(rosa, version, 'staging', { at: minutesBefore(4) });
    assert.deepEqual(codes(chain, near), []);
    const far = chain.deploy(rosa, version, 'production', { at: minutesBefore(20) });
    assert.deepEqual(codes(chain, far), ['clock.backwards']);
  });

  it('a time that has not come', () => {
    const chain = new EventChain().begin();
    const { version } = approvedVersion(chain);
    const event = chain.deploy(rosa, version, 'production', { at: '2030-01-01T00:00:00.000Z' });
    assert.deepEqual(codes(chain, event), ['clock.future']);
    assert.deepEqual(codes(chain, event, Date.UTC(2030, 0, 1)), []);
  });

  it('a deployment and a rejection that had not seen each other, in either order', () => {
    for (const first of ['deployment', 'rejection']) {
      const chain = new EventChain().begin();
      const { version, approval } = approvedVersion(chain);
      const parents = [approval.id];
      const deploy = () => chain.deploy(rosa, version, 'production', { parents });
      const reject = () => chain.decide(rosa, version, 'rejected', { parents });
      const [a, b] = first === 'deployment' ? [deploy(), reject()] : [reject(), deploy()];
      assert.deepEqual([...codes(chain, a), ...codes(chain, b)], ['order.concurrent'], first);
    }
  });

  it('a deployment and a retirement that had not seen each other, in either order', () => {
    for (const first of ['deployment', 'retirement']) {
      const chain = new EventChain().begin();
      const { version, approval } = approvedVersion(chain);
      const parents = [approval.id];
      const deploy = () => chain.deploy(rosa, version, 'production', { parents });
      const more = { prompt: triage, parents };
      const retire = () => chain.add('prompt.retired', ana, {}, { reason: 'r' }, more);
      const [a, b] = first === 'deployment' ? [deploy(), retire()] : [retire(), deploy()];
      assert.deepEqual([...codes(chain, a), ...codes(chain, b)], ['order.concurrent'], first);
      const { state } = chain;
      const query = { prompt: null, env: null, at: null };
      const [row] = activeRows(state, state.size, query);
      const { id } = first === 'deployment' ? b : a;
      assert.deepEqual(row?.later, [{ what: 'retired', event: id, order: 'unknown' }]);
      const ground = { state, syncedSize: state.size, now: new Date(now).toISOString() };
      for (const kind of ['active', 'baseline'])
        assert.match(
          answer(ground, kind, { env: 'production' }).caveats.join(),
          /the prompt was retired without having seen the deployment/,
        );
    }
  });

  it('a retirement of what is active nowhere is no matter of order', () => {
    const chain = new EventChain().begin();
    const { version } = approvedVersion(chain);
    const deployment = chain.deploy(rosa, version).id;
    const of = { prompt: triage };
    chain.add('deployment.ended', rosa, { deployment }, { reason: 'r' }, of);
    const retired = chain.add('prompt.retired', ana, {}, { reason: 'r' }, of);
    assert.deepEqual(codes(chain, retired), []);
    const query = { prompt: null, env: null, at: chain.state.timeAt(chain.state.size - 2) };
    const [row] = activeRows(chain.state, chain.state.size, query);
    assert.equal(row?.deployment, deployment);
    assert.equal(row.later, undefined);
  });

  it('a revoked approval and a withdrawn version that the deployment had not seen', () => {
    const chain = new EventChain().begin();
    const { version, approval } = approvedVersion(chain);
    const parents = [approval.id];
    chain.deploy(rosa, version, 'production', { parents });
    const more = { prompt: triage, parents };
    const revoked = chain.add(
      'review.revoked',
      ravi,
      { decision: approval.id },
      { reason: 'r' },
      more,
    );
    const withdrawn = chain.add(
      'version.withdrawn',
      ana,
      { version: version.id },
      { reason: 'r' },
      more,
    );
    assert.deepEqual(codes(chain, revoked), ['order.concurrent']);
    assert.deepEqual(codes(chain, withdrawn), ['order.concurrent']);
  });

  it('a rejection that the deployer had seen is no matter of order', () => {
    const chain = new EventChain().begin();
    const { version } = approvedVersion(chain);
    chain.decide(rosa, version, 'rejected');
    assert.deepEqual(codes(chain, chain.deploy(rosa, version)), []);
  });

  it('parents that leave out what the number of the version shows was seen', () => {
    const chain = new EventChain().begin();
    const root = chain.state.event(chain.state.size).id;
    chain.propose(ana, 'one');
    const revision = chain.revise(ana, 'two');
    const propose = (number: number, parents?: readonly (typeof root)[]) =>
      chain.add(
        'version.proposed',
        ana,
        { digest: revision.header.refs.digest, revision: revision.id, number },
        { path: 'triage.prompt.md', note: 'n' },
        { prompt: triage, ...(parents ? { parents } : {}) },
      );
    assert.deepEqual(codes(chain, propose(2, [root])), ['parents.understated']);
    assert.deepEqual(codes(chain, propose(1, [root])), []);
    assert.deepEqual(codes(chain, propose(4)), []);
    assert.deepEqual(codes(chain, propose(6)), ['parents.understated']);
  });
});
