import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isPromptAuditError, type ErrorCode } from '../../src/core/errors.js';
import { writeFileAtomically } from '../../src/ledger/atomicFile.js';
import { diskError } from '../../src/ledger/diskErrors.js';
import { withLock } from '../../src/ledger/lock.js';
import { createPlatform, systemPlatform, type Platform } from '../../src/ledger/platform.js';
import { idsOf, noise, propose, Sandbox } from '../tools/ledgerFixture.js';

const failing = (code: string): Error => Object.assign(new Error(code), { code });
const refused = (code: ErrorCode) => (error: unknown) => isPromptAuditError(error, code);

describe('ledger on disks that fail', () => {
  let box: Sandbox;
  beforeEach(() => (box = new Sandbox()));
  afterEach(() => box.clean());

  const codes: [string, ErrorCode][] = [
    ['ENOSPC', 'disk.full'],
    ['EDQUOT', 'disk.full'],
    ['EROFS', 'disk.readOnly'],
    ['EACCES', 'disk.readOnly'],
    ['EPERM', 'disk.readOnly'],
    ['EIO', 'disk.failed'],
  ];

  for (const [code, expected] of codes) {
    it(`turns ${code} into ${expected}, keeps the old file and leaves no other`, async () => {
      const path = join(box.root, 'file');
      writeFileSync(path, 'old');
      const platform: Platform = { ...systemPlatform, rename: () => Promise.reject(failing(code)) };
      await assert.rejects(writeFileAtomically(path, 'new', { platform }), refused(expected));
      assert.equal(readFileSync(path, 'utf8'), 'old');
      assert.deepEqual(readdirSync(box.root), ['file']);
    });
  }

  it('keeps all events when folding fails, and folds later', async () => {
    let broken = false;
    const rename: Platform['rename'] = (from, to) =>
      broken && to.endsWith('.sqlite')
        ? Promise.reject(failing('ENOSPC'))
        : systemPlatform.rename(from, to);
    const store = await box.filled(3, { platform: { ...systemPlatform, rename } });
    await store.fold();
    await propose(store, 'one more');
    const before = readFileSync(box.file);
    broken = true;
    await assert.rejects(store.fold(), refused('disk.full'));
    assert.deepEqual(readFileSync(box.file), before);
    assert.deepEqual(idsOf(await box.open()), idsOf(store));
    broken = false;
    assert.equal(await store.fold(), true);
    assert.deepEqual(idsOf(await box.open()), idsOf(store));
  });

  it('never shows a path without saying what happened to it', () => {
    const error = diskError(failing('EMFILE'), '/some/file');
    assert.equal(error.code, 'disk.failed');
    assert.match(error.message, /\/some\/file.*EMFILE/);
  });

  it('retries a rename that Windows blocks, and only there', async () => {
    const run = async (os: NodeJS.Platform, failures: number): Promise<number> => {
      let calls = 0;
      const rename = (): Promise<void> =>
        ++calls <= failures ? Promise.reject(failing('EPERM')) : Promise.resolve();
      const probe = (): void => undefined;
      await createPlatform({ os, rename, sleep: async () => undefined, probe }).rename('a', 'b');
      return calls;
    };
    assert.equal(await run('win32', 5), 6);
    await assert.rejects(run('win32', 1e6), /EPERM/);
    await assert.rejects(run('linux', 1), /EPERM/);
  });

  it('does not sync folders on Windows', async () => {
    const probe = (): void => undefined;
    const windows = createPlatform({
      os: 'win32',
      rename: async () => undefined,
      sleep: async () => undefined,
      probe,
    });
    await windows.syncFolder(join(box.root, 'does', 'not', 'exist'));
  });
});

