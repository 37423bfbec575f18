import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isPromptAuditError } from '../../src/core/errors.js';
import { readLedgerFile } from '../../src/ledger/sqliteFile.js';
import type { LedgerStore } from '../../src/ledger/store.js';
import { verifyLedger } from '../../src/ledger/verify.js';
import { Sandbox, idsOf, propose, remoteOf, storedIn } from '../tools/ledgerFixture.js';

const refused = (code: string) => (error: unknown) =>
  isPromptAuditError(error) && error.code === code;

/** A shared branch with one tip, and the local refs of clones. */
class Branch {
  tip: Uint8Array | null = null;
  commits = 0;

  async sync(store: LedgerStore, ref: { bytes: Uint8Array | null }): Promise<void> {
    const where = { commit: `${this.commits}`, remote: 'origin' };
    if (this.tip) {
      ref.bytes = this.tip;
      await store.rebase(remoteOf(await readLedgerFile(this.tip, { full: true })), where);
    }
    const { open: bytes, point } = await store.contents();
    this.tip = ref.bytes = bytes;
    await store.markSynced({ ...point, commit: `${++this.commits}`, remote: 'origin' });
  }
}

describe('ledger sync', () => {
  let boxes: Sandbox[];
  let branch: Branch;
  const clone = async (): Promise<{
    box: Sandbox;
    ref: { bytes: Uint8Array | null };
    open: () => Promise<LedgerStore>;
  }> => {
    const box = new Sandbox();
    boxes.push(box);
    const ref = { bytes: null as Uint8Array | null };
    return { box, ref, open: () => box.open({ readRef: async () => ref.bytes }) };
  };
  beforeEach(() => {
    boxes = [];
    branch = new Branch();
  });
  afterEach(() => boxes.forEach((box) => box.clean()));

  it('brings three clones to one order, and synced events never move', async () => {
    const [a, b, c] = [await clone(), await clone(), await clone()];
    const sa = await a.box.filled(2, { readRef: async () => a.ref.bytes });
    await branch.sync(sa, a.ref);
    assert.equal(readFileSync(a.box.journal, 'utf8').trim().split('\n').length, 1);
    const [sb, sc] = [await b.open(), await c.open()];
    await branch.sync(sb, b.ref);
    await branch.sync(sc, c.ref);
    assert.equal(sb.ledger, sa.ledger);
    const shared = idsOf(sb);
    await propose(sa, 'from a');
    await propose(sb, 'from b');
    await propose(sb, 'from b again');
    await propose(sc, 'from c');
    await branch.sync(sb, b.ref);
    const epoch = sa.epoch;
    await branch.sync(sa, a.ref);
    assert.equal(sa.epoch, epoch + 1);
    await branch.sync(sc, c.ref);
    for (const [store, clone] of [
      [sa, a],
      [sb, b],
    ] as const)
      await branch.sync(store, clone.ref);
    assert.deepEqual(idsOf(sa), idsOf(sc));
    assert.deepEqual(idsOf(sb), idsOf(sc));
    assert.deepEqual(idsOf(sa).slice(0, shared.length), shared);
    assert.equal(sa.syncedSize, 7);
    assert.ok(storedIn(sa).every((stored) => stored.synced));
    for (const { box, open, ref } of [a, b, c]) {
      const again = await open();
      assert.deepEqual(again.damage, []);
      assert.equal(again.syncedSize, 7);
      const report = await verifyLedger(box.options({ readRef: async () => ref.bytes }));
      assert.deepEqual(
        report.findings.filter((f) => f.severity !== 'info'),
        [],
      );
    }
    const text = await sc.content(
      storedIn(sb).at(-1)!.event.known
        ? (storedIn(sb).at(-1)!.event.header as unknown as { refs: { digest: never } }).refs.digest
        : (undefined as never),
    );
    assert.ok(text.length > 0);
  });

  it('keeps what was recorded while the sync was under way', async () => {
    const a = await clone();
    const store = await a.box.filled(2, { readRef: async () => a.ref.bytes });
    const { open: bytes, point } = await store.contents();
    await propose(store, 'in between');
    a.ref.bytes = bytes;
    await store.markSynced({ ...point, commit: '1', remote: 'origin' });
    assert.equal(store.syncedSize, 3);
    assert.deepEqual(
      storedIn(store).map((e) => e.synced),
      [true, true, true, false],
    );
    rmSync(a.box.file);
    const again = await a.open();
    assert.deepEqual(idsOf(again), idsOf(store));
    await again.fold();
    assert.deepEqual(
      again.damage.filter((f) => f.severity === 'error'),
      [],
    );
  });

  it('refuses a foreign and a rewritten remote and changes nothing', async () => {
    const [a, b] = [await clone(), await clone()];
    const store = await a.box.filled(3, { readRef: async () => a.ref.bytes });
    await branch.sync(store, a.ref);
    const before = readFileSync(a.box.file);
    const other = await b.box.filled(3);
    const foreign = await readLedgerFile((await other.contents()).open);
    await assert.rejects(
      store.rebase(remoteOf(foreign), { commit: '9', remote: 'origin' }),
      refused('ledger.foreign'),
    );
    const d = await clone();
    const shorter = await d.open();
    await shorter.rebase(remoteOf({ ...(await readLedgerFile(branch.tip!)), findings: [] }), {
      commit: '9',
      remote: 'origin',
    });
    const parsed = await readLedgerFile(branch.tip!);
    const cut = { ...parsed, events: parsed.events.slice(0, 3) };
    await assert.rejects(
      store.rebase(remoteOf(cut), { commit: '9', remote: 'origin' }),
      refused('sync.rewritten'),
    );
    assert.deepEqual(readFileSync(a.box.file), before);
    assert.equal(store.size, 4);
  });

  it('lets a second worktree follow, although its file has the old order', async () => {
    const [a, b] = [await clone(), await clone()];
    const sa = await a.box.filled(1, { readRef: async () => a.ref.bytes });
    await branch.sync(sa, a.ref);
    const file = join(a.box.root, 'tree', '.prompt-audit', 'ledger.sqlite');
    mkdirSync(join(a.box.root, 'tree'));
    const tree = await a.box.open({ file, readRef: async () => a.ref.bytes });
    await propose(tree, 'from the worktree');
    await tree.fold();
    const sb = await b.open();
    await branch.sync(sb, b.ref);
    await propose(sb, 'faster');
    await branch.sync(sb, b.ref);
    await sa.refresh();
    await branch.sync(sa, a.ref);
    await tree.refresh();
    assert.deepEqual(idsOf(tree), idsOf(sa));
    assert.equal(tree.refusal, null);
    await propose(tree, 'after');
    await tree.fold();
    const again = await a.box.open({ file, readRef: async () => a.ref.bytes });
    assert.deepEqual(
      again.damage.filter((f) => f.severity !== 'info'),
      [],
    );
    await sa.refresh();
    assert.deepEqual(idsOf(again), idsOf(sa));
  });
});
