import assert from 'node:assert/strict';
import { SaveGathering } from '../../src/extension/saveGathering.js';

/** Timers that run when the test says so. */
function handTimers() {
  const pending = new Map<number, { run: () => void; milliseconds: number }>();
  let next = 1;
  return {
    pending,
    set(run: () => void, milliseconds: number): unknown {
      pending.set(next, { run, milliseconds });
      return next++;
    },
    clear(handle: unknown): void {
      pending.delete(handle as number);
    },
    fire(): void {
      for (const [handle, timer] of [...pending]) {
        pending.delete(handle);
        timer.run();
      }
    },
  };
}

describe('save gathering', () => {
  let recorded: string[];
  let timers: ReturnType<typeof handTimers>;
  let gathering: SaveGathering;

  beforeEach(() => {
    recorded = [];
    timers = handTimers();
    gathering = new SaveGathering({ record: (path) => recorded.push(path), timers, quiet: 30_000 });
  });

  it('records a manual save at once', () => {
    gathering.saved('a', 'manual');
    assert.deepEqual(recorded, ['a']);
    assert.equal(timers.pending.size, 0);
  });

  it('makes one record of many auto-saves after 30 seconds of quiet', () => {
    gathering.saved('a', 'afterDelay');
    gathering.saved('a', 'afterDelay');
    gathering.saved('a', 'afterDelay');
    assert.deepEqual(recorded, []);
    assert.deepEqual(
      [...timers.pending.values()].map((timer) => timer.milliseconds),
      [30_000],
    );
    timers.fire();
    assert.deepEqual(recorded, ['a']);
  });

  it('gathers each file by itself', () => {
    gathering.saved('a', 'afterDelay');
    gathering.saved('b', 'afterDelay');
    gathering.end('a');
    assert.deepEqual(recorded, ['a']);
    assert.deepEqual(gathering.paths, ['b']);
  });

  it('ends when the window loses the focus', () => {
    gathering.saved('a', 'afterDelay');
    gathering.saved('b', 'afterDelay');
    gathering.endAll();
    assert.deepEqual(recorded, ['a', 'b']);
    timers.fire();
    assert.deepEqual(recorded, ['a', 'b']);
  });

  it('records a save on lost focus at once, together with what waited', () => {
    gathering.saved('a', 'afterDelay');
    gathering.saved('a', 'focusOut');
    assert.deepEqual(recorded, ['a']);
    assert.equal(timers.pending.size, 0);
  });

  it('a manual save ends the gathering and records once', () => {
    gathering.saved('a', 'afterDelay');
    gathering.saved('a', 'manual');
    timers.fire();
    assert.deepEqual(recorded, ['a']);
  });

  it('closing a file that has nothing waiting records nothing', () => {
    gathering.end('a');
    assert.deepEqual(recorded, []);
  });

  it('clear drops what waits', () => {
    gathering.saved('a', 'afterDelay');
    gathering.clear();
    timers.fire();
    assert.deepEqual(recorded, []);
  });
});
