import assert from 'node:assert/strict';
import { knownThen } from '../../src/core/asKnown.js';
import { decodeEvent } from '../../src/core/eventCodec.js';
import type { EventId } from '../../src/core/ids.js';
import { answer } from '../../src/core/questions/catalogue.js';
import type { QuestionAnswer, QuestionParams } from '../../src/core/questions/question.js';
import { LedgerState } from '../../src/core/state.js';
import { ana, EventChain, fakeId, ravi, rosa } from '../tools/eventChain.js';

const now = '2026-03-01T00:00:00.000Z';

function ask(state: LedgerState, kind: string, params: QuestionParams = {}): QuestionAnswer {
  return answer({ state, syncedSize: state.size, now }, kind, params);
}

/** The same ledger after these bodies are gone. */
function without(chain: EventChain, gone: readonly EventId[]): LedgerState {
  const state = new LedgerState();
  for (let seq = 1; seq <= chain.state.size; seq++) {
    const event = chain.state.event(seq);
    const decoded = decodeEvent(event.headerText, gone.includes(event.id) ? null : event.bodyText);
    assert.ok(decoded.ok);
    state.apply(decoded.event);
  }
  return state;
}

const policy = (approvals: object = {}): string =>
  JSON.stringify({
    version: 1,
    roles: { compliance: ['rosa@clinic.example'], reviewer: ['ravi@clinic.example'] },
    approvals: { roles: ['reviewer'], ...approvals },
    redaction: { roles: ['compliance'] },
    environments: { production: {} },
  });

const events = ({ rows }: QuestionAnswer): unknown[] => rows.map((row) => row['event']);

describe('questions after a redaction', () => {
  it('accuse nobody of having had no role whose address is gone', () => {
    const chain = new EventChain().begin(policy());
    const version = chain.propose(ana, 'one');
    const wrong = chain.decide(rosa, version);
    chain.decide(ravi, version);
    assert.deepEqual(events(ask(chain.state, 'exceptions.approver-authority')), [wrong.id]);
    const { size } = chain.state;
    const declared = chain.state.event(3);
    assert.equal(declared.header.who, ravi);
    chain.add('redacted', rosa, { target: declared.id }, { reason: 'asked to' });
    const left = without(chain, [declared.id]);
    for (const state of [left, knownThen(left, left.size, size).state]) {
      const found = ask(state, 'exceptions.approver-authority');
      assert.deepEqual(events(found), [wrong.id]);
      assert.deepEqual(found.counts, { untold: 1 });
      assert.match(found.caveats.join(), /Of 1 other approval nobody can tell/);
    }
  });

  it('show what took the text, and do not say that nothing is missing', () => {
    const chain = new EventChain().begin(policy());
    const version = chain.propose(ana, 'one');
    const trail = (): QuestionAnswer => ask(chain.state, 'trail', { subject: version.id });
    assert.match(trail().summary!, /nothing that they name is missing\.$/);
    const target = version.header.refs.digest;
    const gone = chain.add('redacted', rosa, { target }, { reason: 'a key leaked' });
    assert.equal(trail().rows.at(-1)!['event'], gone.id);
    assert.match(trail().summary!, /missing but for what 1 of them redacted\.$/);
  });
});

describe('questions about approvals', () => {
  it('find other bytes that were approved, whoever approves afterwards', () => {
    const chain = new EventChain().begin(policy());
    chain.decide(ravi, chain.propose(ana, 'one'));
    const other = chain.propose(ana, 'two', 2);
    const deployed = chain.deploy(rosa, other);
    const found = (): unknown[] => events(ask(chain.state, 'exceptions.approval-mismatch'));
    assert.deepEqual(found(), [deployed.id]);
    chain.decide(ravi, other);
    assert.deepEqual(found(), [deployed.id]);
  });

  it('count those of a day over all prompts', () => {
    const chain = new EventChain().begin(policy());
    const path = 'other.prompt.md';
    const other = fakeId(0x72);
    chain.add('prompt.registered', ana, {}, { path, format: 'vscode-prompt' }, { prompt: other });
    chain.decide(ravi, chain.propose(ana, 'one'));
    chain.decide(ravi, chain.propose(ana, 'two', 1, other, { path }));
    const { rows, counts } = ask(chain.state, 'exceptions.fast-approvals', { path });
    assert.deepEqual(
      rows.map((row) => row['thatDay']),
      [2],
    );
    assert.equal(counts!['mostInOneDay'], 2);
  });

  it('do not say of what was approved long ago that it waits', () => {
    const chain = new EventChain().begin(policy({ expires: '1h' }));
    const version = chain.propose(ana, 'one');
    const waiting = ask(chain.state, 'pending');
    assert.deepEqual(events(waiting), [version.id]);
    chain.decide(ravi, version);
    const found = ask(chain.state, 'pending', { duration: 1 });
    assert.deepEqual(found.rows, []);
    assert.equal(found.counts!['expired'], 1);
    assert.match(found.caveats.join(), /Left out: 1 that was approved/);
  });
});

describe('questions that could not be meant', () => {
  const { state } = new EventChain().begin(policy());
  const refused = (kind: string, params: QuestionParams, message: RegExp): void =>
    assert.throws(() => ask(state, kind, params), { code: 'usage', message });

  it('are refused instead of answered by an empty list', () => {
    refused('actions', { text: 'bogus' }, /no type of event "bogus"/);
    assert.deepEqual(ask(state, 'actions', { text: 'deployment.reviewed' }).rows, []);
    refused('sample', { text: 'changes', seed: ' ' }, /seed is empty/);
    const [from, to] = ['2026-02-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'];
    refused('exceptions.denied', { from, to }, /ends .* before it begins/);
    assert.deepEqual(ask(state, 'exceptions.denied', { from: to, to: from }).rows, []);
  });

  it('count in drift what is recorded and was not observed', () => {
    const chain = new EventChain().begin(policy());
    chain.deploy(rosa, chain.propose(ana, 'one'));
    const { rows, population } = ask(chain.state, 'drift', { env: 'production', text: '' });
    assert.deepEqual([rows.length, population.count], [1, 1]);
  });

  it('say that a refused redaction is no event', () => {
    assert.match(ask(state, 'exceptions.denied').caveats.join(), /without refused redactions/);
  });
});
