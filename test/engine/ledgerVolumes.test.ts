import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { digestOf } from '../../src/core/hash.js';
import { stateSummary } from '../../src/core/stateSummary.js';
import type { LedgerStore } from '../../src/ledger/store.js';
import { verifyLedger } from '../../src/ledger/verify.js';
import { volumePath } from '../../src/ledger/volumes.js';
import { Sandbox, idsOf, propose, storedIn } from '../tools/ledgerFixture.js';
import { LocalRef, VolumeBranch } from '../tools/volumeBranch.js';

const small = { sealBytes: 60_000, snapshotEvery: 10 };

class Clone {
  readonly box = new Sandbox();
  readonly ref = new LocalRef();

  options = { ...small, ...this.ref.options };

  open(): Promise<LedgerStore> {
    return this.box.open(this.options);
  }

  filled(count: number): Promise<LedgerStore> {
    return this.box.filled(count, this.options);
  }

  get volumes(): string[] {
    const folder = join(this.box.file, '..', 'volumes');
    const names = existsSync(folder) ? readdirSync(folder).sort() : [];
    return names.filter((name) => /^\d{6}\.sqlite$/.test(name));
  }

  get snapshot(): string {
    return join(this.box.privateDir, 'cache', 'snapshot');
  }

  bytes(): string[] {
    const paths = this.volumes.map((name) => join(this.box.file, '..', 'volumes', name));
    return [...paths, this.box.file].map((path) => digestOf(readFileSync(path)));
  }

  async verify() {
    return await verifyLedger(this.box.options(this.options));
  }
}

/** Everything that the ledger says, by its events and by its state. */
function told(store: LedgerStore): unknown {
  const texts = storedIn(store).map(({ event }) => [event.headerText, event.bodyText]);
  return [store.point(), store.heads, texts, stateSummary(store.state)];
}

async function assertTexts(store: LedgerStore): Promise<void> {
  for (const { event } of storedIn(store)) {
    if (event.known && event.type === 'version.proposed')
      assert.ok((await store.content(event.header.refs.digest)).length > 0);
  }
}

