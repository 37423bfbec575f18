import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import type { EventRow, Finding } from '../../src/core/rows.js';
import { assertFailed, envelopeOf, programFile } from './support/program.js';
import { World, type Clone } from './support/world.js';

const prompt = 'prompts/a.prompt.md';
const ledger = '.prompt-audit/ledger.sqlite';

async function start(world: World, name: string): Promise<Clone> {
  const clone = world.repository(name);
  clone.write(prompt, 'One\n');
  await clone.ok('init', '--yes');
  await clone.ok('propose', prompt, '-m', 'First');
  return clone;
}

describe('prompts that cannot be recorded', function () {
  this.timeout(60_000);
  const world = new World('bad-prompts');
  let clone: Clone;
  before(async () => {
    clone = await start(world, 'repo');
    clone.write('prompts/big.prompt.md', Buffer.alloc(20 * 1024 * 1024, 'x'));
    clone.write('prompts/binary.prompt.md', Buffer.from([0x89, 0x50, 0, 1, 2, 0xff]));
  });
  after(() => world.remove());

  it('refuses 20 MB with the size and the limit', async () => {
    assertFailed(
      await clone.run('record', 'prompts/big.prompt.md'),
      1,
      /big\.prompt\.md has 20\.0 MB/,
    );
    assertFailed(await clone.run('propose', 'prompts/big.prompt.md', '-m', 'x'), 1, /20\.0 MB/);
  });

  it('refuses binary bytes', async () => {
    assertFailed(
      await clone.run('record', 'prompts/binary.prompt.md'),
      2,
      /binary\.prompt\.md is not a text/,
    );
  });

  it('records the others all the same, and says in status what is wrong', async () => {
    clone.write(prompt, 'Two\n');
    const ended = await clone.run('record');
    assert.equal(ended.status, 0);
    assert.match(ended.out, /^recorded +prompts\/a\.prompt\.md/);
    assert.match(ended.err, /warning: .*big\.prompt\.md[^]*warning: .*binary\.prompt\.md/);
    assert.match(await clone.ok('status'), /prompts\/big\.prompt\.md +.*20\.0 MB/);
  });
});

describe('file names of all kinds', function () {
  this.timeout(60_000);
  const world = new World('names');
  after(() => world.remove());
  const names = [
    'with two  spaces.prompt.md',
    `it's "quoted" & $HOME; \`x\`.prompt.md`,
    'line\nbreak.prompt.md',
    'диагноз – 診断.prompt.md',
    '-m.prompt.md',
    'a@v1',
    'back\\slash.prompt.md',
    ':(glob)*.prompt.md',
    '\u001b[31mred\u202e.prompt.md',
  ];

  it('are recorded, proposed and shown exactly', async function () {
    if (process.platform === 'win32') this.skip();
    const clone = world.repository('repo');
    await clone.ok('init', '--yes');
    const policy = clone.read('.prompt-audit/policy.jsonc').toString();
    clone.write(
      '.prompt-audit/policy.jsonc',
      policy.replace('"include": [', '"include": [\n"prompts/a@v1",'),
    );
    const paths = names.map((name) => `prompts/${name}`);
    paths.forEach((file, index) => clone.write(file, `text ${index}\n`));
    const { rows } = await clone.json<{ path: string; digest: string }>('record', ...paths);
    assert.deepEqual(
      new Map(rows.map((row) => [row.path, row.digest])),
      new Map(paths.map((file, index) => [file, digestOf(`text ${index}\n`)])),
    );
    for (const index of [1, 2, 4, 5]) {
      await clone.ok('propose', '-m', 'x', '--', paths[index] ?? '');
      assert.equal(await clone.ok('show', `${paths[index]}@v1`, '--raw'), `text ${index}\n`);
    }
    assert.equal(await clone.ok('show', 'prompts/a@v1', '--raw'), 'text 5\n');
    assert.match(await clone.in('prompts').ok('show', '--', '-m.prompt.md'), /text 4/);
    for (const printed of [await clone.ok('log'), await clone.ok('status')]) {
      // Nothing but line ends may be a control character.
      assert.doesNotMatch(printed, /(?!\n)[\p{Cc}\p{Cf}]/u);
      assert.match(printed, /line\\nbreak\.prompt\.md/);
      assert.match(printed, /диагноз – 診断/);
    }
    await clone.ok('verify');
  });
});

