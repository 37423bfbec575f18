import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
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
    for (const args of [[], ['a', 'b'], ['--nonsense', golden], ['--min', 'x', golden]])
      assert.equal((await verify(...args)).status, 3, args.join(' '));
  });

  it('says in one line what cannot be read, with status 2', async () => {
    const pipe = join(folder.path, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const empty = join(folder.path, 'empty');
    mkdirSync(empty);
    for (const name of ['/no/such/file', empty, pipe])
      for (const args of [
        [name],
        ['--proof', name],
        ['--proof', proof, '--checkpoint', name],
        ['--checkpoint', name, golden],
      ]) {
        const { status, said } = await verify(...args);
        assert.deepEqual([status, said.split('\n').length], [2, 2], `${args.join(' ')}: ${said}`);
        assert.match(said, /cannot be read/);
      }
  });

  it('does not call one sealed volume complete', async () => {
    const { status, said } = await verify(join(golden, 'volumes', '000001.sqlite'));
    assert.equal(status, 1);
    assert.match(said, /^completeness +doubtful$/m);
    assert.match(said, /warning volume\.missing: This is one sealed volume/);
  });

  it('says to the end where the next row is beyond every number', async () => {
    const good = readFileSync(join(golden, 'ledger.sqlite'));
    const tables = await readTables(good);
    tables.events[20]!.seq = '9223372036854775807';
    tables.events.length = 21;
    writeFileSync(file, await writeTables(good, tables));
    const { said } = await verify(file);
    assert.match(said, /Event 21 and all that follow are missing from the file/);
  });

  it('does not take a proof for proven that no given checkpoint is connected with', async () => {
    const root = readFileSync(checkpoint, 'utf8').split('\n')[2]!;
    const good = ['--proof', proof, '--checkpoint', checkpoint];
    for (const other of [`23:${root}`, `25:${root}`, `0:${root}`, `24:${'A'.repeat(43)}=`])
      for (const args of [
        ['--proof', proof, '--min', other],
        [...good, '--min', other],
      ]) {
        const { status, said } = await verify(...args);
        assert.equal(status, 2, args.join(' '));
        assert.match(said, /^It does not hold: its checkpoint is /);
      }
    assert.equal((await verify(...good, '--min', `24:${root}`)).status, 0);
    const alone = await verify('--proof', proof);
    assert.equal(alone.status, 1);
    assert.match(
      alone.said,
      /^This fits the checkpoint inside the proof, .* compared with nothing/,
    );
    const since = join(folder.path, 'since.tlog-consistency');
    const text = readFileSync(checkpoint, 'utf8');
    writeFileSync(since, `old 24\n\n${text}`);
    const both = ['--proof', since, '--checkpoint', checkpoint];
    assert.equal((await verify(...both)).status, 0);
    for (const other of [`25:${root}`, `24:${'A'.repeat(43)}=`])
      assert.equal((await verify(...both, '--min', other)).status, 2, other);
  });

  it('prints one line of JSON', async () => {
    const { said } = await verify('--json', await broken());
    const report = JSON.parse(said) as Record<string, unknown>;
    assert.deepEqual(Object.keys(report), ['ledger', 'verdicts', 'findings', 'checkpoints']);
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

  it('says of each checkpoint in one line what came out', async () => {
    const root = readFileSync(checkpoint, 'utf8').split('\n')[2]!;
    const given = ['--checkpoint', checkpoint, '--min', `24:${root}`, '--min', `23:${root}`];
    const { said } = await verify(...given, golden);
    const lines = said.split('\n').filter((line) => /checkpoint (?!\d+:\S+:)/.test(line));
    assert.deepEqual(lines, [
      `Extends the checkpoint ${checkpoint}.`,
      `Extends the checkpoint 24:${root}.`,
    ]);
    assert.match(said, /error checkpoint\.unmet: .* checkpoint 23:/);
    const json = JSON.parse((await verify('--json', ...given, golden)).said) as object;
    assert.deepEqual('checkpoints' in json && json.checkpoints, [
      { given: checkpoint, met: true },
      { given: `24:${root}`, met: true },
      { given: `23:${root}`, met: false },
    ]);
    const alone = await verify('--checkpoint', checkpoint, await broken());
    assert.match(alone.said, /^Not compared with the checkpoint /m);
    const text = join(folder.path, 'text.sqlite');
    writeFileSync(text, 'hello\n'.repeat(2000));
    const none = await verify('--checkpoint', checkpoint, text);
    assert.match(none.said, /^Not compared with the checkpoint /m);
  });

  it('says "unknown", never "holds", of what it could not read as a whole', async () => {
    const good = readFileSync(join(golden, 'ledger.sqlite'));
    const empty = await readTables(good);
    empty.events = [];
    writeFileSync(file, await writeTables(good, empty));
    const unknown = { completeness: 'unknown', authenticity: 'unknown', order: 'unknown' };
    const verdictsOn = async (name: string): Promise<unknown> => {
      assert.equal((await verify(name)).status, 2);
      return (JSON.parse((await verify('--json', name)).said) as { verdicts: unknown }).verdicts;
    };
    assert.deepEqual(await verdictsOn(file), { structure: 'unknown', ...unknown });
    assert.deepEqual(await verdictsOn(await broken()), { structure: 'broken', ...unknown });
    writeFileSync(file, 'hello\n'.repeat(2000));
    const expected = { structure: 'unknown', ...unknown, completeness: 'broken' };
    assert.deepEqual(await verdictsOn(file), expected);
  });

  it('checks an inclusion proof without the ledger, and finds every changed character', async () => {
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