describe('ledger leftovers', () => {
  it('removes what killed processes left an hour ago, and nothing else', async () => {
    const box = new Sandbox();
    try {
      const store = await box.filled(1);
      const old = [`.journal.jsonl.${'a'.repeat(12)}.tmp`, `lock.${'b'.repeat(24)}.tmp`];
      const kept = ['notes.tmp', `.journal.jsonl.${'c'.repeat(12)}.tmp`];
      for (const name of [...old, ...kept]) writeFileSync(join(box.privateDir, name), '');
      for (const name of [...old, 'notes.tmp']) utimesSync(join(box.privateDir, name), 1, 1);
      await store.fold();
      const names = readdirSync(box.privateDir);
      assert.deepEqual(
        [...old, ...kept].filter((name) => names.includes(name)),
        kept,
      );
    } finally {
      box.clean();
    }
  });
});

describe('ledger lock', () => {
  let box: Sandbox;
  let path: string;
  beforeEach(() => {
    box = new Sandbox();
    path = join(box.root, 'lock');
  });
  afterEach(() => box.clean());

  const holder = (more: object = {}): string =>
    JSON.stringify({ ...systemPlatform.self(), nonce: 'a'.repeat(24), ...more });

  it('waits for a live owner, names it, and leaves its lock alone', async () => {
    writeFileSync(path, holder());
    const sleeps: number[] = [];
    const platform = { ...systemPlatform, sleep: async (ms: number) => void sleeps.push(ms) };
    await assert.rejects(
      withLock(path, async () => 1, { platform, patience: 200 }),
      (error: unknown) => {
        assert.ok(isPromptAuditError(error, 'ledger.locked'));
        assert.match(error.message, new RegExp(`process ${process.pid} on ${hostname()}`));
        return true;
      },
    );
    assert.ok(new Set(sleeps).size > 3);
    assert.equal(readFileSync(path, 'utf8'), holder());
  });

  it('takes over from a dead process, another boot, and not from another host or an old heartbeat', async () => {
    for (const [gone, more] of [
      [true, { pid: 2 ** 30 }],
      [true, { boot: 'earlier' }],
      [process.platform === 'linux', { started: '1' }],
      [false, { host: 'elsewhere', pid: 2 ** 30 }],
      [false, { space: 'pid:[1]', pid: 2 ** 30 }],
    ] as const) {
      writeFileSync(path, holder(more));
      utimesSync(path, 1, 1);
      const work = withLock(path, async () => 'in', { patience: 50 });
      if (gone) assert.equal(await work, 'in', JSON.stringify(more));
      else await assert.rejects(work, refused('ledger.locked'));
    }
  });

  it('lets one in at a time when many find a dead owner at once', async () => {
    // Different spellings of one path have queues of their own, as other processes would.
    writeFileSync(path, holder({ pid: 2 ** 30 }));
    let inside = 0;
    await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        withLock(`${box.root}${'/.'.repeat(at)}/lock`, async () => {
          assert.equal(++inside, 1);
          await new Promise((resolve) => setImmediate(resolve));
          inside--;
        }),
      ),
    );
    assert.deepEqual(readdirSync(box.root), []);
  });

  it('frees the lock when the work throws', async () => {
    await assert.rejects(
      withLock(path, () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.deepEqual(readdirSync(box.root), []);
    assert.equal(await withLock(path, async () => 2), 2);
  });
});

describe('ledger on a disk without room', function () {
  let box: Sandbox;
  before(function () {
    box = new Sandbox();
    // Only root may mount; elsewhere the injected failures above stand for this.
    const mounted =
      process.platform === 'linux' &&
      spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96k', 'tmpfs', box.root]).status === 0;
    if (!mounted) this.skip();
  });
  after(() => {
    spawnSync('umount', [box.root]);
    box.clean();
  });

  it('ends in disk.full, and what was recorded stays', async () => {
    const store = await box.filled(3);
    const acknowledged = idsOf(store);
    await assert.rejects(async () => {
      for (let at = 0; at < 500; at++)
        acknowledged.push((await propose(store, noise(600).toString('hex'))).id);
    }, refused('disk.full'));
    assert.deepEqual(idsOf(store), acknowledged);
    await assert.rejects(store.fold(), refused('disk.full'));
    const again = await box.open();
    assert.deepEqual(idsOf(again), acknowledged);
    assert.deepEqual(again.damage, []);
  });
});
