import assert from 'node:assert/strict';
import type { EventOf } from '../../src/core/event.js';
import { eventRow } from '../../src/core/eventRows.js';
import type { EventId } from '../../src/core/ids.js';
import { policyInScope } from '../../src/core/policyInScope.js';
import { ancestorsOf, everything, LedgerState } from '../../src/core/state.js';
import { threadsOf } from '../../src/core/talk.js';
import { threadRow, type ThreadRow } from '../../src/core/talkRows.js';
import { settlementFor, versionRow } from '../../src/core/versionRows.js';
import {
  EventChain,
  ana,
  fakeId,
  ravi,
  referenceFindings,
  rosa,
  triage,
} from '../tools/eventChain.js';

type Version = EventOf<'version.proposed'>;
interface More {
  readonly parents?: readonly EventId[];
  readonly prompt?: typeof triage;
}

function viewOf(state: LedgerState) {
  const policy = policyInScope(state, everything)!;
  return { state, policy, syncedSize: 0 };
}

const settlementOf = (state: LedgerState, { id }: Version) =>
  settlementFor(viewOf(state), state.versions.get(id)!);

/** The first thread of a version. */
function rowOf(state: LedgerState, version: Version): ThreadRow {
  const [thread] = threadsOf(state, state.versions.get(version.id)!);
  return threadRow({ state, syncedSize: 0, settlement: settlementOf(state, version) }, thread!);
}