describe('a policy with a mistake', function () {
  this.timeout(60_000);
  const world = new World('policy');
  let clone: Clone;
  before(async () => {
    clone = await start(world, 'repo');
  });
  after(() => world.remove());

  it('stops what needs it and names the key; reading the past goes on', async () => {
    const policy = clone.read('.prompt-audit/policy.jsonc').toString();
    clone.write('.prompt-audit/policy.jsonc', policy.replace('"approvals"', '"aprovals"'));
    for (const argv of [['status'], ['record'], ['approve', prompt, '--yes']]) {
      assertFailed(await clone.run(...argv), 2, /aprovals/, /policy\.jsonc/);
    }
    await clone.ok('verify');
    assert.equal(await clone.ok('show', prompt, '--raw'), 'One\n');
    clone.write('.prompt-audit/policy.jsonc', '{ not json');
    assertFailed(await clone.run('record'), 2, /policy\.jsonc/);
    rmSync(clone.path('.prompt-audit/policy.jsonc'));
    assertFailed(await clone.run('record'), 2, /policy\.jsonc/);
    clone.write('.prompt-audit/policy.jsonc', policy);
    await clone.ok('status');
  });
});

describe('a ledger file that is not what was written', function () {
  this.timeout(60_000);
  const world = new World('damage');
  after(() => world.remove());
  let clone: Clone;
  let bytes: Buffer;
  let rows: readonly EventRow[];

  before(async () => {
    clone = await start(world, 'repo');
    rows = (await clone.json<EventRow>('log')).rows;
    bytes = clone.read(ledger);
  });
  beforeEach(() => clone.write(ledger, bytes));

  /** Whether every event that was recorded can still be had, from the ledger or from what was set aside. */
  async function assertNothingLost(): Promise<void> {
    const after = envelopeOf<EventRow>(await clone.run('log', '--json')).rows;
    assert.deepEqual(
      after.map((row) => row.id),
      rows.map((row) => row.id),
    );
  }

  it('of 0 bytes: one clear message, and nothing is lost', async () => {
    clone.write(ledger, '');
    const ended = await clone.run('verify');
    assert.equal(ended.status, 2, ended.out + ended.err);
    assert.match(ended.out, /ledger\.sqlite/);
    await assertNothingLost();
  });

  it('truncated: one clear message, and nothing is lost', async () => {
    clone.write(ledger, bytes.subarray(0, Math.floor(bytes.length / 2)));
    const ended = await clone.run('verify');
    assert.equal(ended.status, 2, ended.out + ended.err);
    assert.match(ended.out, /ledger\.sqlite/);
    await assertNothingLost();
  });

  it('of a future format: it is left alone, and says that a newer program is needed', async () => {
    const future = asFutureVersion(bytes);
    clone.write(ledger, future);
    for (const argv of [['log'], ['propose', prompt, '-m', 'x']]) {
      assertFailed(await clone.run(...argv), 2, /format version 2/, /Update/);
    }
    const ended = await clone.run('verify', '--json');
    assert.equal(ended.status, 2, ended.out + ended.err);
    const { ledger: point, rows: findings } = envelopeOf<Finding>(ended);
    assert.equal(point, null);
    assert.deepEqual(
      findings.map((one) => one.code),
      ['ledger.futureVersion'],
    );
    assert.deepEqual(clone.read(ledger), future);
  });

  it('with one byte of an event changed: verify says which event, what it expected and found', async () => {
    const place = bytes.indexOf('"type":"version.proposed"');
    assert.ok(place > 0);
    const changed = Buffer.from(bytes);
    changed.write('"type":"version.proposeD"', place);
    clone.write(ledger, changed);
    const ended = await clone.run('verify', '--json');
    assert.equal(ended.status, 2, ended.out + ended.err);
    const { rows: findings } = envelopeOf<Finding>(ended);
    const wanted = rows.find((row) => row.type === 'version.proposed');
    const finding = findings.find((one) => one.seq === wanted?.seq);
    assert.equal(finding?.severity, 'error');
    assert.ok(finding?.expected !== null && finding?.found !== null && finding?.remedy !== '');
    const { out } = await clone.run('verify');
    assert.match(out, new RegExp(`BROKEN at event ${wanted?.seq}`));
    for (const name of ['completeness', 'authenticity', 'order'])
      assert.match(out, new RegExp(`^${name} +unknown +cannot be told`, 'm'));
    assert.match((await clone.run('status')).out, /^Damage +Event \d+ is broken/m);
    await assertNothingLost();
    assert.deepEqual(clone.read(ledger), changed);
  });

  it('is set aside and restored by the next thing that is recorded', async () => {
    clone.write(ledger, bytes.subarray(0, 5000));
    clone.write(prompt, 'Two\n');
    const ended = await clone.run('propose', prompt, '-m', 'Second');
    assert.equal(ended.status, 0, ended.err);
    assert.match(ended.err, /^prompt-audit: warning: .*kept as ledger\.damaged-\S+\.sqlite/m);
    const kept = readdirSync(clone.path('.prompt-audit')).find((name) => name.includes('damaged'));
    assert.deepEqual(clone.read(`.prompt-audit/${kept}`), bytes.subarray(0, 5000));
    const after = (await clone.json<EventRow>('log')).rows;
    assert.deepEqual(after.slice(0, rows.length), rows);
    assert.equal((await clone.run('verify')).status, 1);
  });
});

