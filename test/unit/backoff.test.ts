import assert from 'node:assert/strict';
import { backoff } from '../../src/trail/backoff.js';

describe('the wait before a sync is tried again', () => {
  it('spreads over as many rounds as were lost, and never over an age', () => {
    assert.equal(backoff(1, 600, 1), 600);
    assert.equal(backoff(3, 600, 0.5), 900);
    assert.equal(backoff(1, 0, 1), 100);
    assert.equal(backoff(2, 60_000, 1), 4_000);
    assert.equal(backoff(8, 600, 0), 0);
  });
});
