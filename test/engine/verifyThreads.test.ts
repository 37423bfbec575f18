import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isPromptAuditError } from '../../src/core/errors.js';
import { stateSummary } from '../../src/core/stateSummary.js';
import type { Watch } from '../../src/core/watch.js';
import { unpacked } from '../../src/ledger/packedVolume.js';
import { readLedgerFile } from '../../src/ledger/sqliteFile.js';
import { storeContext } from '../../src/ledger/storeOptions.js';
import { verifyVolumes, type VerifiedSet, type VolumeSet } from '../../src/ledger/verifyVolumes.js';
import { checkedVolume } from '../../src/ledger/volumeServer.js';
import { VolumePool } from '../../src/ledger/volumePool.js';
import { volumePath } from '../../src/ledger/volumes.js';
import { propose, Sandbox, tampered } from '../tools/ledgerFixture.js';
import { projectRoot } from '../tools/paths.js';

const bundle =
  process.env['PROMPT_AUDIT_TEST_WORKER'] ?? path.join(projectRoot, 'dist', 'worker.js');

describe('verification in threads', function () {
  this.timeout(240_000);
  let box: Sandbox;
  let volumes = 0;
  const whole = new Map<string, Buffer>();
  const fileOf = (volume: number): string =>
    volume === volumes ? box.file : volumePath(box.file, volume);

  before(async () => {
    box = new Sandbox();
    const store = await box.filled(150, { sealBytes: 70_000 });
    // Not all of it is ASCII.
    for (let at = 0; at < 60; at++) await propose(store, `Größe ${at} 😀 \u2028 \ufffd`);
    await store.fold();
    volumes = (await readLedgerFile(readFileSync(box.file))).start.volume;
    assert.ok(volumes >= 4, String(volumes));
    for (let volume = 1; volume <= volumes; volume++)
      whole.set(fileOf(volume), readFileSync(fileOf(volume)));
  });
  afterEach(() => {
    for (const [file, bytes] of whole) writeFileSync(file, bytes);
  });
  after(() => box.clean());

  function setHere(): VolumeSet {
    const volume = async (n: number): Promise<Uint8Array | null> =>
      Promise.resolve(whole.has(fileOf(n)) ? readFileSync(fileOf(n)) : null);
    return { open: readFileSync(box.file), volume, isOnDisk: true };
  }

  async function verified(program: string | null, watch?: Watch): Promise<VerifiedSet> {
    const context = storeContext(watch ? box.options({ watch }) : box.options());
    return await verifyVolumes(context, setHere(), { bundle: program });
  }

  function told({ findings, hashes, memory }: VerifiedSet): unknown {
    if (memory === null) return { findings, hashes };
    const texts = memory.tail.map(({ seq, event }) => [seq, copied(event)]);
    const people = memory.state.persons.snapshot();
    const contents = [...memory.attachments.contents.keys()];
    const { root, writers, heads, state } = memory;
    return {
      findings,
      hashes,
      root,
      writers,
      heads,
      texts,
      people,
      contents,
      sum: stateSummary(state),
    };
  }

  it('is done by the threads, and comes to the same', async () => {
    const pool = new VolumePool(bundle, 2);
    const one = await pool.check(whole.get(fileOf(2))!);
    await pool.close();
    assert.ok(one, 'the thread checked nothing');
    const alone = await verified(null);
    assert.deepEqual(alone.findings, []);
    assert.deepEqual(told(await verified(bundle)), told(alone));
  });

  it('gives a volume as it is read here', async () => {
    const files = { texts: assert.fail, content: assert.fail };
    for (const bytes of whole.values()) {
      const file = await readLedgerFile(bytes, { full: true, alone: true });
      const packed = await checkedVolume(bytes);
      const { events, start, attachments } = unpacked(structuredClone(packed!), files);
      const copies = (all: typeof events) => all.map(({ seq, event }) => [seq, copied(event)]);
      assert.deepEqual(copies(events), copies(file.events));
      assert.deepEqual(start, file.start);
      assert.deepEqual([...attachments.contents.keys()], [...file.attachments.contents.keys()]);
    }
  });

  const damages: [string, string][] = [
    ['header', `UPDATE event SET header = replace(header, '"n":', '"n":1') WHERE seq % 7 = 3`],
    ['body', `UPDATE event SET body = replace(body, 'shorter', 'longer') WHERE seq % 5 = 1`],
    ['body that is gone', 'UPDATE event SET body = NULL WHERE seq % 9 = 4'],
    ['row that is gone', 'DELETE FROM event WHERE seq % 11 = 5'],
    ['row before the first', 'INSERT INTO event SELECT 0, id, header, body FROM event LIMIT 1'],
    ['text', "UPDATE content SET bytes = x'00' WHERE rowid % 3 = 1"],
    ['text that is gone', 'DELETE FROM content WHERE rowid % 4 = 1'],
    ['id', 'UPDATE event SET id = zeroblob(32) WHERE seq % 13 = 2'],
    ['meta', "UPDATE meta SET value = 'x' WHERE name = 'ledger'"],
    [
      'chain of unbroken rows',
      `DELETE FROM event WHERE seq = (SELECT min(seq) + 5 FROM event);
       UPDATE event SET seq = seq - 1 WHERE seq > (SELECT min(seq) + 4 FROM event)`,
    ],
    ['table', 'CREATE TABLE more (a)'],
  ];
  for (const [what, sql] of damages)
    it(`finds the same: a damaged ${what} in each volume`, async () => {
      for (const file of whole.keys()) {
        await tampered(file, sql);
        const alone = await verified(null);
        assert.deepEqual(told(await verified(bundle)), told(alone), file);
        assert.ok(alone.findings.length > 0, `${file} has no finding`);
        writeFileSync(file, whole.get(file)!);
      }
    });

  it('finds the same when volumes are exchanged or missing', async () => {
    writeFileSync(fileOf(3), whole.get(fileOf(2))!);
    const exchanged = await verified(bundle);
    assert.deepEqual(told(exchanged), told(await verified(null)));
    assert.ok(exchanged.findings.length > 0);
    const missing = { ...setHere(), volume: () => Promise.resolve(null) };
    const { findings } = await verifyVolumes(storeContext(box.options()), missing, { bundle });
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['volume.missing'],
    );
  });

  it('goes on alone when the threads cannot start', async () => {
    const broken = path.join(box.root, 'broken.js');
    writeFileSync(broken, 'process.exit(3)');
    const expected = told(await verified(null));
    for (const program of [broken, path.join(box.root, 'none.js')])
      assert.deepEqual(told(await verified(program)), expected);
  });

  it('ends its threads when it is cancelled, and when it is done', async () => {
    for (const after of [0, 1, 3, Infinity]) {
      let asked = 0;
      const watch = { isCancelled: () => asked++ >= after };
      const end = await verified(bundle, watch).then(
        () => 'done',
        (error: unknown) => isPromptAuditError(error) && error.code,
      );
      assert.equal(end, after === Infinity ? 'done' : 'cancelled');
      assert.ok(!process.getActiveResourcesInfo().includes('Worker'));
    }
  });
});

/** An event by its members, those that a slim one reads from elsewhere too. */
function copied(event: { readonly [name: string]: unknown } | object): unknown {
  const { id, type, known, header, headerText, bodyText, body } = event as Record<string, unknown>;
  return { id, type, known, header, headerText, bodyText, body };
}
