import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isPromptAuditError } from '../../src/core/errors.js';
import { digestOf } from '../../src/core/hash.js';
import { LedgerStore } from '../../src/ledger/store.js';
import { readLedgerFile } from '../../src/ledger/sqliteFile.js';
import { verifyLedger } from '../../src/ledger/verify.js';
import { Sandbox, created, idsOf, propose, storedIn, tampered } from '../tools/ledgerFixture.js';

const refused = (code: string) => (error: unknown) =>
  isPromptAuditError(error) && error.code === code;

describe('ledger store', () => {
  let box: Sandbox;
  beforeEach(() => (box = new Sandbox()));
  afterEach(() => box.clean());

  it('records, reopens, folds and reads back the same events and texts', async () => {
    const store = await box.filled(5);
    const again = await box.open();
    assert.deepEqual(idsOf(again), idsOf(store));
    assert.deepEqual(again.point(), store.point());
    await store.fold();
    const { mtimeMs, ino } = statSync(box.file);
    await store.fold();
    assert.deepEqual([statSync(box.file).mtimeMs, statSync(box.file).ino], [mtimeMs, ino]);
    const third = await box.open();
    assert.deepEqual(idsOf(third), idsOf(store));
    const text = Buffer.from('text 3 xxx');
    assert.deepEqual(Buffer.from(await third.content(digestOf(text))), text);
    assert.deepEqual(third.damage, []);
    const report = await verifyLedger(box.options());
    assert.deepEqual(report.findings, []);
    assert.equal(report.checked, 6);
  });

  it('writes nothing when it is only opened, and has no ledger before the first event', async () => {
    const store = await box.open();
    assert.equal(store.ledger, null);
    await assert.rejects(
      store.transact(() => 1),
      refused('ledger.missing'),
    );
    assert.equal(existsSync(box.file), false);
    store.create();
    assert.equal((await box.open()).ledger, null);
  });

  it('records nothing when the callback throws', async () => {
    const store = await box.filled(1);
    const before = readFileSync(box.journal);
    await assert.rejects(
      store.transact((tx) => {
        tx.append(created);
        throw new Error('no');
      }),
    );
    assert.equal(store.size, 2);
    assert.deepEqual(readFileSync(box.journal), before);
  });

  it('lets two stores append to one history, each event behind all others', async () => {
    const a = await box.filled(1);
    const b = await box.open();
    await propose(a, 'from a');
    await propose(b, 'from b');
    assert.equal(await a.refresh(), true);
    assert.equal(await a.refresh(), false);
    assert.deepEqual(idsOf(a), idsOf(b));
    assert.deepEqual(storedIn(a)[3]!.event.header.parents, [storedIn(a)[2]!.event.id]);
    assert.equal(a.epoch, b.epoch);
  });

  it('makes the same file however often it was folded', async () => {
    const store = await box.filled(40);
    await store.fold();
    const once = readFileSync(box.file);
    const { events } = await readLedgerFile(once);
    assert.equal(events.length, 41);
    rmSync(box.file);
    await (await box.open()).fold();
    assert.deepEqual(readFileSync(box.file), once);
  });

  it('restores a deleted file and says so', async () => {
    const store = await box.filled(3);
    await store.fold();
    rmSync(box.file);
    const warnings: string[] = [];
    const again = await box.open({ warn: (text) => warnings.push(text) });
    assert.deepEqual(idsOf(again), idsOf(store));
    await again.fold();
    assert.match(warnings.join(), /was gone/);
    assert.deepEqual((await verifyLedger(box.options())).findings, []);
  });

  it('keeps events when the folder of the clone is deleted after a fold', async () => {
    const store = await box.filled(3);
    await store.fold();
    rmSync(box.privateDir, { recursive: true });
    const again = await box.open();
    assert.deepEqual(idsOf(again), idsOf(store));
    await propose(again, 'more');
    assert.notEqual(
      storedIn(again).at(-1)!.event.header.writer,
      storedIn(store)[0]!.event.header.writer,
    );
    rmSync(box.file);
    assert.equal((await box.open()).size, 5);
  });

  it('sets a broken file aside, restores it, and verify names the event', async () => {
    const store = await box.filled(8);
    await store.fold();
    const target = storedIn(store)[4]!.event;
    const bytes = await tampered(
      box.file,
      `UPDATE event SET header = replace(header, '"v":1', '"v":2') WHERE seq = 5`,
    );
    const report = await verifyLedger(box.options());
    assert.equal(report.intact, false);
    assert.equal(report.brokenAt, 5);
    assert.equal(report.findings[0]!.expected, target.id);
    const warnings: string[] = [];
    const again = await box.open({ warn: (text) => warnings.push(text) });
    assert.deepEqual(idsOf(again), idsOf(store));
    assert.equal(again.refusal, null);
    await propose(again, 'after the damage');
    await again.fold();
    assert.match(warnings.join(), /kept as .*damaged/);
    const kept = readdirSync(join(box.root, '.prompt-audit')).filter((name) =>
      name.includes('damaged'),
    );
    assert.equal(kept.length, 1);
    assert.deepEqual(readFileSync(join(box.root, '.prompt-audit', kept[0]!)), bytes);
    const after = await verifyLedger(box.options());
    assert.equal(after.intact, true);
    assert.deepEqual(
      after.findings.map((f) => [f.code, f.seq]),
      [['file.setAside', 5]],
    );
  });

  it('refuses to write, and overwrites nothing, when a broken file cannot be restored', async () => {
    const store = await box.filled(8, { trimAfterFold: true });
    await store.fold();
    assert.equal(readFileSync(box.journal, 'utf8').split('\n').length, 2);
    const bytes = await tampered(
      box.file,
      `UPDATE event SET header = replace(header, 'T', 't') WHERE seq = 5`,
    );
    const again = await box.open({ trimAfterFold: true });
    await assert.rejects(propose(again, 'x'), (error: unknown) => {
      assert.ok(isPromptAuditError(error, 'ledger.damaged'));
      assert.match(error.message, /Event 5/);
      return true;
    });
    await assert.rejects(again.fold(), refused('ledger.damaged'));
    assert.deepEqual(readFileSync(box.file), bytes);
  });

  for (const [what, make] of [
    ['empty', () => Buffer.alloc(0)],
    ['cut off', (b: Buffer) => b.subarray(0, 5000)],
    ['cut at a page', (b: Buffer) => b.subarray(0, 8192)],
    ['no SQLite file', () => Buffer.from('hello '.repeat(2000))],
  ] as const) {
    it(`reports and restores a file that is ${what}`, async () => {
      const store = await box.filled(20);
      await store.fold();
      writeFileSync(box.file, make(readFileSync(box.file)));
      const report = await verifyLedger(box.options());
      assert.equal(report.intact, false);
      assert.ok(report.findings.some((f) => f.code === 'ledger.damaged'));
      const again = await box.open();
      assert.deepEqual(idsOf(again), idsOf(store));
      await again.fold();
      assert.equal((await verifyLedger(box.options())).intact, true);
    });
  }

  it('refuses a ledger from a future version', async () => {
    const store = await box.filled(2);
    await store.fold();
    const bytes = readFileSync(box.file);
    bytes.writeUInt32BE(2, 60);
    const schema = bytes.indexOf('CREATE TABLE event(');
    bytes.write('CREATE TABLE evenu(', schema);
    writeFileSync(box.file, bytes);
    await assert.rejects(box.open(), refused('ledger.futureVersion'));
  });

  it('notices a rolled-back file, and gives the missing events back from the journal', async () => {
    const store = await box.filled(2);
    await store.fold();
    const old = readFileSync(box.file);
    await propose(store, 'new');
    await store.fold();
    writeFileSync(box.file, old);
    const again = await box.open();
    assert.equal(again.size, 4);
    assert.ok(again.damage.some((f) => f.code === 'file.replaced'));
    await again.fold();
    assert.equal((await box.open()).damage.length, 0);
    const plain = new Sandbox();
    try {
      const alone = await plain.filled(2, { trimAfterFold: true });
      await alone.fold();
      const oldPlain = readFileSync(plain.file);
      await propose(alone, 'new');
      await alone.fold();
      writeFileSync(plain.file, oldPlain);
      await assert.rejects(
        propose(await plain.open({ trimAfterFold: true }), 'x'),
        refused('ledger.damaged'),
      );
    } finally {
      plain.clean();
    }
  });

  it('takes a new writer id in a copied clone', async () => {
    const store = await box.filled(1);
    const copy = new Sandbox();
    try {
      const { cpSync } = await import('node:fs');
      cpSync(join(box.root, '.git'), join(copy.root, '.git'), { recursive: true });
      const other = await copy.open();
      await propose(other, 'in the copy');
      assert.notEqual(
        storedIn(other).at(-1)!.event.header.writer,
        storedIn(store).at(-1)!.event.header.writer,
      );
      assert.equal(storedIn(other).at(-1)!.event.header.n, 1);
    } finally {
      copy.clean();
    }
  });

  it('keeps drafts outside the ledger, readable by the owner only', async () => {
    const store = await box.filled(1);
    const digest = await store.putDraft(Buffer.from('draft'));
    assert.equal(Buffer.from((await store.draft(digest))!).toString(), 'draft');
    assert.equal(await store.draft(digestOf('other')), null);
    const path = join(box.privateDir, 'drafts', digest.slice(7));
    if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('reads in a read-only folder and refuses to write there', async function () {
    if (process.getuid?.() === 0 || process.platform === 'win32') return this.skip();
    await (await box.filled(1)).fold();
    chmodSync(box.privateDir, 0o500);
    try {
      const store = await box.open();
      assert.equal(store.size, 2);
      await assert.rejects(propose(store, 'x'), refused('disk.readOnly'));
    } finally {
      chmodSync(box.privateDir, 0o700);
    }
  });

  it('adopts no second ledger', async () => {
    const a = await box.open();
    const b = await box.open();
    a.create();
    b.create();
    await a.transact((tx) => void tx.append(created));
    await assert.rejects(
      b.transact((tx) => void tx.append(created)),
      refused('ledger.exists'),
    );
    assert.throws(() => a.create(), refused('ledger.exists'));
    assert.equal((await LedgerStore.open(box.options())).size, 1);
  });
});
