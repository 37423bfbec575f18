import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { LedgerStore } from '../../src/ledger/store.js';
import { verifyLedger } from '../../src/ledger/verify.js';
import { seeded } from '../tools/faults/power.js';
import { share } from '../tools/faults/share.js';
import { appendVersion, createLedger } from '../tools/faults/appendVersion.js';
import { Sandbox, idsOf, storedIn } from '../tools/ledgerFixture.js';

const slots = 8;
const appends = Math.max(40, share(200));
/** Every second process folds at this rhythm, so that kills meet folds, too. */
const foldEvery = 40;

interface Work {
  readonly file: string;
  readonly privateDir: string;
  readonly name: string;
  readonly count: number;
  readonly folds: boolean;
}

/** What each process does: appends, tells its parent after each acknowledged event, folds now and then. */
async function appendAll({ file, privateDir, name, count, folds }: Work): Promise<void> {
  const store = await LedgerStore.open({
    file,
    privateDir,
    trimAfterFold: false,
    readRef: async () => null,
    tool: `prompt-audit/${name}`,
    lockPatience: 120_000,
  });
  for (let at = 0; at < count; at++) {
    const event = await appendVersion(store, `${name} ${at}`);
    await new Promise((resolve) => process.send!(event.id, resolve));
    if (folds && at % foldEvery === foldEvery - 2) await store.fold();
  }
}

/** Runs a process until it has appended all, or is killed just after so many acknowledged events. */
function run(work: Work, killAfter: number | null): Promise<string[]> {
  const child = fork(__filename, { env: { ...process.env, LEDGER_WORK: JSON.stringify(work) } });
  const acknowledged: string[] = [];
  child.on('message', (id: string) => {
    acknowledged.push(id);
    // It goes on meanwhile, so that the kill meets it at any of its calls.
    if (acknowledged.length === killAfter) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      if (code === 0 || (killAfter !== null && acknowledged.length >= killAfter))
        resolve(acknowledged);
      else reject(new Error(`process ${work.name} ended with ${code}`));
    });
  });
}

/** One place among the writers: whoever is killed there is replaced until all is acknowledged. */
async function fillSlot(
  box: Sandbox,
  slot: number,
): Promise<{ acknowledged: string[]; kills: number }> {
  const { file, privateDir } = box;
  const random = seeded(slot + 1);
  const acknowledged: string[] = [];
  let kills = 0;
  for (let life = 1; acknowledged.length < appends; life++) {
    const count = appends - acknowledged.length;
    // A slot in which nobody is killed shows that the others' ends hold nobody up.
    const after = 3 + Math.floor(random() * (appends / 2));
    const killAfter = slot > 0 && after < count ? after : null;
    if (killAfter !== null) kills++;
    const name = `slot${slot} life${life}`;
    const work = { file, privateDir, name, count, folds: slot % 2 === 0 };
    acknowledged.push(...(await run(work, killAfter)));
  }
  return { acknowledged, kills };
}

function describeProcesses(): void {
  describe(`ledger with ${slots} processes of ${appends} appends each`, function () {
    this.timeout(240_000);
    let box: Sandbox;
    beforeEach(() => (box = new Sandbox()));
    afterEach(() => box.clean());

    it('loses and doubles nothing that was acknowledged, although many are killed', async () => {
      await createLedger(await box.open());
      const results = await Promise.all(
        Array.from({ length: slots }, (_, slot) => fillSlot(box, slot)),
      );
      const acknowledged = results.flatMap((result) => result.acknowledged);
      const kills = results.reduce((sum, result) => sum + result.kills, 0);
      assert.ok(kills >= slots, `only ${kills} were killed`);
      assert.ok(acknowledged.length >= slots * appends);

      const store = await box.open();
      const ids = idsOf(store);
      const known = new Set(ids);
      assert.equal(known.size, ids.length, 'an event stands twice');
      assert.deepEqual(
        acknowledged.filter((id) => !known.has(id)),
        [],
        'lost',
      );
      // Two events each; who was killed may have recorded one that it could not acknowledge any more.
      assert.ok(ids.length <= 2 + 2 * (acknowledged.length + kills));
      assertNoGaps(store);
      await store.fold();
      const report = await verifyLedger(box.options());
      assert.deepEqual(report.findings, []);
      assert.equal(report.checked, ids.length);
    });
  });
}

/** Every writer's events are numbered 1, 2, 3, … */
function assertNoGaps(store: LedgerStore): void {
  const counters = new Map<string, number[]>();
  for (const { event } of storedIn(store)) {
    const { writer, n } = event.header;
    counters.set(writer, [...(counters.get(writer) ?? []), n]);
  }
  for (const numbers of counters.values()) {
    assert.deepEqual(
      numbers.sort((a, b) => a - b),
      numbers.map((_, at) => at + 1),
    );
  }
}

const work = process.env['LEDGER_WORK'];
if (work === undefined) describeProcesses();
else {
  appendAll(JSON.parse(work) as Work).then(
    () => process.disconnect(),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
