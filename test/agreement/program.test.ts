import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../tools/paths.js';
import { temporaryFolder } from '../tools/temporary.js';
import { readTables, put, headerOf, idOf, writeTables } from '../tools/tamperTables.js';
import { runPython, verifyPy } from './pythonVerifier.js';

const golden = join(projectRoot, 'test', 'golden');
const checkpoint = join(golden, 'checkpoint');
const proof = join(golden, 'event-9.tlog-proof');

/** docs/verify.py as a stranger uses it. */
describe('docs/verify.py', function () {
  this.timeout(120_000);
  const folder = temporaryFolder('agreement');
  const file = join(folder.path, 'ledger.sqlite');
  after(() => folder.remove());

  const verify = async (
    ...args: string[]
  ): Promise<{ readonly status: number | null; readonly said: string }> => {
    const { stdout, stderr, status } = await runPython(args);
    assert.ok(!`${stdout}${stderr}`.includes('Traceback'), stderr);
    return { status, said: stdout + stderr };
  };

  const broken = async (): Promise<string> => {
    const good = readFileSync(join(golden, 'ledger.sqlite'));
    const tables = await readTables(good);
    const row = tables.events[4]!;
    put(row, { ...headerOf(row), at: '2020-01-01T00:00:00.000Z' }, undefined, true);
    writeFileSync(file, await writeTables(good, tables));
    return file;
  };

  it('takes a folder or a file, and gives 0, 1, 2 or 3 as the status', async () => {
    mkdirSync(join(folder.path, 'good', 'volumes'), { recursive: true });
    const volumes = join(golden, 'volumes');
    for (const name of readdirSync(volumes).filter((one) => one.endsWith('.sqlite'))) {
      const to = name === 'ledger.sqlite' ? name : join('volumes', name);
      writeFileSync(join(folder.path, 'good', to), readFileSync(join(volumes, name)));
    }
    assert.equal((await verify(join(folder.path, 'good'))).status, 0);
    assert.equal((await verify(golden)).status, 1);
    assert.equal((await verify(await broken())).status, 2);
    for (const args of [
      [],
      ['/no/such/file'],
      ['a', 'b'],
      ['--nonsense', golden],
      ['--min', 'x', golden],
    ])
      assert.equal((await verify(...args)).status, 3, args.join(' '));
  });

  it('prints one line of JSON', async () => {
    const { said } = await verify('--json', await broken());
    const report = JSON.parse(said) as Record<string, unknown>;
    assert.deepEqual(Object.keys(report), ['ledger', 'verdicts', 'findings']);
    assert.equal(report['ledger'], null);
    const [first] = report['findings'] as Record<string, unknown>[];
    assert.deepEqual(Object.keys(first!), [
      'code',
      'severity',
      'seq',
      'event',
      'verdict',
      'message',
    ]);
    assert.deepEqual([first!['code'], first!['seq']], ['event.header', 5]);
  });

  it('gives only codes that docs/LEDGER.md explains', () => {
    const page = readFileSync(join(projectRoot, 'docs', 'LEDGER.md'), 'utf8');
    const findings = page.slice(page.indexOf('\n## Findings'), page.indexOf('\n## Worked example'));
    const codes = [...readFileSync(verifyPy, 'utf8').matchAll(/(?:add|report)\('(\w+\.\w+)'/g)];
    assert.ok(codes.length > 20);
    for (const [, code] of codes) assert.ok(findings.includes(`\`${code}\``), code);
  });

  it('writes nothing beside the ledger', async () => {
    await broken();
    const before = readdirSync(folder.path);
    await verify(file);
    assert.deepEqual(readdirSync(folder.path), before);
  });

  it('holds the ledger to checkpoints that were seen elsewhere', async () => {
    assert.equal((await verify('--checkpoint', checkpoint, golden)).status, 1);
    const text = readFileSync(checkpoint, 'utf8');
    const [, size, root] = text.split('\n') as [string, string, string];
    assert.equal((await verify('--min', `${size}:${root}`, golden)).status, 1);
    for (const other of [`23:${root}`, `25:${root}`, `${size}:${'A'.repeat(43)}=`]) {
      const { status, said } = await verify('--min', other, golden);
      assert.equal(status, 2);
      assert.match(said, /checkpoint\.unmet/);
    }
    const foreign = join(folder.path, 'checkpoint');
    writeFileSync(foreign, text.replace('47bebd', '47bebe'));
    assert.equal((await verify('--checkpoint', foreign, golden)).status, 2);
  });

  it('checks an inclusion proof without the ledger, and finds every changed character', async () => {
    assert.equal((await verify('--proof', proof)).status, 0);
    assert.equal((await verify('--proof', proof, '--checkpoint', checkpoint)).status, 0);
    const text = readFileSync(proof, 'utf8');
    const changed = join(folder.path, 'changed.tlog-proof');
    const accepted: string[] = [];
    const edits = [
      ...Array.from({ length: 24 }, (_, i) => {
        const at = Math.floor((i * text.length) / 24);
        return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
      }),
      `${text}\n`,
      text.slice(0, -1),
      text.replace(/\nindex (\d+)\n/, '\nindex 0$1\n'),
      text.replace(/\nindex \d+\n/, '\nindex 10\n'),
      text.replace(/\n([^\n]+)\n\n/, '\n\n'),
      text.replace(/\n\n/, `\n${'A'.repeat(43)}=\n\n`),
      '',
      'old',
    ];
    for (const [i, edit] of edits.entries()) {
      writeFileSync(changed, edit);
      if ((await verify('--proof', changed)).status !== 2) accepted.push(`${i}: ${edit}`);
    }
    assert.deepEqual(accepted, []);
  });

  it('bounds what a hostile file may cost', async () => {
    const good = readFileSync(join(golden, 'ledger.sqlite'));
    const tables = await readTables(good);
    for (let i = 0; i < 2000; i++) {
      const last = tables.events.at(-1)!;
      const row = { ...last, seq: Number(last.seq) + 1 };
      const n = Number(headerOf(last)['n']) + 1;
      put(row, { ...headerOf(last), refs: {}, type: 'x', n, parents: [idOf(last)] }, '{}');
      tables.events.push(row);
    }
    writeFileSync(file, await writeTables(good, tables));
    const { said, status } = await verify('--json', file);
    assert.notEqual(status, 3);
    const { findings } = JSON.parse(said) as { findings: { code: string; severity: string }[] };
    assert.deepEqual(
      findings.filter(({ severity }) => severity === 'error'),
      [],
    );
  });
});
