import assert from 'node:assert/strict';
import { askAgain, askOnce, withinAct } from '../../src/git/oneAct.js';

describe('one act', () => {
  let asked = 0;
  const ask = (): Promise<number> => Promise.resolve(++asked);
  beforeEach(() => (asked = 0));

  it('asks once within an act, and anew in the next', async () => {
    const twice = (): Promise<number[]> =>
      withinAct(() => Promise.all([askOnce('a', ask), withinAct(() => askOnce('a', ask))]));
    assert.deepEqual(await twice(), [1, 1]);
    assert.deepEqual(await twice(), [2, 2]);
  });

  it('asks each time without an act', async () => {
    assert.deepEqual([await askOnce('a', ask), await askOnce('a', ask)], [1, 2]);
  });

  it('keeps acts apart that run at the same time', async () => {
    const both = [withinAct(() => askOnce('a', ask)), withinAct(() => askOnce('a', ask))];
    assert.deepEqual(await Promise.all(both), [1, 2]);
  });

  it('asks again what failed, and what may have changed', async () => {
    await withinAct(async () => {
      await assert.rejects(
        askOnce('a', () => Promise.reject(new Error('no'))),
        /no/,
      );
      assert.equal(await askOnce('a', ask), 1);
      askAgain('a');
      assert.equal(await askOnce('a', ask), 2);
      assert.equal(await askOnce('b', ask), 3);
    });
  });
});
