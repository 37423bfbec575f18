import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { assertNotRecorded, assertRecovers } from '../tools/faults/checks.js';
import { diskRoot, install, SimulatedDisk } from '../tools/faults/disk.js';
import { loseAll, seeded } from '../tools/faults/power.js';
import type { Call, Fault } from '../tools/faults/process.js';
import { baseOf } from '../tools/faults/run.js';
import { scenarios } from '../tools/faults/scenarios.js';
import { World } from '../tools/faults/world.js';
import { temporaryFolder } from '../tools/temporary.js';

describe('simulated disk', function () {
  this.timeout(120_000);
  let remove: () => void;
  before(() => (remove = install()));
  after(() => remove());

  it('answers as the real one does', async function () {
    // Codes and the meaning of flags are those of POSIX systems.
    if (process.platform === 'win32') this.skip();
    for (let seed = 1; seed <= 60; seed++) {
      const real = temporaryFolder('simulated');
      const disk = new SimulatedDisk();
      try {
        const simulated = await disk.start().run(() => playOn(diskRoot, seed));
        assert.deepEqual(simulated, await playOn(real.path, seed), `seed ${seed}`);
      } finally {
        real.remove();
      }
    }
  });

  it('refuses functions that it does not know, and calls of no process', async () => {
    const process = new SimulatedDisk().start();
    await assert.rejects(
      process.run(() => fs.readlink(diskRoot)),
      /does not know/,
    );
    await assert.rejects(fs.readFile(join(diskRoot, 'a')), /outside a simulated process/);
  });

  const skipped: readonly [what: string, scenario: string, skip: (call: Call) => boolean][] = [
    ['the sync of an append', 'append', ({ path, kind }) => kind === 'sync' && isJournal(path)],
    [
      'the sync of a new journal',
      'first append',
      ({ path, kind }) => kind === 'sync' && /\.journal/.test(path),
    ],
    [
      'the sync of the folder',
      'first append',
      ({ path, kind }) => kind === 'sync' && path === World.privateDir,
    ],
    [
      'the sync of the folder above',
      'first append',
      ({ path, kind }) => kind === 'sync' && path.endsWith('.git'),
    ],
    [
      'the sync of a folded file',
      'fold without git',
      ({ path, kind }) => kind === 'sync' && /\.ledger/.test(path),
    ],
    [
      'the cut of a torn tail',
      'append behind a transaction without its end',
      ({ name }) => name === 'handle.truncate',
    ],
  ];

  for (const [what, name, skip] of skipped) {
    it(`shows a ledger that forgets ${what}`, async () => {
      const world = await ready(name);
      world.process.plan = (call) => (skip(call) ? { kind: 'skip' } : null);
      for (const step of scenarioOf(name).during) await world.run(() => step(world));
      await assert.rejects(assertRecovers(world.on(world.disk.reboot(loseAll)), []));
    });
  }

  it('shows a ledger that does not cut off an append that failed', async () => {
    const world = await ready('append');
    const fault: Fault = { kind: 'error', code: 'EIO' };
    world.process.plan = ({ name, path }) => {
      if (!isJournal(path)) return null;
      return name === 'handle.sync' ? fault : name === 'handle.truncate' ? { kind: 'skip' } : null;
    };
    await assert.rejects(world.run(() => world.append('failed')));
    world.process.plan = () => null;
    const other = world.beside();
    await other.open();
    await assert.rejects(
      other.run(async () => assertNotRecorded(other, other.store)),
      /failed and shows/,
    );
  });
});

const isJournal = (path: string): boolean => path.endsWith('journal.jsonl');

const scenarioOf = (name: string): (typeof scenarios)[number] =>
  scenarios.find((scenario) => scenario.name === name)!;

async function ready(name: string): Promise<World> {
  const base = await baseOf(scenarioOf(name), new World(scenarioOf(name).options ?? {}));
  await base.open();
  return base;
}

/** What thirty calls give that a seed chooses: values, or codes of errors. */
async function playOn(root: string, seed: number): Promise<unknown[]> {
  const random = seeded(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const path = (): string => join(root, pick(['a', 'b', 'folder', 'folder/c', 'missing/d']));
  const calls: (() => Promise<unknown>)[] = [
    () => fs.writeFile(path(), 'text'.repeat(1 + Math.floor(random() * 4))),
    () => fs.writeFile(path(), 'new', { flag: pick(['wx', 'a']) }),
    () => fs.readFile(path(), 'utf8'),
    () => fs.rename(path(), path()),
    () => fs.link(path(), path()),
    () => fs.unlink(path()),
    async () => (await fs.mkdir(path(), { recursive: random() < 0.5 }))?.slice(root.length),
    async () => (await fs.readdir(random() < 0.5 ? root : path())).sort(),
    async () => (await fs.stat(path())).isFile(),
    async () => (await fs.realpath(path())).slice(root.length),
    () => change(path(), Math.floor(random() * 12)),
  ];
  const results: unknown[] = [];
  for (let at = 0; at < 30; at++) {
    const call = pick(calls);
    results.push(await call().catch((error: NodeJS.ErrnoException) => error.code));
  }
  return results;
}

async function change(path: string, at: number): Promise<unknown> {
  const handle = await fs.open(path, 'r+');
  try {
    await handle.write(Buffer.from('12345'), 1, 3, at);
    if (at % 3 === 0) await handle.truncate(at);
    await handle.sync();
    const buffer = Buffer.alloc(8);
    const { bytesRead } = await handle.read(buffer, 0, 8, 2);
    return [bytesRead, buffer.toString(), (await handle.stat()).size];
  } finally {
    await handle.close();
  }
}
