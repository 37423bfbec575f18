import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseSums } from '../../src/report/sums.js';
import type { EvidenceWritten } from '../../src/trail/exportApi.js';
import { missingPrograms } from '../tools/consoleBlocks.js';
import { readCsv } from '../tools/csvReader.js';
import { makeKey } from '../tools/sshAgent.js';
import { envelopeOf } from './support/program.js';
import { author, manager, reviewer, World, type Clone } from './support/world.js';

interface LogRow {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly refs: Readonly<Record<string, unknown>>;
  readonly note: string | null;
}

const prompt = 'prompts/triage.prompt.md';
const note = '=HYPERLINK("http://evil.example","x") \u202e <b>bold</b>';

describe('prompt-audit export and report', function () {
  this.timeout(120_000);
  const world = new World('evidence');
  let ada: Clone;
  let out: string;
  let written: EvidenceWritten;

  const sha256 = (file: string): string =>
    createHash('sha256').update(readFileSync(file)).digest('hex');
  const csv = (name: string, folder = out): ReturnType<typeof readCsv> =>
    readCsv(readFileSync(path.join(folder, 'tables', `${name}.csv`), 'utf8'));
  const files = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(path.join(folder, name)).isFile())
      .map((name) => name.split(path.sep).join('/'))
      .sort();
  const log = async (): Promise<readonly LogRow[]> => (await ada.json<LogRow>('log')).rows;
  const evidence = async (...args: string[]): Promise<EvidenceWritten> => {
    const ended = await ada.run(...args, '--json');
    assert.ok(ended.status === 0 || ended.status === 1, ended.out + ended.err);
    return envelopeOf<EvidenceWritten>(ended).rows[0]!;
  };

  before(async () => {
    ada = world.repository('clinic');
    ada.write(prompt, 'You triage messages.\nNever give a dose.\n');
    ada.write('prompts/letter.prompt.md', 'Write in plain words.\n');
    ada.git('add', '--all');
    ada.git('commit', '--quiet', '--message=Prompts');
    await ada.ok('init', '--preset', 'team', '--yes');
    await ada.ok('propose', prompt, '-m', 'First');
    await ada.as(reviewer).ok('approve', prompt, '--yes');
    await ada
      .as(manager)
      .ok('deploy', prompt, '--env', 'production', '--ref', 'https://t.example/1');
    ada.write(
      prompt,
      'You triage messages of patients.\nNever give a dose.\n<script>alert(1)</script>\n',
    );
    await ada.ok('propose', prompt, '-m', note);
    await ada.as(reviewer).ok('approve', prompt, '--yes', '-m', 'Fine');
    await ada.as(manager).ok('deploy', prompt, '--env', 'staging');
    await ada.ok('propose', 'prompts/letter.prompt.md', '-m', 'Letters');
    out = path.join(world.path, 'evidence');
    written = await evidence('export', '--out', out);
  });
  after(() => world.remove());

  it('writes sums that fit all files', () => {
    const sums = parseSums(readFileSync(path.join(out, 'SHA256SUMS'), 'utf8'))!;
    assert.deepEqual(
      sums.map(({ path: name }) => name),
      files(out).filter((name) => name !== 'SHA256SUMS'),
    );
    for (const { path: name, sha256: sum } of sums) assert.equal(sha256(path.join(out, name)), sum);
    if (missingPrograms(['sha256sum']).length === 0)
      execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: out });
  });

  it('records what was handed out, and only that', async () => {
    const rows = await log();
    const event = rows.find(({ id }) => id === written.event)!;
    assert.equal(event.type, 'trail.exported');
    assert.equal(event.refs['sums'], `sha256:${sha256(path.join(out, 'SHA256SUMS'))}`);
    assert.equal(event.refs['sums'], written.sums);
    assert.equal(event.note, 'Export: All prompts, all environments, the whole time');
    assert.equal(written.ledger.size, event.seq - 1);
    assert.equal(written.files, files(out).length);
  });

  it('has the rows that the ledger has', async () => {
    const rows = (await log()).slice(0, written.ledger.size);
    assert.deepEqual(
      csv('events').map(({ event }) => event),
      rows.map(({ id }) => id),
    );
    const count = (type: string): number => rows.filter((row) => row.type === type).length;
    assert.equal(csv('deployments').length, count('deployment.recorded'));
    assert.equal(csv('versions').length, count('version.proposed'));
    assert.equal(csv('decisions').length, count('review.decided'));
    assert.equal(csv('people').length, 3);
    assert.equal(csv('policies').length, count('policy.adopted'));
    const manifest = JSON.parse(readFileSync(path.join(out, 'manifest.json'), 'utf8')) as {
      events: { included: number; types: Record<string, number> };
      writers: { found: number; gaps: number }[];
    };
    assert.equal(manifest.events.included, rows.length);
    assert.equal(manifest.events.types['review.decided'], count('review.decided'));
    assert.equal(
      manifest.writers.reduce((sum, { found }) => sum + found, 0),
      rows.length,
    );
    assert.ok(manifest.writers.every(({ gaps }) => gaps === 0));
  });

  it('says of each deployment how it stands to the policy', () => {
    const [first, second] = csv('deployments');
    assert.equal(first?.['verdict'], 'allowed');
    assert.equal(first['approvers'], 'Ravi Reviewer <ravi@clinic.example>');
    assert.equal(first['deployedBy'], 'Mira Manager <mira@clinic.example>');
    assert.equal(first['order'], 'proven');
    assert.equal(first['reference'], 'https://t.example/1');
    assert.equal(first['trust'], 'L0');
    assert.equal(second?.['env'], 'staging');
  });

  it('runs nothing in a spreadsheet, and keeps the exact texts in the events', () => {
    const version = csv('versions')[1]!;
    assert.equal(version['note'], `'${note.replace('\u202e', '\\u{202e}')}`);
    const lines = readFileSync(path.join(out, 'events.jsonl'), 'utf8').split('\n');
    const events = lines.slice(0, -1).map((one) => JSON.parse(one) as { id: string; body: string });
    const event = events.find(({ id }) => id === version['event'])!;
    assert.equal((JSON.parse(event.body) as { note: string }).note, note);
  });

  it('has the texts of the versions and the policy under their digests', () => {
    const texts = csv('texts');
    assert.equal(texts.length, 3);
    for (const { digest, file, status } of texts) {
      assert.equal(status, 'here');
      assert.equal(`sha256:${sha256(path.join(out, file!))}`, digest);
    }
    for (const { policy } of csv('policies')) {
      const hex = policy!.replace('sha256:', '');
      assert.equal(sha256(path.join(out, 'policy', `${hex}.jsonc`)), hex);
    }
  });

  it('can be checked with Python alone, which finds what was changed', function () {
    if (missingPrograms(['python3']).length > 0) this.skip();
    const check = (): { status: number | null; stdout: string } =>
      spawnSync('python3', ['check.py'], { cwd: out, encoding: 'utf8' });
    const good = check();
    assert.equal(good.status, 0, good.stdout);
    assert.match(good.stdout, /All of it fits/u);
    const file = path.join(out, 'events.jsonl');
    const kept = readFileSync(file, 'utf8');
    writeFileSync(file, kept.replace('Letters', 'Lettres'));
    writeFileSync(path.join(out, 'extra.txt'), 'x');
    const bad = check();
    execFileSync('rm', [path.join(out, 'extra.txt')]);
    writeFileSync(file, kept);
    assert.equal(bad.status, 1);
    for (const text of ['changed: events.jsonl', 'another body', 'not listed: extra.txt'])
      assert.ok(bad.stdout.includes(text), bad.stdout);
  });

  it('narrows to a prompt, and still shows the place of each event', async function () {
    const folder = path.join(world.path, 'letter');
    const made = await evidence('export', '--out', folder, '--prompt', 'prompts/letter.prompt.md');
    assert.equal(csv('versions', folder).length, 1);
    assert.equal(csv('deployments', folder).length, 0);
    const paths = new Set(csv('events', folder).map((row) => row['path']));
    assert.deepEqual([...paths].sort(), ['', 'prompts/letter.prompt.md']);
    assert.ok(csv('events', folder).length < made.ledger.size);
    const leaves = readFileSync(path.join(folder, 'leaves.txt'), 'utf8').trimEnd().split('\n');
    assert.equal(leaves.length, made.ledger.size);
    assert.match(readFileSync(path.join(folder, 'README.txt'), 'utf8'), /of the \d+ events/u);
    if (missingPrograms(['python3']).length === 0)
      execFileSync('python3', ['check.py'], { cwd: folder });
  });

  it('narrows to an environment and to a period', async () => {
    const folder = path.join(world.path, 'staging');
    const made = await evidence('export', '--out', folder, '--env', 'staging');
    assert.deepEqual(
      csv('deployments', folder).map(({ env }) => env),
      ['staging'],
    );
    assert.deepEqual(
      csv('versions', folder).map(({ version }) => version),
      ['v2'],
    );
    assert.equal(made.counts['deployments'], 1);
    const before = path.join(world.path, 'before');
    await evidence('export', '--out', before, '--from', '2001-01-01', '--to', '2002-01-01');
    assert.equal(csv('deployments', before).length, 0);
    assert.equal(csv('baseline-at-the-end', before).length, 0);
  });

  it('gives the same rows of the ledger as it was', async () => {
    const folder = path.join(world.path, 'again');
    await evidence('export', '--out', folder, '--as-known-at', String(written.ledger.size));
    for (const name of readdirSync(path.join(out, 'tables')))
      assert.equal(
        readFileSync(path.join(folder, 'tables', name), 'utf8'),
        readFileSync(path.join(out, 'tables', name), 'utf8'),
        name,
      );
    for (const name of ['events.jsonl', 'leaves.txt', 'checkpoint'])
      assert.deepEqual(readFileSync(path.join(folder, name)), readFileSync(path.join(out, name)));
  });

  it('replaces nothing but an export of ours, and that only when it is told to', async () => {
    const own = path.join(world.path, 'own');
    mkdirSync(own);
    writeFileSync(path.join(own, 'thesis.txt'), 'years of work');
    const size = (await log()).length;
    for (const force of [[], ['--force']]) {
      const refused = await ada.run('export', '--out', own, ...force);
      assert.equal(refused.status, 1);
      assert.match(refused.err, /stays as it is/u);
    }
    assert.deepEqual(files(own), ['thesis.txt']);
    const again = await ada.run('export', '--out', out);
    assert.match(again.err, /not empty/u);
    // What somebody put beside it is not ours to remove.
    writeFileSync(path.join(out, 'notes.txt'), 'mine');
    const beside = await ada.run('export', '--out', out, '--force');
    assert.match(beside.err, /notes\.txt/u);
    execFileSync('rm', [path.join(out, 'notes.txt')]);
    assert.equal((await log()).length, size);
    const people = path.join(out, 'tables', 'people.csv');
    const rows = readFileSync(people);
    writeFileSync(people, `${rows.toString('utf8')}my remark\r\n`);
    const changed = await ada.run('export', '--out', out, '--force');
    assert.equal(changed.status, 1);
    assert.match(changed.err, /changed since: tables\/people\.csv/u);
    assert.match(readFileSync(people, 'utf8'), /my remark/u);
    writeFileSync(people, rows);
    assert.equal((await log()).length, size);
    const replaced = await evidence('export', '--out', out, '--force');
    assert.equal(replaced.ledger.size, size);
    assert.deepEqual(
      readdirSync(world.path).filter((name) => /\.(new|old)$/u.test(name)),
      [],
    );
    writeFileSync(path.join(world.path, 'page.html'), '<html>mine</html>');
    const page = await ada.run('report', '--out', path.join(world.path, 'page.html'), '--force');
    assert.equal(page.status, 1);
    assert.equal(readFileSync(path.join(world.path, 'page.html'), 'utf8'), '<html>mine</html>');
  });

  it('fills a folder that is empty', async () => {
    const empty = path.join(world.path, 'empty');
    mkdirSync(empty);
    await evidence('export', '--out', empty);
    assert.ok(existsSync(path.join(empty, 'SHA256SUMS')));
  });

  it('reports on a deployment, a prompt and a period', async () => {
    const rows = await log();
    const deployment = rows.find(({ type }) => type === 'deployment.recorded')!;
    const scopes: Record<string, readonly string[]> = {
      deployment: ['--deployment', deployment.id.slice(0, 10)],
      prompt: ['--prompt', prompt],
      period: ['--from', '2020-01-01', '--to', '2099-01-01'],
    };
    for (const [name, scope] of Object.entries(scopes)) {
      const file = path.join(world.path, `${name}.html`);
      const made = await evidence('report', '--out', file, ...scope);
      assert.equal(made.sums, `sha256:${sha256(file)}`);
      const html = readFileSync(file, 'utf8');
      assert.match(html, new RegExp(`Report on (one |a )${name}`, 'u'));
      assert.ok(html.includes(made.ledger.root));
      assert.ok(html.includes('Approved by Ravi Reviewer &lt;ravi@clinic.example&gt;'));
      assert.ok(!html.includes('<script'));
    }
    const one = readFileSync(path.join(world.path, 'deployment.html'), 'utf8');
    assert.match(one, /<b>1<\/b><span>deployment<\/span>/u);
    const prompts = readFileSync(path.join(world.path, 'prompt.html'), 'utf8');
    assert.match(prompts, /<ins>[^<]*of patients[^<]*<\/ins>/u);
    assert.ok(prompts.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
  });

  it('has the exceptions of a deployment in its report, and no others', async () => {
    const letter = 'prompts/letter.prompt.md';
    const deploy = ['deploy', letter, '--env', 'staging'];
    assert.notEqual((await ada.as(manager).run(...deploy)).status, 0);
    await ada.as(reviewer).ok('approve', letter, '--yes');
    await ada.as(manager).ok(...deploy);
    const rows = await log();
    const found = async (id: string, name: string): Promise<EvidenceWritten> =>
      evidence('report', '--out', path.join(world.path, name), '--deployment', id.slice(0, 10));
    const own = await found(
      rows.findLast(({ type }) => type === 'deployment.recorded')!.id,
      'refused.html',
    );
    assert.equal(own.counts['exceptions.denied'], 1);
    assert.equal(own.counts['exceptions.fast-approvals'], 1);
    assert.equal(own.counts['exceptions.reviews'], undefined);
    const html = readFileSync(path.join(world.path, 'refused.html'), 'utf8');
    assert.doesNotMatch(html, /No exception was found/u);
    assert.match(html, /Left out: it cannot be limited by prompt, environment, deployment\./u);
    const other = await found(
      rows.find(({ type }) => type === 'deployment.recorded')!.id,
      'allowed.html',
    );
    assert.equal(other.counts['exceptions.denied'], 0);
    assert.equal(other.counts['exceptions.fast-approvals'], 1);
    const folder = path.join(world.path, 'production');
    await evidence('export', '--out', folder, '--env', 'production');
    const tables = readdirSync(path.join(folder, 'tables')).map((name) =>
      readFileSync(path.join(folder, 'tables', name), 'utf8'),
    );
    assert.doesNotMatch(tables.join(''), /letter\.prompt\.md/u);
    // What was handed out before names other scopes.
    assert.doesNotMatch(tables.join(''), /trail\.exported/u);
  });

  it('makes the same page of the same ledger, but for the time', async () => {
    const pages: string[] = [];
    for (const name of ['one', 'two']) {
      const file = path.join(world.path, `${name}.html`);
      await evidence('report', '--out', file, '--as-known-at', '10');
      pages.push(
        readFileSync(file, 'utf8')
          .replaceAll(`${name}.html`, 'x.html')
          .replaceAll(/(Generated at<\/dt><dd><bdi>)[^<]*/gu, '$1')
          .replaceAll(
            /All \d+ events of the ledger, as it is/gu,
            'All events of the ledger, as it is',
          )
          .replaceAll(/\d+ of \d+ events\. What/gu, 'Events. What'),
      );
    }
    assert.equal(pages[0], pages[1]);
  });

  it('refuses what it cannot mean', async () => {
    const calls: readonly (readonly [number, RegExp, ...string[]])[] = [
      [3, /needs --out/u, 'export'],
      [
        3,
        /ends before it begins/u,
        'export',
        '--out',
        'x',
        '--from',
        '2026-02-01',
        '--to',
        '2026-01-01',
      ],
      [3, /no other scope/u, 'report', '--out', 'x', '--deployment', 'abcdef1', '--env', 'staging'],
      [1, /No deployment has the id/u, 'report', '--out', 'x', '--deployment', 'abcdef1'],
      [1, /no environment "nowhere"/u, 'export', '--out', 'x', '--env', 'nowhere'],
      [1, /no prompt at/u, 'export', '--out', 'x', '--prompt', 'prompts/none.prompt.md'],
    ];
    const size = (await log()).length;
    for (const [status, words, ...args] of calls) {
      const ended = await ada.run(...args);
      assert.equal(ended.status, status, args.join(' ') + ended.err);
      assert.match(ended.err, words);
    }
    assert.equal((await log()).length, size);
    assert.ok(!existsSync(ada.path('x')));
  });
});

