import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import type { BaseData } from '../../src/ledger/baseData.js';
import { systemPlatform } from '../../src/ledger/platform.js';
import { SnapshotFile } from '../../src/ledger/snapshotFile.js';
import type { LedgerStore } from '../../src/ledger/store.js';
import { ann, propose, Sandbox, tampered } from '../tools/ledgerFixture.js';

/** A full verification takes what the store read to open; only while the disk still says that. */
describe('full verification of an open store', function () {
  this.timeout(240_000);
  let box: Sandbox;
  beforeEach(async () => {
    box = new Sandbox();
    await (await box.filled(20, { snapshotEvery: 1 })).fold();
  });
  afterEach(() => box.clean());

  const codesOf = async (store: LedgerStore): Promise<string[]> =>
    (await store.verify({ full: true })).findings.map(({ code }) => code);

  /** A cache that says something else, and says it properly. */
  async function forgeCache(): Promise<void> {
    const file = new SnapshotFile(box.privateDir, systemPlatform);
    const data: BaseData | null = await file.read();
    assert.ok(data, 'there is a cache');
    const declared = [[ann, [{ seq: 1, name: 'Eve', email: 'eve@clinic.example' }]]] as const;
    const persons = { ...data.state.persons, declared };
    assert.ok(await file.write({ ...data, state: { ...data.state, persons } }));
  }

  it('finds nothing where nothing is wrong, after writing too', async () => {
    const store = await box.open();
    assert.deepEqual(await codesOf(store), []);
    await propose(store, 'more');
    assert.deepEqual(await codesOf(store), []);
    assert.deepEqual(await codesOf(await box.open()), []);
  });

  it('finds a cache that was forged before it was opened', async () => {
    await forgeCache();
    assert.deepEqual(await codesOf(await box.open()), ['cache.differs']);
  });

  it('finds a cache that was forged after it was opened', async () => {
    const store = await box.open();
    await forgeCache();
    assert.deepEqual(await codesOf(store), ['cache.differs']);
  });

  it('takes a cache that was broken after it was opened for none', async () => {
    const { path } = new SnapshotFile(box.privateDir, systemPlatform);
    const store = await box.open();
    writeFileSync(path, 'no cache');
    assert.deepEqual(await codesOf(store), []);
  });

  it('finds what was done to the ledger and the journal after it was opened', async () => {
    const [one, other] = [await box.open(), await box.open()];
    await tampered(box.file, "UPDATE event SET body = '{}' WHERE seq = 5");
    assert.ok((await codesOf(one)).includes('event.body'));
    appendFileSync(box.journal, 'no line of a journal\n');
    assert.ok((await codesOf(other)).includes('journal.damaged'));
  });
});