describe('the talk about versions', () => {
  let chain: EventChain;
  let v1: Version;
  beforeEach(() => {
    chain = new EventChain().begin();
    v1 = chain.propose(ana, 'one\n');
  });

  function say(
    version: Version,
    text: string,
    thread: EventId | null = null,
    { prompt = triage, ...more }: More = {},
  ): EventOf<'review.commented'> {
    const body = { text, line: thread === null ? 1 : null, endLine: thread === null ? 1 : null };
    const refs = { version: version.id, thread };
    return chain.add('review.commented', ravi, refs, body, { prompt, ...more });
  }

  function settle(thread: EventId, resolved = true, more: More = {}): EventOf<'review.resolved'> {
    const refs = { thread, resolved };
    return chain.add('review.resolved', ana, refs, { note: null }, { prompt: triage, ...more });
  }

  const told = (version: Version) =>
    threadsOf(chain.state, chain.version(version)).map(({ first, replies, resolved }) => [
      first.event.body?.text,
      replies.map(({ event }) => event.body?.text),
      resolved,
    ]);
  const wrong = () => referenceFindings(chain.state).map(({ code, seq }) => [code, seq]);

  it('gathers answers under the comment that they answer', () => {
    const first = say(v1, 'Why?');
    const second = say(v1, 'And this?');
    say(v1, 'Because.', first.id);
    settle(second.id);
    assert.deepEqual(told(v1), [
      ['Why?', ['Because.'], false],
      ['And this?', [], true],
    ]);
    assert.deepEqual(wrong(), []);
  });

  it('reads a comment of the first version of the format as the first of a thread', () => {
    const body = { text: 'Old', line: 1 };
    const old = chain.add('review.commented', ravi, { version: v1.id }, body, { prompt: triage });
    assert.equal(old.header.v, 1);
    say(v1, 'New', old.id);
    assert.deepEqual(told(v1), [['Old', ['New'], false]]);
    const row = rowOf(chain.state, v1);
    assert.deepEqual(row.lines, { line: 1, endLine: 1 });
    assert.equal(row.label, 'v1?');
  });

  it('is opened again, and stays open where two disagree who had not heard of each other', () => {
    const { id } = say(v1, 'Why?');
    const done = settle(id);
    const again = settle(id, false);
    assert.equal(told(v1)[0]?.[2], false);
    settle(id, true, { parents: [again.id] });
    assert.equal(told(v1)[0]?.[2], true);
    settle(id, false, { parents: [done.id] });
    assert.equal(told(v1)[0]?.[2], false);
    const all = chain.state.size;
    chain.add('recorder.paused', ana, {}, { reason: 'r' });
    settle(id);
    assert.equal(told(v1)[0]?.[2], true);
    const scope = ancestorsOf(chain.state, all + 1);
    assert.equal(threadsOf(chain.state, chain.version(v1), scope)[0]?.resolved, false);
  });

  it('counts only what its writer can have meant, and says so of the rest', () => {
    const first = say(v1, 'Why?');
    const answer = say(v1, 'Because.', first.id);
    const v2 = chain.propose(ana, 'two\n', 2);
    say(v2, 'of another version', first.id);
    say(v1, 'to an answer', answer.id);
    settle(answer.id);
    say(v1, 'to nothing', v1.id);
    say(v1, 'not seen', first.id, { parents: [v1.id] });
    settle(first.id, true, { parents: [v1.id] });
    assert.deepEqual(told(v1), [['Why?', ['Because.'], false]]);
    assert.deepEqual(told(v2), []);
    const from = chain.state.size - 5;
    assert.deepEqual(
      wrong(),
      [0, 1, 2, 3, 4, 5].map((n) => ['reference.wrong', from + n]),
    );
    chain.add(
      'review.requested',
      ana,
      { version: first.id, persons: [ravi] },
      { note: null },
      { prompt: triage },
    );
    assert.deepEqual(wrong().at(-1), ['reference.wrong', chain.state.size]);
  });

  it('takes nothing from another prompt', () => {
    const other = fakeId(0x72);
    const registered = { path: 'other.prompt.md', format: 'vscode-prompt' };
    chain.add('prompt.registered', ana, {}, registered, { prompt: other });
    const first = say(v1, 'Why?');
    say(v1, 'elsewhere', first.id, { prompt: other });
    settle(first.id, true, { prompt: other });
    assert.deepEqual(told(v1), [['Why?', [], false]]);
    assert.equal(wrong().length, 2);
  });

  it('keeps what is open open for the versions after it, whose proposers had seen it', () => {
    const first = say(v1, 'Why?');
    const v2 = chain.propose(ana, 'two\n', 2);
    const besides = chain.propose(ana, 'three\n', 3);
    const open = (version: Version) =>
      settlementOf(chain.state, version)
        .unsettled()
        .map((thread) => thread.first.event.id);
    assert.deepEqual([open(v1), open(v2)], [[first.id], [first.id]]);
    const second = say(besides, 'And?');
    assert.deepEqual(open(v2), [first.id]);
    assert.deepEqual(open(besides), [first.id, second.id]);
    settle(first.id);
    assert.deepEqual([open(v1), open(v2), open(besides)], [[], [], [second.id]]);
  });

  it('does not depend on the order in which the events of two clones arrive', () => {
    const first = say(v1, 'Why?');
    const heads = [first.id];
    const one = settle(first.id, true, { parents: heads });
    const other = settle(first.id, false, { parents: heads });
    const events = Array.from({ length: chain.state.size }, (_, at) => chain.state.event(at + 1));
    const common = events.filter(({ id }) => id !== one.id && id !== other.id);
    for (const last of [
      [one, other],
      [other, one],
    ]) {
      const state = new LedgerState();
      for (const event of [...common, ...last]) state.apply(event);
      assert.equal(settlementOf(state, v1).unsettled().length, 1);
    }
  });

  describe('where the policy wants comments settled', () => {
    const strict = (more: object = {}, others: object = {}): void => {
      const approvals = { openComments: false, ...more };
      const text = { version: 1, approvals, environments: { production: {} }, ...others };
      chain.adopt(JSON.stringify(text));
    };
    /** Ravi's comment, resolved by `who`: whether it is resolved, is settled, and why not, and how many the row has. */
    function by(who: typeof ana, unattended = false, first = say(v1, 'Why?')): unknown[] {
      chain.add(
        'review.resolved',
        who,
        { thread: first.id, resolved: true },
        { note: null },
        { prompt: triage, unattended },
      );
      const { resolved, settled, notSettledBecause } = rowOf(chain.state, v1);
      const row = versionRow(viewOf(chain.state), chain.version(v1));
      return [resolved, settled, notSettledBecause, row.openComments ?? 0];
    }

    it('a contributor settles only what they said themselves', () => {
      assert.deepEqual(by(ana), [true, true, null, 0], 'the policy does not ask');
      strict();
      assert.deepEqual(
        [rowOf(chain.state, v1).resolved, rowOf(chain.state, v1).notSettledBecause],
        [true, 'contributor'],
      );
      const [{ first } = assert.fail()] = threadsOf(chain.state, chain.version(v1));
      assert.deepEqual(by(ana, false, first.event), [true, false, 'contributor', 1]);
      assert.deepEqual(by(rosa, false, first.event), [true, true, null, 0]);
      assert.deepEqual(
        by(ana, false, first.event),
        [true, true, null, 0],
        'who counts has said it',
      );
      settle(first.event.id, false);
      assert.deepEqual(rowOf(chain.state, v1).notSettledBecause, null, 'it is open');
      assert.deepEqual(by(ravi, false, first.event), [true, true, null, 0]);
    });

    it('and nobody becomes its author by saying that two are one person', () => {
      strict();
      chain.add('person.joined', ana, { persons: [ana, ravi] }, {});
      assert.deepEqual(by(ana), [true, false, 'contributor', 1]);
    });

    it('a rule for one environment is enough', () => {
      const environments = { production: { approvals: { openComments: false } } };
      strict({ openComments: true }, { environments });
      assert.deepEqual(by(ana), [true, false, 'contributor', 1]);
    });

    it('an agent settles nothing but what it said itself', () => {
      const bot = (email: string) => ({ people: { bot: { emails: [email], kind: 'agent' } } });
      strict({}, bot('rosa@clinic.example'));
      assert.deepEqual(by(rosa), [true, false, 'agent', 1]);
      chain = new EventChain().begin();
      v1 = chain.propose(ana, 'one\n');
      strict({}, bot('ravi@clinic.example'));
      assert.deepEqual(by(ravi), [true, true, null, 0]);
    });

    it('and a script settles nothing, where approvals by scripts do not count either', () => {
      strict();
      assert.deepEqual(by(rosa, true), [true, true, null, 0]);
      strict({ unattended: false });
      const [{ first } = assert.fail()] = threadsOf(chain.state, chain.version(v1));
      assert.deepEqual(rowOf(chain.state, v1).notSettledBecause, 'unattended');
      assert.deepEqual(by(ravi, true, first.event), [true, false, 'unattended', 1]);
      assert.deepEqual(by(rosa, false, first.event), [true, true, null, 0]);
    });
  });

  it('has a sentence for each event', () => {
    const first = say(v1, 'Why?');
    say(v1, 'Because.', first.id);
    settle(first.id);
    settle(first.id, false);
    const whole = { version: v1.id, thread: null };
    chain.add(
      'review.commented',
      ravi,
      whole,
      { text: 'x', line: null, endLine: null },
      { prompt: triage },
    );
    chain.add(
      'review.commented',
      ravi,
      whole,
      { text: 'x', line: 2, endLine: 5 },
      { prompt: triage },
    );
    const { state } = chain;
    const said = [5, 4, 3, 2, 1, 0].map((n) => eventRow(state, state.size, state.size - n).summary);
    assert.deepEqual(said, [
      'commented on line 1 of v1',
      'answered a comment on v1',
      'resolved a comment on v1',
      'opened again a comment on v1',
      'commented on v1',
      'commented on lines 2 to 5 of v1',
    ]);
  });
});
