import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { Journal } from '../../src/ledger/journal.js';
import { systemPlatform } from '../../src/ledger/platform.js';
import type { LedgerStore } from '../../src/ledger/store.js';
import { verifyLedger } from '../../src/ledger/verify.js';
import { ann, idsOf, propose, Sandbox } from '../tools/ledgerFixture.js';

describe('ledger journal', function () {
  this.timeout(60_000);
  let box: Sandbox;
  beforeEach(() => (box = new Sandbox()));
  afterEach(() => box.clean());

  /** Two events and a text: what a cut anywhere in it must drop as a whole. */
  const pair = (store: LedgerStore): Promise<void> =>
    store.transact((tx) => {
      tx.putContent(Buffer.from('text'));
      for (const reason of ['one', 'two']) {
        tx.append({
          type: 'recorder.paused',
          who: ann,
          refs: {},
          body: { reason },
          identity: 'git',
        });
      }
    });

  it('ignores a transaction that was cut off at any byte, and goes on behind it', async () => {
    const store = await box.filled(2);
    const before = readFileSync(box.journal).length;
    const known = idsOf(store);
    await pair(store);
    const whole = readFileSync(box.journal);
    for (let size = before; size < whole.length; size++) {
      writeFileSync(box.journal, whole.subarray(0, size));
      const journal = new Journal(box.journal, systemPlatform);
      const news = await journal.readNew();
      assert.equal(news.kind, 'whole');
      if (news.kind !== 'whole') continue;
      assert.deepEqual([news.part.end, news.part.findings.length], [before, 0], `at ${size}`);
    }
    for (const size of [before, before + 1, before + 700, whole.length - 1]) {
      writeFileSync(box.journal, whole.subarray(0, size));
      const again = await box.open();
      assert.deepEqual(idsOf(again), known);
      assert.deepEqual(again.damage, []);
      await pair(again);
      const third = await box.open();
      assert.deepEqual(idsOf(third), idsOf(again));
      assert.deepEqual(third.damage, []);
    }
  });

  it('reports a damaged line in the middle, keeps the rest, and heals it from the file', async () => {
    const store = await box.filled(4);
    await store.fold();
    await propose(store, 'later');
    const lines = readFileSync(box.journal, 'utf8').split('\n');
    const bad = lines.findIndex((line) => line.includes(store.events[2]!.event.header.body));
    lines[bad] = lines[bad]!.replace('shorter', 'shorten');
    writeFileSync(box.journal, lines.join('\n'));
    const again = await box.open();
    assert.deepEqual(idsOf(again), idsOf(store));
    assert.equal(again.damage[0]!.code, 'journal.damaged');
    await propose(again, 'and on');
    rmSync(box.file);
    const without = await box.open();
    assert.equal(without.refusal?.seq ?? null, null);
    assert.ok(without.refusal);
    assert.equal((await verifyLedger(box.options())).intact, false);
  });

  it('reads only what is new, and notices a journal that was cut back and written again', async () => {
    const store = await box.filled(2);
    const reader = await box.open();
    const size = readFileSync(box.journal).length;
    await propose(store, 'one that the disk will take back');
    await reader.refresh();
    assert.equal(reader.events.length, 4);
    truncateSync(box.journal, size);
    const other = await box.open();
    await propose(other, 'another, and a good deal longer than the first');
    await propose(other, 'another still');
    await reader.refresh();
    assert.deepEqual(idsOf(reader), idsOf(other));
    assert.equal(reader.epoch, 1);
  });

  it('refuses garbage without falling over', async () => {
    await box.filled(1);
    const good = readFileSync(box.journal);
    for (const junk of ['\n', '{}\n', '{"sum":"', 'null\n', '\u0000'.repeat(5000), '[[[[\n']) {
      writeFileSync(box.journal, good);
      appendFileSync(box.journal, junk);
      assert.equal((await box.open()).events.length, 2);
    }
  });

  it('gives all stores the same events whatever the order of append, fold and refresh', async () => {
    const step = fc.tuple(fc.constantFrom('append', 'fold', 'refresh', 'reopen'), fc.nat(1));
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 14 }),
        fc.boolean(),
        async (steps, trimAfterFold) => {
          const inner = new Sandbox();
          try {
            const stores = [
              await inner.filled(1, { trimAfterFold }),
              await inner.open({ trimAfterFold }),
            ];
            const expected = idsOf(stores[0]!);
            for (const [action, which] of steps) {
              const store = stores[which]!;
              if (action === 'append')
                expected.push((await propose(store, `t${expected.length}`)).id);
              else if (action === 'fold') await store.fold();
              else if (action === 'refresh') await store.refresh();
              else stores[which] = await inner.open({ trimAfterFold });
            }
            for (const store of stores) {
              await store.refresh();
              assert.deepEqual(idsOf(store), expected);
              assert.equal(store.epoch, 0);
            }
            const last = await inner.open({ trimAfterFold });
            assert.deepEqual(idsOf(last), expected);
            assert.deepEqual(last.damage, []);
            assert.deepEqual(last.point(), stores[0]!.point());
          } finally {
            inner.clean();
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
