import assert from 'node:assert/strict';
import { backoff, retryAt } from '../../src/trail/backoff.js';

describe('the wait before a sync is tried again', () => {
  it('spreads over as many rounds as were lost, and never over an age', () => {
    assert.equal(backoff(1, 600, 1), 600);
    assert.equal(backoff(3, 600, 0.5), 900);
    assert.equal(backoff(1, 0, 1), 100);
    assert.equal(backoff(2, 60_000, 1), 4_000);
    assert.equal(backoff(8, 600, 0), 0);
  });
});

describe('when a sync that nobody asked for may try again', () => {
  const minute = 60_000;
  const at = Date.parse('2026-11-21T14:00:00.000Z');
  /** Minutes after the last failure, for a problem that had lasted so many minutes then; null for at once. */
  const pause = (code: string, lasted: number, waited = 0): number | null => {
    const since = new Date(at - lasted * minute).toISOString();
    const retry = retryAt({ code, at: new Date(at).toISOString(), since, waited });
    return retry === 0 ? null : (retry - at) / minute;
  };

  it('a refusal is left alone for as long as it has lasted, within limits', () => {
    assert.deepEqual(
      [0, 5, 60, 10_000].map((lasted) => pause('sync.refused', lasted)),
      [5, 5, 60, 240],
    );
  });

  it('a host that let somebody wait is left alone for minutes', () => {
    assert.deepEqual(
      [0, 3, 10, 10_000].map((lasted) => pause('git.timeout', lasted)),
      [3, 3, 10, 15],
    );
    assert.equal(pause('sync.offline', 0, 20_000), 3);
  });

  it('what is known in an instant is tried each time', () => {
    assert.equal(pause('sync.offline', 60, 300), null);
    assert.equal(pause('sync.busy', 60, 60_000), null);
    assert.equal(pause('sync.rewritten', 60, 60_000), null);
  });
});