describe('folders that cannot be written', function () {
  this.timeout(60_000);
  const world = new World('read-only');
  after(() => world.remove());

  it('a file stands where the folder should be', async () => {
    const clone = world.repository('file');
    clone.write('.prompt-audit', 'not a folder');
    assertFailed(await clone.run('init', '--yes'), 2, /\.prompt-audit/);
    assert.equal(clone.read('.prompt-audit').toString(), 'not a folder');
  });

  it('a read-only repository can be read, and what cannot be recorded is said in one message', async function () {
    if (process.platform === 'win32') this.skip();
    const clone = await start(world, 'locked');
    clone.write(prompt, 'Two\n');
    const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    // Root may write anywhere, so the program runs as nobody then; which must be able to run node.
    setModes(world.path, clone.folder, user.uid);
    const probe = spawnSync(process.execPath, [programFile, '--version'], {
      ...user,
      cwd: clone.folder,
    });
    if (probe.status !== 0) this.skip();
    const run = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [programFile, ...args], {
        ...user,
        cwd: clone.folder,
        env: clone.env,
      });
      return { status, bytes: stdout, out: stdout.toString(), err: stderr.toString() };
    };
    assertFailed(run('record'), 2, /./);
    const { rows } = envelopeOf<EventRow>(run('log', '--json'));
    assert.ok(rows.some((row) => row.type === 'version.proposed'));
    assert.equal(run('show', prompt, '--raw').out, 'One\n');
  });
});

/** A file of format 2 says so in its header (user_version, offset 60) and in the table `meta`. */
function asFutureVersion(bytes: Buffer): Buffer {
  const future = Buffer.from(bytes);
  future.writeUInt32BE(2, 60);
  const place = future.indexOf('format1');
  assert.ok(place > 0);
  future.write('format2', place);
  return future;
}

function setModes(top: string, folder: string, owner: number | undefined): void {
  chmodSync(top, 0o755);
  const lock = (place: string): void => {
    if (owner !== undefined) chownSync(place, owner, owner);
    if (!statSync(place).isDirectory()) return chmodSync(place, 0o444);
    for (const name of readdirSync(place)) lock(path.join(place, name));
    chmodSync(place, 0o555);
  };
  lock(folder);
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
