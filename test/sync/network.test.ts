import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isPromptAuditError, type PromptAuditError } from '../../src/core/errors.js';
import type { Trail } from '../../src/trail/api.js';
import { CuttingProxy } from '../tools/cuttingProxy.js';
import { failure } from '../tools/failure.js';
import { isWhole } from '../tools/faults/share.js';
import { PushGate } from '../tools/pushGate.js';
import { bareName, Team } from '../tools/team.js';
import { assertSame } from '../tools/teamChecks.js';

const prompt = 'prompts/shared.prompt.md';
/** What a sync may end with that says: it is recorded here, try again. */
const passing = ['sync.offline', 'sync.busy', 'git.timeout'] as const;

for (const transport of ['http', 'ssh'] as const) {
  describe(`the network failing while a clone syncs over ${transport}`, function () {
    this.timeout(900_000);
    const points = isWhole ? 60 : transport === 'http' ? 8 : 5;
    let team: Team;
    let proxy: CuttingProxy;
    let ana: Trail;
    let ravi: Trail;
    let recorded = 0;

    before(async () => {
      team = await Team.begin(transport, ['ana', 'ravi']);
      proxy = await CuttingProxy.start(team.server.port!);
      team.direct('ana', proxy.port);
      ana = await team.clinic.open('ana', { autoSync: false });
      ravi = await team.clinic.open('ravi', { autoSync: false });
    });
    after(async () => {
      await proxy.stop();
      await team.end();
    });

    /** Something new on both sides, so that the next sync of Ana's fetches and pushes. */
    async function bothRecord(): Promise<void> {
      for (const [name, trail] of [
        ['ravi', ravi],
        ['ana', ana],
      ] as const) {
        team.clinic.write(name, prompt, `${name} ${++recorded}\n`);
        assert.equal((await trail.recordSave(prompt))?.outcome, 'recorded');
        if (name === 'ravi') await trail.sync();
      }
    }

    const remoteTip = (): string => team.clinic.git(bareName, 'rev-parse', 'prompt-audit');

    /** The code with which a sync of Ana's failed, which must be a passing one; null where it succeeded. */
    async function codeOfSync(when: string): Promise<string | null> {
      try {
        await ana.sync();
        return null;
      } catch (error) {
        const isPassing = passing.some((one) => isPromptAuditError(error, one));
        assert.ok(isPassing, `${when}: ${String(error)}`);
        return (error as PromptAuditError).code;
      }
    }

    async function assertAllRecorded(): Promise<void> {
      await ravi.sync();
      const ledger = await assertSame(team);
      const saved = ledger.events.filter(({ event }) => event.header.type === 'revision.saved');
      assert.equal(saved.length, recorded);
    }

    it('ends in a typed error or a success wherever it fails, and the next sync completes', async () => {
      await bothRecord();
      proxy.restore();
      await ana.sync();
      const { traffic } = proxy;
      let failed = 0;
      for (const direction of ['up', 'down'] as const) {
        for (const after of cutsOf(traffic[direction], points)) {
          await bothRecord();
          const before = remoteTip();
          proxy.restore({ direction, after });
          const code = await codeOfSync(`${direction} ${after}`);
          if (code === null) assert.notEqual(remoteTip(), before, 'it succeeded, and sent nothing');
          else assert.ok(proxy.isDown, `it failed without a cut: ${code}`);
          if (code !== null) failed++;
          proxy.restore();
          await ana.sync();
        }
      }
      assert.ok(failed >= points, `only ${failed} syncs failed`);
      await assertAllRecorded();
    });

    if (transport === 'http')
      it('is not taken for a remote without a ledger where an answer breaks off in its head', async () => {
        // git reads such an answer as that of an old server without any branch.
        proxy.restore({ direction: 'down', after: 60 });
        assert.equal(await codeOfSync('in the head'), 'sync.offline');
        proxy.restore();
        await ana.sync();
      });

    it('loses and doubles nothing where a push arrives, and its answer does not', async () => {
      const gate = new PushGate(team.clinic.folder, bareName);
      await bothRecord();
      const before = remoteTip();
      proxy.restore();
      gate.close();
      const syncing = codeOfSync('after the push');
      await gate.arrived();
      proxy.fail();
      await gate.open();
      assert.equal(await syncing, 'sync.offline');
      await team.server.settled();
      assert.notEqual(remoteTip(), before);
      const { unsent, syncProblem } = await ana.status();
      assert.deepEqual([unsent > 0, syncProblem?.code], [true, 'sync.offline']);
      proxy.restore();
      assert.equal((await ana.sync()).sent, 0, 'what had arrived was sent again');
      await assertAllRecorded();
    });
  });
}

describe('a network whose login gate answers in place of the host', function () {
  this.timeout(60_000);
  let team: Team;
  let gate: Server;
  before(async () => {
    team = await Team.begin('file', ['ana']);
    gate = createServer((_, response) => response.writeHead(200).end());
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    gate.closeAllConnections();
    gate.close();
    await team.end();
  });

  it('is not taken for a remote without a ledger', async () => {
    const { port } = gate.address() as AddressInfo;
    team.clinic.git('ana', 'remote', 'set-url', 'origin', `http://127.0.0.1:${port}/remote.git`);
    const ana = await team.clinic.open('ana', { autoSync: false });
    const { message } = await failure(ana.sync(), 'sync.offline');
    assert.match(message, /not as a git server/);
    team.direct('ana');
    await ana.sync();
  });
});

/** From nothing at all to nearly everything. */
function cutsOf(total: number, points: number): number[] {
  const even = Array.from({ length: points }, (_, i) => Math.floor((total * i) / points));
  return [...even, total - 1];
}
