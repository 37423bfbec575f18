import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { isPromptAuditError, type ErrorCode } from '../../src/core/errors.js';
import { createPlatform, systemPlatform } from '../../src/ledger/platform.js';
import { install, SimulatedDisk } from '../tools/faults/disk.js';
import type { Call, Fault } from '../tools/faults/process.js';
import { World } from '../tools/faults/world.js';

const lock = `${World.privateDir}/lock`.replaceAll('\\', '/');
const isLock = ({ path }: Call): boolean => path.replaceAll('\\', '/') === lock;
const failing = (code: string): Fault => ({ kind: 'error', code });
const refused = (code: ErrorCode, message: RegExp) => (error: unknown) =>
  isPromptAuditError(error, code) && message.test(`${error.message} ${error.remedy}`);

describe('lock of the ledger', function () {
  this.timeout(60_000);
  let remove: () => void;
  let world: World;
  before(() => (remove = install()));
  after(() => remove());
  beforeEach(async () => {
    world = new World({});
    await world.open();
    await world.run(() => world.create());
    world.process.calls.length = 0;
  });

  const append = (text: string): Promise<void> => world.run(() => world.append(text));
  const leave = (text: string, age = 0): Promise<void> =>
    world.run(async () => {
      await fs.writeFile(lock, text);
      const at = new Date(Date.now() - age);
      await fs.utimes(lock, at, at);
    });

  it('of a process that ended in the middle of a write is taken over', async () => {
    const other = world.beside();
    await other.open();
    other.process.plan = ({ name }) =>
      name === 'handle.write' ? { kind: 'end', when: 'after' } : null;
    await assert.rejects(other.run(() => other.append('lost')));
    assert.ok(world.disk.tree.find(lock));
    await append('after it');
    assert.equal(world.disk.tree.find(lock), null);
  });

  it('of another boot is taken over, also when its number runs again', async () => {
    const { platform } = world.process;
    const before = { ...platform.self(), boot: 'earlier', nonce: 'a'.repeat(24) };
    await leave(JSON.stringify(before));
    await append('after a restart');
  });

  it('of a live process is waited for, and then named', async () => {
    const other = world.beside();
    await leave(
      JSON.stringify({ ...other.process.platform.self(), nonce: 'a'.repeat(24) }),
      60_000,
    );
    await assert.rejects(
      append('too early'),
      refused('ledger.locked', /process \d+ on simulated .*6\d s ago.*delete .*lock/),
    );
    other.process.ended = true;
    await append('when it has ended');
  });

  for (const [what, fault] of [
    ['in a folder that cannot be written', ({ name }: Call) => name === 'open'],
    ['in a folder that cannot be made', ({ name }: Call) => name === 'mkdir'],
  ] as const) {
    it(`${what} is refused in words, and reading goes on`, async () => {
      world.process.plan = (call) =>
        fault(call) && call.kind === 'names' ? failing('EACCES') : null;
      await assert.rejects(append('never'), refused('disk.readOnly', /cannot be written/));
      assert.equal(await world.run(() => world.store.refresh()), false);
      assert.equal(world.store.size, 2);
    });
  }

  it('that only another user may read is waited for, never broken', async () => {
    await leave('{}', 3_600_000);
    world.process.plan = (call) =>
      call.name === 'readFile' && isLock(call) ? failing('EACCES') : null;
    await assert.rejects(append('in vain'), refused('ledger.locked', /another process/));
    assert.ok(world.disk.tree.find(lock));
    await world.run(() => fs.unlink(lock));
    await append('when it is gone');
  });

  for (const text of ['', '\0\0\0\0', '{"pid":', '[]', '{"nonce":"../../x"}']) {
    it(`that holds ${JSON.stringify(text)} is respected for a while, then taken over`, async () => {
      await leave(text);
      await assert.rejects(append('early'), refused('ledger.locked', /another process/));
      await leave(text, 31_000);
      await append('later');
      // The clock may have stood in the future when it was made.
      await leave(text, -86_400_000);
      await append('after the clock was set back');
    });
  }

  it('that a power cut left empty is taken over at once', async () => {
    await leave('', 5_000);
    world = world.on(world.disk.reboot({ name: 'kept', entries: (c) => c, bytes: (c) => c }));
    await world.open();
    await append('after the restart');
  });

  it('that could not be removed does not keep its own process out', async () => {
    world.process.plan = (call) => (call.name === 'unlink' && isLock(call) ? failing('EIO') : null);
    await append('one');
    assert.ok(world.disk.tree.find(lock));
    world.process.plan = () => null;
    await append('two');
    assert.equal(world.disk.tree.find(lock), null);
  });

  it('whose link took effect and failed all the same is held', async () => {
    const process = world.process;
    const link = fs.link.bind(fs);
    fs.link = async (from, to) => {
      await link(from, to);
      throw Object.assign(new Error('EIO'), { code: 'EIO' });
    };
    try {
      await process.run(() => world.append('one'));
    } finally {
      fs.link = link;
    }
    await append('two');
  });

  it('with a heartbeat that fails ends nothing', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    const beats: (() => void)[] = [];
    const real = globalThis.setInterval;
    process.on('unhandledRejection', note);
    globalThis.setInterval = ((beat: () => void) => {
      beats.push(beat);
      return real(() => undefined, 1_000_000);
    }) as typeof setInterval;
    try {
      world.process.plan = ({ name }) => (name === 'utimes' ? failing('EIO') : null);
      await world.run(() =>
        world.store.transact(async () => {
          assert.equal(beats.length, 1);
          for (const beat of beats) beat();
          await new Promise((resolve) => setImmediate(resolve));
        }),
      );
      // One more, as a timer may be late: the lock is gone by now.
      for (const beat of beats) world.process.run(async () => beat()).catch(note);
      await new Promise((resolve) => setImmediate(resolve));
      assert.ok(world.process.calls.some(({ name }) => name === 'utimes'));
      assert.deepEqual(unhandled, []);
    } finally {
      globalThis.setInterval = real;
      process.off('unhandledRejection', note);
    }
  });

  it('of a number that another user’s process got is one of a process that ended', function () {
    if (process.platform !== 'linux') this.skip();
    const probe = (): never => {
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    };
    const calls = { os: process.platform, rename: fs.rename, sleep: async () => undefined, probe };
    const platform = createPlatform(calls);
    const { pid, started } = systemPlatform.self();
    assert.equal(platform.isAlive(pid, started), true);
    assert.equal(platform.isAlive(pid, '1'), false);
  });

  it('leaves no guard and no temporary file behind for longer than an hour', async () => {
    const old = [
      'lock.break-123-456',
      `lock.${'a'.repeat(24)}.tmp`,
      `drafts/.${'b'.repeat(64)}.${'c'.repeat(12)}.tmp`,
    ];
    const young = 'lock.break-123-457';
    await world.run(async () => {
      await fs.mkdir(`${World.privateDir}/drafts`);
      for (const name of [...old, young]) await fs.writeFile(`${World.privateDir}/${name}`, '');
      for (const name of old)
        await fs.utimes(`${World.privateDir}/${name}`, new Date(1), new Date(1));
      await world.store.fold();
    });
    const left = world.disk.tree.files().map((path) => path.replaceAll('\\', '/'));
    for (const name of old) assert.ok(!left.some((path) => path.endsWith(name)), name);
    assert.ok(left.some((path) => path.endsWith(young)));
  });
});

describe('folders that cannot be synced', () => {
  it('are no error where the file system has no such thing, and one where the disk fails', async () => {
    const remove = install();
    try {
      const disk = new SimulatedDisk();
      const process = disk.start();
      const sync = (): Promise<void> =>
        process.run(() => process.platform.syncFolder(disk.tree.root));
      for (const code of ['EINVAL', 'ENOTSUP']) {
        process.plan = ({ name }) => (name === 'handle.sync' ? failing(code) : null);
        await sync();
      }
      process.plan = ({ name }) => (name === 'handle.sync' ? failing('EIO') : null);
      await assert.rejects(sync(), /EIO/);
    } finally {
      remove();
    }
  });
});
