import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Journal } from '../../src/ledger/journal.js';
import { systemPlatform } from '../../src/ledger/platform.js';
import type { LedgerStore } from '../../src/ledger/store.js';
import { verifyLedger } from '../../src/ledger/verify.js';
import { Sandbox, ann, idsOf, propose, storedIn } from '../tools/ledgerFixture.js';

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
    const bad = lines.findIndex((line) => line.includes(storedIn(store)[2]!.event.header.body));
    lines[bad] = lines[bad]!.replace('shorter', 'shorten');
    writeFileSync(box.journal, lines.join('\n'));
    const again = await box.open();
    assert.deepEqual(idsOf(again), idsOf(store));
    assert.equal(again.damage[0]!.code, 'journal.damaged');
    assert.equal(again.damage[0]!.severity, 'warning');
    assert.equal((await verifyLedger(box.options())).intact, true);
    await propose(again, 'and on');
    assert.deepEqual(again.damage, []);
    assert.deepEqual(kept(), [Buffer.from(lines.join('\n'))]);
    rmSync(box.file);
    const without = await box.open();
    assert.equal(without.refusal, null);
    assert.deepEqual(idsOf(without), idsOf(again));
    assert.deepEqual(
      (await verifyLedger(box.options())).findings.map((f) => f.code),
      ['file.missing', 'journal.setAside'],
    );
  });

  /** The bytes of the journals that were set aside. */
  const kept = (): Buffer[] =>
    readdirSync(box.privateDir)
      .filter((name) => /^journal\.damaged-\d{8}T\d{6}Z(-\d+)?\.jsonl$/.test(name))
      .sort()
      .map((name) => readFileSync(join(box.privateDir, name)));

  /** A ledger whose last event stands in the journal only, as after a crash before the fold. */
  const unfolded = async (): Promise<LedgerStore> => {
    const store = await box.filled(2);
    await store.fold();
    await propose(store, 'not folded yet');
    return store;
  };

  for (const [what, damage] of [
    ['a changed first byte', (text: string) => `X${text.slice(1)}`],
    ['no first line', (text: string) => text.slice(text.indexOf('\n') + 1)],
    [
      'another ledger id in its head',
      (text: string) => text.replace(/"ledger":"[0-9a-f]{32}"\}/, `"ledger":"${'0'.repeat(32)}"}`),
    ],
    ['an empty first line', (text: string) => text.slice(text.indexOf('\n'))],
  ] as const) {
    for (const way of ['append', 'fold'] as const) {
      it(`loses no event of a journal with ${what}, and keeps it at the next ${way}`, async () => {
        const store = await unfolded();
        const before = damage(readFileSync(box.journal, 'utf8'));
        writeFileSync(box.journal, before);
        const report = await verifyLedger(box.options());
        assert.deepEqual(
          report.findings.map((f) => [f.code, f.severity]),
          [['journal.damaged', 'warning']],
        );
        const warnings: string[] = [];
        const again = await box.open({ warn: (text) => warnings.push(text) });
        assert.deepEqual(idsOf(again), idsOf(store));
        if (way === 'append') await propose(again, 'and on');
        else await again.fold();
        assert.match(warnings.join(), /kept as journal\.damaged-/);
        assert.deepEqual(kept(), [Buffer.from(before)]);
        const third = await box.open();
        assert.deepEqual(idsOf(third).slice(0, 4), idsOf(store));
        assert.equal(third.size, way === 'append' ? 5 : 4);
        assert.deepEqual(third.damage, []);
        await third.fold();
        const after = await verifyLedger(box.options());
        assert.deepEqual(
          after.findings.map((f) => [f.code, f.severity]),
          [['journal.setAside', 'warning']],
        );
      });
    }
  }

  /** Changes a byte in the line that holds this text. */
  const breakLine = (text: string): void => {
    const lines = readFileSync(box.journal, 'utf8').split('\n');
    const bad = lines.findIndex((line) => line.includes(text));
    lines[bad] = `${lines[bad]!.slice(0, -4)}#${lines[bad]!.slice(-3)}`;
    writeFileSync(box.journal, lines.join('\n'));
  };

  it('knows that nothing is lost by any one damaged line of a folded journal', async () => {
    const store = await box.filled(3);
    await store.fold();
    const lines = readFileSync(box.journal, 'utf8').split('\n');
    for (let at = 0; at < lines.length - 1; at++) {
      const broken = lines.map((line, n) => (n === at ? `${line.slice(0, -4)}#` : line));
      writeFileSync(box.journal, broken.join('\n'));
      const { intact, findings } = await verifyLedger(box.options());
      assert.ok(intact, `line ${at}: ${JSON.stringify(findings)}`);
      assert.equal(findings[0]?.code, 'journal.damaged');
    }
    await (await box.open()).fold();
    rmSync(box.file);
    assert.deepEqual(idsOf(await box.open()), idsOf(store));
  });

  it('says what is lost with a line that nobody else has, and keeps the journal', async () => {
    const store = await unfolded();
    const { header } = storedIn(store).at(-1)!.event;
    const folded = idsOf(store).slice(0, -1);
    breakLine(header.body);
    const before = readFileSync(box.journal);
    const report = await verifyLedger(box.options());
    assert.equal(report.intact, false);
    assert.match(report.findings[0]!.message, /may be lost/);
    assert.doesNotMatch(JSON.stringify(report.findings), /prompt-audit sync/);
    const warnings: string[] = [];
    const again = await box.open({ warn: (text) => warnings.push(text) });
    const next = await propose(again, 'and on');
    assert.notEqual(next.header.writer, header.writer);
    assert.match(warnings.join(), /may be lost/);
    assert.deepEqual(kept(), [before]);
    assert.deepEqual(idsOf(await box.open()), [...folded, next.id]);
  });

  it('refuses to write, without a word of sync, when later events build on a lost line', async () => {
    const store = await unfolded();
    await propose(store, 'builds on it');
    breakLine(storedIn(store).at(-2)!.event.header.body);
    const before = readFileSync(box.journal);
    const again = await box.open();
    await assert.rejects(propose(again, 'no'), /ledger is damaged/);
    await assert.rejects(again.fold(), /ledger is damaged/);
    const report = await verifyLedger(box.options());
    assert.equal(report.intact, false);
    assert.ok(report.findings.some((f) => f.code === 'journal.damaged' && f.severity === 'error'));
    assert.doesNotMatch(JSON.stringify(report.findings), /prompt-audit sync/);
    assert.deepEqual(readFileSync(box.journal), before);
    assert.deepEqual(kept(), []);
  });

  it('keeps a damaged journal also when it lets go of what was synced', async () => {
    const store = await box.filled(2);
    const { open: bytes, point } = await store.contents();
    breakLine(storedIn(store)[1]!.event.header.body);
    const before = readFileSync(box.journal);
    const again = await box.open({ readRef: async () => bytes });
    const { size, root } = point;
    await again.markSynced({ size, root, commit: 'c'.repeat(40), remote: 'origin' });
    assert.deepEqual(kept(), [before]);
    assert.equal(readFileSync(box.journal, 'utf8').split('\n').length, 2);
  });

  it('sets the journal of another ledger aside, and what is recorded then can be read', async () => {
    const store = await box.filled(2);
    await store.fold();
    const other = new Sandbox();
    try {
      await other.filled(1);
      const foreign = readFileSync(other.journal);
      writeFileSync(box.journal, foreign);
      const again = await box.open();
      const next = await propose(again, 'and on');
      assert.deepEqual(kept(), [foreign]);
      assert.deepEqual(idsOf(await box.open()), [...idsOf(store), next.id]);
      const { findings } = await verifyLedger(box.options());
      assert.deepEqual(
        findings.map((f) => f.code),
        ['journal.setAside'],
      );
      assert.match(findings[0]!.message, /another ledger/);
    } finally {
      other.clean();
    }
  });

  it('says that events may be missing when only the ledger ref is left', async () => {
    const store = await box.filled(2);
    const { open: bytes, point } = await store.contents();
    const warnings: string[] = [];
    const more = { readRef: async () => bytes, warn: (text: string) => warnings.push(text) };
    const { size, root } = point;
    await store.markSynced({ size, root, commit: 'c'.repeat(40), remote: 'origin' });
    await box.open(more);
    assert.deepEqual(warnings, []);
    rmSync(box.privateDir, { recursive: true });
    rmSync(box.file);
    const again = await box.open(more);
    assert.equal(again.size, 3);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /never synced or folded/);
    await again.refresh();
    await again.fold();
    assert.ok(existsSync(box.file));
    assert.equal(warnings.length, 1);
    await box.open(more);
    assert.equal(warnings.length, 1);
  });

  it('reads only what is new, and notices a journal that was cut back and written again', async () => {
    const store = await box.filled(2);
    const reader = await box.open();
    const size = readFileSync(box.journal).length;
    await propose(store, 'one that the disk will take back');
    await reader.refresh();
    assert.equal(reader.size, 4);
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
      assert.equal((await box.open()).size, 2);
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
