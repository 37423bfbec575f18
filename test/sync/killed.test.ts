import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openTrail } from '../../src/trail/openTrail.js';
import { failure } from '../tools/failure.js';
import { isWhole } from '../tools/faults/share.js';
import { countPoints } from '../tools/killPoints.js';
import { Team } from '../tools/team.js';
import { assertSame } from '../tools/teamChecks.js';

const prompt = 'prompts/shared.prompt.md';
const variable = 'PROMPT_AUDIT_KILLED_AT';
/** Of all points of a sync one in so many; every other one in a run of everything. */
const step = isWhole ? 1 : 9;

/** In a process of its own: syncs, and is killed at one of its points; 0: lives. */
async function syncUntil(folder: string, killAt: number, withGit: boolean): Promise<number> {
  const points = await countPoints((point) => {
    if (point !== killAt) return;
    // 0: its whole group, so that git goes, too, as in a power cut.
    process.kill(withGit ? 0 : process.pid, 'SIGKILL');
  });
  const trail = await openTrail({ folder, tool: 'test/1', source: 'cli', autoSync: false });
  await trail.sync();
  await trail.close();
  return points();
}

/** The number of points of a sync that nobody killed; null of one that was. */
async function syncInProcess(
  folder: string,
  killAt: number,
  withGit = false,
): Promise<number | null> {
  const env = { ...process.env, [variable]: JSON.stringify([folder, killAt, withGit]) };
  const child = fork(__filename, { env, detached: true });
  let points: number | null = null;
  child.on('message', (message) => (points = message as number));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  assert.ok(signal === 'SIGKILL' || code === 0, `it ended with ${code ?? signal}`);
  return points;
}

function describeKilled(): void {
  describe('a clone whose process is killed in the middle of a sync', function () {
    this.timeout(900_000);
    let team: Team;
    let recorded = 0;
    before(async () => (team = await Team.begin('file', ['ana', 'ravi'])));
    after(() => team.end());

    /** Something new on both sides: Ravi's is on the remote. */
    async function bothRecord(): Promise<void> {
      for (const name of ['ravi', 'ana']) {
        const trail = await team.clinic.open(name, { autoSync: false });
        team.clinic.write(name, prompt, `${name} ${++recorded}\n`);
        assert.equal((await trail.recordSave(prompt))?.outcome, 'recorded');
        if (name === 'ravi') await trail.sync();
        await trail.close();
      }
    }

    it('goes on where it was: nothing is lost, nothing doubled', async () => {
      const folder = join(team.clinic.folder, 'ana');
      await bothRecord();
      const points = (await syncInProcess(folder, 0))!;
      assert.ok(points > 40, `a sync had only ${points} points`);
      let killed = 0;
      for (let point = 1; point <= points; point += step) {
        await bothRecord();
        if ((await syncInProcess(folder, point, point % 2 === 0)) === null) killed++;
        const ana = await team.clinic.open('ana', { autoSync: false });
        await ana.sync();
        await ana.close();
      }
      assert.ok(killed >= Math.floor(points / step) - 3, `only ${killed} were killed`);
      const { events } = await assertSame(team);
      const saved = events.filter(({ event }) => event.header.type === 'revision.saved');
      assert.equal(saved.length, recorded);
    });

    it('is not held up by locks of refs that a killed git left behind', async () => {
      await bothRecord();
      const refs = join(team.clinic.folder, 'ana/.git/refs/prompt-audit');
      const locks = ['ledger.lock', 'remotes/origin/prompt-audit.lock'].map((n) => join(refs, n));
      const trail = await team.clinic.open('ana', { autoSync: false });
      for (const lock of locks) mkdirSync(dirname(lock), { recursive: true });
      writeFileSync(locks[1]!, '');
      const { remedy } = await failure(trail.sync(), 'git.failed');
      assert.match(remedy, /delete that lock file/);
      assert.ok(existsSync(locks[1]!), 'a lock that may be of a living process was taken away');
      const yesterday = Date.now() / 1000 - 86_400;
      for (const lock of locks) {
        writeFileSync(lock, '');
        utimesSync(lock, yesterday, yesterday);
      }
      assert.equal((await trail.sync()).sent, 1);
      await assertSame(team);
    });
  });
}

const work = process.env[variable];
if (work === undefined) describeKilled();
else {
  const [folder, killAt, withGit] = JSON.parse(work) as [string, number, boolean];
  syncUntil(folder, killAt, withGit).then(
    (points) => process.send!(points, () => process.disconnect()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