describe('evidence that is cancelled or fails', function () {
  this.timeout(60_000);
  const world = new World('evidence-cancel');
  after(() => world.remove());

  it('leaves neither files nor an event', async () => {
    const ada = world.repository('clinic', author);
    ada.write(prompt, 'You triage messages.\n');
    await ada.ok('init', '--preset', 'team', '--yes');
    await ada.ok('propose', prompt, '-m', 'First');
    const { openTrail } = await import('../../src/trail/openTrail.js');
    const trail = await openTrail({ folder: ada.folder, tool: 'test/1', source: 'cli' });
    try {
      const { size } = await trail.point();
      const isBegun = (): boolean => readdirSync(world.path).some((name) => name.endsWith('.new'));
      const moments = [(): boolean => true, isBegun];
      for (const isCancelled of moments) {
        const input = { out: path.join(world.path, 'ev'), watch: { isCancelled } };
        await assert.rejects(trail.exportEvidence(input), { code: 'cancelled' });
        assert.equal((await trail.point()).size, size);
        assert.deepEqual(readdirSync(world.path).sort(), ['clinic', 'home']);
      }
      const input = { out: path.join(world.path, 'r.html'), watch: { isCancelled: () => true } };
      await assert.rejects(trail.report(input), { code: 'cancelled' });
      assert.equal((await trail.point()).size, size);
      assert.deepEqual(readdirSync(world.path).sort(), ['clinic', 'home']);
    } finally {
      await trail.close();
    }
  });
});

