import assert from 'node:assert/strict';
import { PromptAuditError } from '../../src/core/errors.js';
import { coalesce } from '../../src/extension/base/coalesce.js';
import { Idle } from '../../src/extension/base/idle.js';
import { SerialQueue } from '../../src/extension/base/serial.js';
import { splitNote } from '../../src/extension/deploy/splitNote.js';
import type { SessionState } from '../../src/extension/session/sessionState.js';
import { viewStateOf } from '../../src/extension/session/viewState.js';

function gate() {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), passed };
}

describe('work for idle times', () => {
  it('is done once, after the last touch, and never after the end', () => {
    const timers: { work: () => void; cleared: boolean }[] = [];
    let done = 0;
    const idle = new Idle(
      () => done++,
      1000,
      (work) => {
        const timer = { work, cleared: false };
        timers.push(timer);
        return () => (timer.cleared = true);
      },
    );
    const pass = (): void => {
      for (const { work, cleared } of timers.splice(0)) if (!cleared) work();
    };
    idle.touch();
    idle.touch();
    pass();
    assert.equal(done, 1);
    pass();
    idle.touch();
    idle.dispose();
    idle.touch();
    pass();
    assert.equal(done, 1);
  });
});

describe('coalesced work', () => {
  it('runs once more for all that was asked while it ran', async () => {
    let runs = 0;
    const first = gate();
    const run = coalesce(async () => {
      runs += 1;
      if (runs === 1) {
        await first.passed;
      }
    });
    const calls = [run(), run(), run(), run()];
    first.open();
    await Promise.all(calls);
    assert.equal(runs, 2);
  });

  it('goes on after a failure', async () => {
    let runs = 0;
    const run = coalesce(async () => {
      runs += 1;
      if (runs === 1) {
        throw new Error('first');
      }
    });
    const [first, second] = [run(), run()];
    await assert.rejects(first, /first/);
    await second;
    assert.equal(runs, 2);
  });
});

describe('the serial queue', () => {
  it('keeps the order and survives a failure', async () => {
    const queue = new SerialQueue();
    const done: string[] = [];
    const blocked = gate();
    const first = queue.run(async () => {
      await blocked.passed;
      done.push('first');
      throw new Error('no');
    });
    const second = queue.run(async () => void done.push('second'));
    blocked.open();
    await assert.rejects(first, /no/);
    await second;
    assert.deepEqual(done, ['first', 'second']);
  });
});

describe('the note of a deployment', () => {
  it('gives up the address that it holds', () => {
    assert.deepEqual(splitNote('rollout to ward 3 https://ci.example/42 after review'), {
      note: 'rollout to ward 3 after review',
      reference: 'https://ci.example/42',
    });
    assert.deepEqual(splitNote('https://ci.example/42'), { reference: 'https://ci.example/42' });
    assert.deepEqual(splitNote('only words'), { note: 'only words' });
    assert.deepEqual(splitNote('  '), {});
  });
});

describe('the state of the views', () => {
  const failed = (code: 'policy.invalid' | 'ledger.damaged', damaged: boolean): SessionState => ({
    kind: 'failed',
    damaged,
    error: new PromptAuditError({ code, message: 'x', remedy: 'y' }),
  });
  const plain = { trusted: true, folders: 1, gitMissing: false };

  it('says first what stands in the way of everything', () => {
    assert.equal(viewStateOf({ ...plain, trusted: false, sessions: [] }), 'restricted');
    assert.equal(viewStateOf({ ...plain, folders: 0, sessions: [] }), 'noFolder');
    assert.equal(viewStateOf({ ...plain, gitMissing: true, sessions: [] }), 'gitMissing');
    assert.equal(viewStateOf({ ...plain, sessions: [] }), 'loading');
  });

  it('tells the states of one repository apart', () => {
    const of = (state: SessionState) => viewStateOf({ ...plain, sessions: [state] });
    assert.equal(of({ kind: 'loading' }), 'loading');
    assert.equal(of({ kind: 'uninitialized', git: true }), 'uninitialized');
    assert.equal(of({ kind: 'uninitialized', git: false }), 'noGit');
    assert.equal(of(failed('policy.invalid', false)), 'badPolicy');
    assert.equal(of(failed('ledger.damaged', true)), 'damaged');
  });

  it('lets the most urgent of several repositories speak', () => {
    const sessions = [
      { kind: 'uninitialized', git: true } as const,
      failed('ledger.damaged', true),
    ];
    assert.equal(viewStateOf({ ...plain, sessions }), 'damaged');
  });
});
