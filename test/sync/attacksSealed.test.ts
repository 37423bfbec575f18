import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';
import { readTables, writeTables } from '../tools/tamperTables.js';

const path = 'prompts/triage.prompt.md';
const limits = { sealBytes: 34_000, snapshotEvery: 20 };

describe('attacks on sealed volumes of the ledger branch', function () {
  this.timeout(120_000);
  let clinic: Clinic;
  let warnings: string[];
  let ana: Trail;
  beforeEach(async () => {
    [clinic, warnings] = [new Clinic(), []];
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    clinic.commit('ana');
    ana = await open('ana');
    for (let at = 1; at <= 30; at++) {
      clinic.write('ana', path, `Answer ${at} times: ${'emergency, today, routine '.repeat(at)}\n`);
      await ana.propose({ path, note: `change ${at}` });
    }
    await ana.sync();
    assert.ok(volumes('ana').length >= 2);
  });
  afterEach(() => clinic.dispose());

  const open = (clone: string): Promise<Trail> =>
    clinic.open(clone, { autoSync: false, limits, warn: (text) => void warnings.push(text) });

  const volumes = (clone: string): string[] =>
    readdirSync(join(clinic.folder, clone, '.prompt-audit/volumes')).sort();

  /** Somebody pushes a commit on top of the branch in which the first sealed volume is another one. */
  async function tamper(change: (bytes: Buffer, file: string) => Promise<void> | void) {
    clinic.git('.', 'clone', '--quiet', '--branch', 'prompt-audit', clinic.remote, 'work');
    const file = join(clinic.folder, 'work/volumes', volumes('ana')[0]!);
    await change(readFileSync(file), file);
    clinic.git('work', 'add', '--all');
    const who = ['-c', 'user.name=Mallory', '-c', 'user.email=mallory@clinic.example'];
    clinic.git('work', ...who, 'commit', '--quiet', '-m', 'x');
    clinic.git('work', 'push', '--quiet', 'origin', 'HEAD');
    return clinic.git('work', 'rev-parse', 'HEAD');
  }

  async function assertPutBack(bad: string, words: RegExp): Promise<void> {
    const before = await ana.point();
    await ana.sync();
    const found = (await ana.verify()).findings.filter(({ code }) => code === 'sync.withheld');
    assert.equal(found.length, 1);
    assert.match(found[0]!.message, words);
    assert.match(found[0]!.message, /This clone has what is missing and puts it back/);
    assert.ok(found[0]!.found!.includes(bad));
    assert.ok(warnings.some((text) => words.test(text)));
    assert.deepEqual(await ana.point(), before);
    const tip = clinic.git('remote.git', 'rev-parse', 'prompt-audit');
    assert.equal(clinic.git('remote.git', 'rev-parse', 'prompt-audit~1'), bad, 'put back on top');
    clinic.clone('rosa');
    assert.deepEqual((await (await open('rosa')).verify({ full: true })).findings, []);
    await ana.sync();
    assert.equal(clinic.git('remote.git', 'rev-parse', 'prompt-audit'), tip, 'once');
  }

  it('a text withheld', async () => {
    const bad = await tamper(async (bytes, file) => {
      const tables = await readTables(bytes);
      assert.equal(tables.contents.splice(1, 1).length, 1);
      writeFileSync(file, await writeTables(bytes, tables));
    });
    await assertPutBack(bad, /A text or signature is withheld there, of #\d+\./);
  });

  it('a body withheld', async () => {
    const bad = await tamper(async (bytes, file) => {
      const tables = await readTables(bytes);
      tables.events[4]!.body = null;
      writeFileSync(file, await writeTables(bytes, tables));
    });
    await assertPutBack(bad, /A text or signature is withheld there, of #5\./);
  });

  it('a volume that is missing', async () => {
    const bad = await tamper((_, file) => rmSync(file));
    await assertPutBack(bad, /A sealed volume is missing or broken there, from #1\./);
  });

  it('a volume that is broken', async () => {
    const bad = await tamper((bytes, file) => writeFileSync(file, bytes.fill(7, 5_000)));
    await assertPutBack(bad, /A sealed volume is missing or broken there, from #1\./);
  });

  it('a file that is called as the next volume is told, and taken out by the next push', async () => {
    const extra = `volumes/${String(volumes('ana').length + 1).padStart(6, '0')}.sqlite`;
    await tamper(() => writeFileSync(join(clinic.folder, 'work', extra), 'x'));
    const files = (): string =>
      clinic.git('remote.git', 'ls-tree', '-r', '--name-only', 'prompt-audit');
    await ana.sync();
    assert.ok(files().includes(extra));
    clinic.write('ana', path, 'one more\n');
    await ana.propose({ path, note: 'one more' });
    await ana.sync();
    assert.ok(!files().includes(extra));
    assert.ok(warnings.some((text) => text.includes(`no volumes of this ledger: ${extra}.`)));
    clinic.clone('rosa');
    assert.deepEqual((await (await open('rosa')).verify({ full: true })).findings, []);
  });

  it('a redaction that reached the branch first is none', async () => {
    clinic.clone('ravi');
    const ravi = await open('ravi');
    await ravi.sync();
    const before = clinic.git('remote.git', 'ls-tree', 'prompt-audit', 'volumes/');
    await ana.redact({ target: `${path}@v3`, reason: 'a key leaked', identity: 'git' });
    await ana.sync();
    assert.notEqual(clinic.git('remote.git', 'ls-tree', 'prompt-audit', 'volumes/'), before);
    await ravi.sync();
    const { findings } = await ravi.verify({ full: true });
    assert.deepEqual(
      findings.filter(({ severity }) => severity !== 'info'),
      [],
    );
    assert.ok(!warnings.some((text) => /withheld|broken/.test(text)));
  });
});