describe('evidence of what was redacted', function () {
  this.timeout(60_000);
  const world = new World('evidence-redacted');
  after(() => world.remove());

  it('says who redacted it and why, and has it nowhere', async () => {
    const secret = 'sk-live-Zq7Xw3Vb9Kp2Rt5Yj8Mn4';
    const ada = world.clone(world.remote('remote.git'), 'ada', author);
    ada.write(prompt, `Key ${secret}\n`);
    await ada.ok('init', '--yes');
    ada.git('add', '--all');
    ada.git('commit', '--quiet', '-m', 'policy');
    ada.git('push', '--quiet', 'origin', 'HEAD:main');
    await ada.ok('propose', prompt, '-m', 'oops');
    await ada.ok('redact', `${prompt}@v1`, '-m', 'INC-17', '--yes');
    const folder = path.join(world.path, 'ev');
    const page = path.join(world.path, 'r.html');
    for (const args of [
      ['export', '--out', folder],
      ['report', '--out', page],
    ]) {
      const { status, err } = await ada.run(...args);
      assert.ok(status === 0 || status === 1, err);
    }
    const table = (name: string): ReturnType<typeof readCsv> =>
      readCsv(readFileSync(path.join(folder, 'tables', `${name}.csv`), 'utf8'));
    const [text] = table('texts');
    assert.equal(text?.['status'], 'redacted');
    assert.match(text['why'] ?? '', /redacted by Ada Author .* because INC-17/u);
    assert.equal(table('redactions')[0]?.['reason'], 'INC-17');
    assert.ok(!existsSync(path.join(folder, 'content')));
    const html = readFileSync(page, 'utf8');
    assert.match(html, /redacted by Ada Author .* because INC-17/u);
    const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(folder, name))
      .filter((name) => statSync(name).isFile())
      .map((name) => readFileSync(name, 'utf8'));
    for (const one of [...all, html]) assert.ok(!one.includes(secret));
    if (missingPrograms(['python3']).length === 0)
      execFileSync('python3', ['check.py'], { cwd: folder });
  });
});

