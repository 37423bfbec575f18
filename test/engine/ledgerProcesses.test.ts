import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { LedgerStore } from '../../src/ledger/store.js';
import { verifyLedger } from '../../src/ledger/verify.js';
import { idsOf, propose, Sandbox } from '../tools/ledgerFixture.js';

interface Work {
  readonly file: string;
  readonly privateDir: string;
  readonly name: string;
  readonly count: number;
}

/** What each process does: appends, tells its parent after each acknowledged event, folds now and then. */
async function appendAll({ file, privateDir, name, count }: Work): Promise<void> {
  const store = await LedgerStore.open({
    file,
    privateDir,
    trimAfterFold: false,
    readRef: async () => null,
    tool: `prompt-audit/${name}`,
    lockPatience: 60_000,
  });
  for (let at = 0; at < count; at++) {
    const event = await propose(store, `${name} ${at}`);
    await new Promise((resolve) => process.send!(event.id, resolve));
    if (at % 7 === 3) await store.fold();
  }
}

function run(work: Work, killAfter: number | null): Promise<string[]> {
  const child = fork(__filename, { env: { ...process.env, LEDGER_WORK: JSON.stringify(work) } });
  const acknowledged: string[] = [];
  child.on('message', (id: string) => {
    acknowledged.push(id);
    if (acknowledged.length === killAfter) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => {
      if (code === 0 || killAfter !== null) resolve(acknowledged);
      else reject(new Error(`process ${work.name} ended with ${code}`));
    });
  });
}

function describeProcesses(): void {
  describe('ledger with several processes', function () {
    this.timeout(120_000);
    let box: Sandbox;
    beforeEach(() => (box = new Sandbox()));
    afterEach(() => box.clean());

    it('loses and doubles nothing that was acknowledged, even when some are killed', async () => {
      await box.filled(0);
      const { file, privateDir } = box;
      const kills = [null, 11, null, 17];
      const acknowledged = await Promise.all(
        kills.map((kill, at) => run({ file, privateDir, name: `p${at}`, count: 30 }, kill)),
      );
      const store = await box.open();
      const ids = idsOf(store);
      assert.equal(new Set(ids).size, ids.length);
      for (const id of acknowledged.flat()) assert.ok(ids.includes(id), `lost ${id}`);
      assert.ok(ids.length >= 1 + acknowledged.flat().length && ids.length <= 1 + 120);
      assert.equal(acknowledged[0]!.length + acknowledged[2]!.length, 60);
      await store.fold();
      assert.deepEqual((await verifyLedger(box.options())).findings, []);
    });
  });
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