describe('ledger volumes', function () {
  this.timeout(240_000);
  let clones: Clone[];
  const clone = (): Clone => {
    const one = new Clone();
    clones.push(one);
    return one;
  };
  beforeEach(() => (clones = []));
  afterEach(() => clones.forEach(({ box }) => box.clean()));

  it('are sealed when they are full, and stay below the limit', async () => {
    const one = clone();
    const store = await one.filled(150);
    await store.fold();
    assert.ok(one.volumes.length >= 2, String(one.volumes));
    for (const path of one.volumes.map((_, i) => volumePath(one.box.file, i + 1)))
      assert.ok(statSync(path).size < small.sealBytes * 1.25, `${path} ${statSync(path).size}`);
    const report = await one.verify();
    assert.deepEqual([report.findings, report.intact, report.checked], [[], true, 151]);
  });

  it('tell the same with a snapshot, without one, and with one that is broken', async () => {
    const one = clone();
    const store = await one.filled(150);
    await store.fold();
    await propose(store, 'not folded yet');
    const expected = told(store);
    assert.ok(existsSync(one.snapshot));
    const fast = await one.open();
    assert.deepEqual(told(fast), expected);
    await assertTexts(fast);
    for (const spoil of [
      () => rmSync(one.snapshot),
      () => writeFileSync(one.snapshot, 'garbage'),
      () => {
        const bytes = readFileSync(one.snapshot);
        bytes[bytes.length - 9]! ^= 1;
        writeFileSync(one.snapshot, bytes);
      },
    ]) {
      spoil();
      const again = await one.open();
      assert.deepEqual(again.damage, []);
      assert.deepEqual(told(again), expected);
      await assertTexts(again);
    }
  });

  it('reads no sealed volume for daily work', async () => {
    const one = clone();
    await (await one.filled(150)).fold();
    const [first] = one.volumes.map((_, i) => volumePath(one.box.file, i + 1));
    const reader = await one.open();
    await propose(reader, 'daily work');
    await reader.fold();
    // The file may be gone as long as nobody asks for what is in it.
    const { size } = await one.open();
    rmSync(first!);
    assert.equal(size, 152);
    assert.equal(reader.state.prompts.size, 0);
    await propose(reader, 'more of it');
    assert.equal(reader.size, 153);
    assert.throws(() => reader.state.event(2), /cannot be read|No file|disk failed/);
  });

  it('are restored from the ledger ref when one is broken or gone', async () => {
    const one = clone();
    const branch = new VolumeBranch();
    const store = await one.filled(150);
    await branch.sync(store, one.ref);
    const expected = told(store);
    const before = one.bytes();
    const path = volumePath(one.box.file, 1);
    const bytes = readFileSync(path);
    // The last one: the first may stand in room that SQLite does not use any more.
    bytes[bytes.lastIndexOf('"note"') + 9]! ^= 1;
    writeFileSync(path, bytes);
    const report = await one.verify();
    assert.equal(report.intact, false);
    assert.ok(report.findings.some((f) => f.message.includes('000001.sqlite')));
    assert.equal(report.isWhole, false);
    const warned: string[] = [];
    const broken = await one.box.open({ ...one.options, warn: (text) => warned.push(text) });
    assert.deepEqual(told(broken), expected);
    assert.equal(broken.refusal, null);
    await broken.fold();
    assert.deepEqual(one.bytes().slice(0, before.length), before);
    assert.match(warned.join(), /000001\.sqlite was broken/);
    assert.equal((await one.verify()).intact, true);
    rmSync(path);
    const lacking = await one.verify();
    const codes = lacking.findings.map(({ code, severity }) => `${severity} ${code}`);
    assert.ok(codes.includes('warning volume.missing'), codes.join());
    assert.equal(lacking.isWhole, true, 'what is missing here was read in the ref');
    await (await one.open()).fold();
    assert.deepEqual(one.bytes().slice(0, before.length), before);
  });

  it('say which one is missing where no other copy is', async () => {
    const one = clone();
    await (await one.filled(150)).fold();
    rmSync(one.box.journal);
    rmSync(one.snapshot);
    rmSync(volumePath(one.box.file, 1));
    const store = await one.open();
    assert.match(store.refusal!.message, /volumes\/000001\.sqlite is missing/);
    await assert.rejects(propose(store, 'nothing goes'), /damaged/);
    assert.equal((await one.verify()).intact, false);
  });

  it('brings clones that seal at the same time to the same volumes', async () => {
    const branch = new VolumeBranch();
    const [a, b, c] = [clone(), clone(), clone()];
    const sa = await a.filled(30);
    await branch.sync(sa, a.ref);
    const [sb, sc] = [await b.open(), await c.open()];
    await branch.sync(sb, b.ref);
    await branch.sync(sc, c.ref);
    for (let round = 0; round < 6; round++) {
      for (const [store, name] of [
        [sa, 'a'],
        [sb, 'b'],
        [sc, 'c'],
      ] as const)
        for (let at = 0; at < 9; at++) await propose(store, `${name} ${round} ${at}`);
      await branch.sync(sa, a.ref, () => branch.sync(sb, b.ref, () => branch.sync(sc, c.ref)));
    }
    for (const [store, one] of [
      [sa, a],
      [sb, b],
      [sc, c],
      [sa, a],
      [sb, b],
    ] as const)
      await branch.sync(store, one.ref);
    assert.deepEqual(told(sb), told(sa));
    assert.deepEqual(told(sc), told(sa));
    assert.deepEqual(a.bytes(), c.bytes());
    assert.deepEqual(b.bytes(), c.bytes());
    assert.ok(a.volumes.length >= 3);
    for (const one of [a, b, c]) {
      const report = await one.verify();
      assert.deepEqual([report.findings, report.intact, report.checked], [[], true, 193]);
      assert.deepEqual(told(await one.open()), told(sa));
    }
    const fresh = clone();
    const store = await fresh.open();
    await branch.sync(store, fresh.ref);
    assert.deepEqual(told(store), told(sa));
    await assertTexts(store);
    assert.deepEqual(fresh.bytes(), a.bytes());
  });

  it('rearranges volumes that a clone sealed before it knew the order of the others', async () => {
    const branch = new VolumeBranch();
    const [a, b] = [clone(), clone()];
    const sa = await a.filled(10);
    await branch.sync(sa, a.ref);
    const sb = await b.open();
    await branch.sync(sb, b.ref);
    for (let at = 0; at < 90; at++) await propose(sb, `b offline ${at}`);
    await sb.fold();
    assert.ok(b.volumes.length >= 1);
    for (let at = 0; at < 60; at++) await propose(sa, `a ${at}`);
    await branch.sync(sa, a.ref);
    await branch.sync(sb, b.ref);
    await branch.sync(sa, a.ref);
    assert.deepEqual(told(sb), told(sa));
    assert.deepEqual(a.bytes(), b.bytes());
    for (const one of [a, b]) assert.deepEqual((await one.verify()).findings, []);
  });

  it('are the same for windows and programs that work side by side', async () => {
    const one = clone();
    const store = await one.filled(20);
    const other = await one.open();
    for (let at = 0; at < 60; at++) {
      await propose(at % 2 ? store : other, `side by side ${at}`);
      if (at % 7 === 0) await store.fold();
      if (at % 5 === 0) await other.fold();
    }
    await store.fold();
    await other.refresh();
    await store.refresh();
    assert.equal(store.epoch, 0);
    assert.deepEqual(told(other), told(store));
    assert.deepEqual(told(await one.open()), told(store));
    assert.deepEqual((await one.verify()).findings, []);
  });

  it('give the same ledger for any interleaving of append, fold, sync, reopen and lost caches', async () => {
    const step = fc.tuple(
      fc.constantFrom('append', 'append', 'append', 'fold', 'sync', 'reopen', 'forget', 'lose'),
      fc.nat(1),
      fc.integer({ min: 1, max: 30 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 25 }), async (steps) => {
        const branch = new VolumeBranch();
        const pair = [clone(), clone()] as const;
        const first = await pair[0].filled(3);
        await branch.sync(first, pair[0].ref);
        const second = await pair[1].open();
        await branch.sync(second, pair[1].ref);
        const stores = [first, second];
        const recorded = new Set(idsOf(first));
        for (const [what, who, count] of steps) {
          const one = pair[who]!;
          const store = stores[who]!;
          if (what === 'append')
            for (let at = 0; at < count; at++)
              recorded.add((await propose(store, `${recorded.size} ${'y'.repeat(count)}`)).id);
          else if (what === 'fold') await store.fold();
          else if (what === 'sync') await branch.sync(store, one.ref);
          else if (what === 'reopen') stores[who] = await one.open();
          else if (what === 'forget')
            rmSync(join(one.snapshot, '..'), { recursive: true, force: true });
          else rmSync(join(one.box.file, '..'), { recursive: true, force: true });
        }
        for (const who of [0, 1, 0]) await branch.sync(stores[who]!, pair[who]!.ref);
        assert.deepEqual(new Set(idsOf(stores[0]!)), recorded);
        assert.equal(stores[0]!.size, recorded.size);
        assert.deepEqual(told(stores[1]!), told(stores[0]!));
        assert.deepEqual(pair[0].bytes(), pair[1].bytes());
        for (const one of pair) {
          const { findings } = await one.verify();
          assert.deepEqual(
            findings.filter((f) => f.severity === 'error'),
            [],
          );
          assert.deepEqual(told(await one.open()), told(stores[0]!));
        }
      }),
      { numRuns: 6, seed: 3, endOnFailure: true },
    );
  });
});