describe('evidence of what was signed', function () {
  this.timeout(60_000);
  const world = new World('evidence-signed');
  after(() => world.remove());

  it('shows the key, and has the signature for others to check', async () => {
    const ada = world.repository('clone', author);
    const ravi = ada.as(reviewer);
    const key = makeKey(world.path, 'key');
    ada.write(prompt, 'one\n');
    await ada.ok('init', '--yes');
    ravi.git('config', 'gpg.format', 'ssh');
    ravi.git('config', 'user.signingkey', key.file);
    await ravi.ok('sign', '--enroll');
    await ada.ok('propose', prompt, '-m', 'first');
    await ravi.run('approve', prompt, '--yes');
    await ravi.run('deploy', prompt, '--env', 'production');
    const folder = path.join(world.path, 'ev');
    const page = path.join(world.path, 'r.html');
    await ravi.run('export', '--out', folder);
    await ravi.run('report', '--out', page);
    const table = (name: string): ReturnType<typeof readCsv> =>
      readCsv(readFileSync(path.join(folder, 'tables', `${name}.csv`), 'utf8'));
    const [decision] = table('decisions');
    assert.equal(decision?.['signature'], 'signed with a key of this person');
    assert.match(decision['fingerprint'] ?? '', /^SHA256:/u);
    assert.equal(table('deployments')[0]?.['trust'], 'L1');
    assert.match(
      readFileSync(page, 'utf8'),
      /Signed with a key of this person, key SHA256:\S+\. It is about the text/u,
    );
    const lines = readFileSync(path.join(folder, 'events.jsonl'), 'utf8').trimEnd().split('\n');
    const event = lines
      .map((one) => JSON.parse(one) as { id: string; header: string; signatures: string[] })
      .find(({ id }) => id === decision['event'])!;
    const [signature = ''] = event.signatures;
    const signers = `${table('policies').at(-1)!['event']}.allowedsigners`;
    writeFileSync(path.join(world.path, 'sig'), signature);
    if (missingPrograms(['ssh-keygen']).length > 0) return;
    const args = [
      '-Y',
      'verify',
      '-n',
      'prompt-audit',
      '-I',
      reviewer.email,
      '-s',
      path.join(world.path, 'sig'),
    ];
    execFileSync('ssh-keygen', [...args, '-f', path.join(folder, 'policy', signers)], {
      input: event.header,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  });
});
