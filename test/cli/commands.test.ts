import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { ActiveRow, EventRow, VersionRow } from '../../src/core/rows.js';
import type { InitResult } from '../../src/trail/api.js';
import type { RecordResult } from '../../src/trail/recordApi.js';
import { assertFailed, programFile } from './support/program.js';
import { author, reviewer, World, type Clone } from './support/world.js';

const prompt = 'prompts/greet.prompt.md';
const text = 'Greet the patient by name.\n';

describe('the commands, in a repository without a remote', function () {
  this.timeout(60_000);
  const world = new World('commands');
  let ada: Clone;
  let ravi: Clone;

  before(async () => {
    ada = world.repository('repo');
    ravi = ada.as(reviewer);
    ada.write(prompt, text);
  });
  after(() => world.remove());

  it('say what to do where there is no ledger yet', async () => {
    for (const argv of [['status'], ['verify']]) {
      assertFailed(await ada.run(...argv), 2, /no ledger yet/, /prompt-audit init/);
    }
  });

  it('init starts a ledger, once', async () => {
    const { rows, ledger, query } = await ada.json<InitResult>('init', '--preset', 'team');
    assert.equal(query['preset'], 'team');
    assert.equal(rows[0]?.outcome, 'created');
    assert.equal(rows[0]?.prompts, 1);
    assert.deepEqual(rows[0]?.ledger, ledger);
    assert.match(ada.read('.prompt-audit/policy.jsonc').toString(), /"environments"/);
    assertFailed(await ada.run('init', '--yes'), 1, /a ledger already/, /status/);
  });

  it('record takes paths from any folder, and only what is tracked', async () => {
    ada.write('notes.txt', 'no prompt');
    assertFailed(
      await ada.run('record', 'notes.txt'),
      1,
      /notes\.txt is not tracked/,
      /policy\.jsonc/,
    );
    assertFailed(await ada.run('record', '../other.md'), 3, /not inside/, /--cwd/);
    assertFailed(
      await ada.run('record', 'prompts/nothing.prompt.md'),
      2,
      /no file prompts\/nothing/,
    );
    const { rows } = await ada.in('prompts').json<RecordResult>('record', 'greet.prompt.md');
    assert.deepEqual(
      rows.map((row) => [row.path, row.outcome]),
      [[prompt, 'recorded']],
    );
    assert.match(await ada.ok('record', '--cwd', 'prompts', prompt), /1 prompt unchanged/);
  });

  it('status tells a draft', async () => {
    const out = await ada.ok('status');
    assert.match(
      out,
      /Drafts and changes\n {2}prompts\/greet\.prompt\.md {2}recorded, not proposed/,
    );
    assert.match(out, /^You +Ada Author <ada@clinic\.example>$/m);
  });

  it('propose makes a version, of new bytes only, and with a note', async () => {
    assertFailed(await ada.run('propose', prompt, '-m', ' '), 1, /change note/);
    assert.match(
      await ada.ok('propose', prompt, '-m', 'Warm welcome'),
      /^Proposed prompts\/greet\.prompt\.md v1\?? \([0-9a-f]{7}\): waiting, 0 of 1 approvals\.\n$/,
    );
    assertFailed(await ada.run('propose', prompt, '-m', 'Again'), 1, /v1 \([0-9a-f]+\) already/);
  });

  it('decisions need a person or --yes, and a reason unless they approve', async () => {
    assertFailed(await ravi.run('approve', prompt), 1, /by a person at a terminal/, /--yes/);
    for (const command of ['request-changes', 'reject']) {
      assertFailed(await ravi.run(command, prompt, '--yes'), 1, /needs a reason/);
    }
    assertFailed(await ravi.run('approve', `${prompt}@v9`, '--yes'), 1, /no such version/);
    assertFailed(await ravi.run('approve', `${prompt}@dddd`, '--yes'), 1, /no such version/);
    assertFailed(await ravi.run('approve', 'prompts/nothing.md', '--yes'), 1, /no prompt at/);
  });

  it('request-changes and reject change the state of the version', async () => {
    const changes = await ravi.json<VersionRow>(
      'request-changes',
      prompt,
      '--yes',
      '-m',
      'Say hello',
    );
    assert.equal(changes.rows[0]?.state, 'changes-requested');
    const rejected = await ravi.json<VersionRow>(
      'reject',
      `${prompt}@v1`,
      '--yes',
      '-m',
      'No hello',
    );
    assert.equal(rejected.rows[0]?.state, 'rejected');
    assertFailed(
      await ada.run('deploy', prompt, '--env', 'staging'),
      1,
      /greet\.prompt\.md/,
      /a reviewer rejected it/,
    );
    const approved = await ravi.json<VersionRow>(
      'approve',
      prompt,
      '--yes',
      '--meaning',
      'clinical',
    );
    assert.equal(approved.rows[0]?.state, 'approved');
    assert.equal(approved.rows[0]?.decisions.at(-1)?.meaning, 'clinical');
  });

  it('deploy wants an environment of the policy', async () => {
    assertFailed(
      await ada.run('deploy', prompt, '--env', 'prod'),
      1,
      /no environment "prod"/,
      /production|policy/,
    );
    const out = await ada.ok(
      'deploy',
      prompt,
      '--env',
      'staging',
      '--ref',
      'https://ci.example/17',
    );
    assert.match(
      out,
      /^Deployed prompts\/greet\.prompt\.md v1\?? \([0-9a-f]{7}\) to staging, active since /,
    );
    assertFailed(
      await ada.run('rollback', prompt, '--env', 'staging', '-m', 'x'),
      1,
      /No other version/,
    );
  });

  it('active refuses a misspelt environment or path instead of answering "nothing"', async () => {
    assertFailed(await ada.run('active', prompt, '--env', 'stagin'), 1, /no environment "stagin"/);
    assertFailed(await ada.run('active', 'prompts/gret.prompt.md'), 1, /no prompt at/);
    assert.match(
      await ada.ok('active', prompt, '--env', 'production'),
      /^Nothing of .* is active in production/,
    );
    const { rows, caveats } = await ada.json<ActiveRow>('active');
    assert.deepEqual(
      rows.map((row) => [row.path, row.env, row.approvers.map((one) => one.name)]),
      [[prompt, 'staging', ['Ravi Reviewer']]],
    );
    assert.ok(caveats.some((caveat) => caveat.includes('L0')));
  });

  it('active reads back the time that it printed', async () => {
    const printed =
      /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+05:30/.exec(await ada.ok('active'))?.[0] ?? '';
    const { rows, query } = await ada.json<ActiveRow>(
      'active',
      prompt,
      '--env',
      'staging',
      '--at',
      printed,
    );
    assert.equal(rows.length, 1);
    assert.equal(query['at'], rows[0]?.from);
  });

  it('log prints newest first for people, and everything for programs', async () => {
    const lines = (await ada.ok('log', prompt)).split('\n');
    assert.match(lines[0] ?? '', /^# +EVENT +TIME +WHO +PROMPT +WHAT/);
    assert.match(lines[1] ?? '', /\+05:30 +Ada Author +prompts\/greet\.prompt\.md +deployed/);
    assert.match(await ada.ok('log', '-n', '2'), /^(.*\n){3}$/);
    const { rows, ledger } = await ada.json<EventRow>('log');
    assert.deepEqual(
      rows.map((row) => row.seq),
      rows.map((_, index) => index + 1),
    );
    assert.equal(ledger?.size, rows.length);
    const found = (await ada.json<EventRow>('log', '--grep', 'WARM wel')).rows;
    assert.deepEqual(
      found.map((row) => row.type),
      ['version.proposed'],
    );
    assertFailed(await ada.run('log', 'prompts/gret.prompt.md'), 1, /no prompt at/);
  });

  it('show prints a version, its exact bytes, or an event', async () => {
    assert.equal(await ada.ok('show', `${prompt}@v1`, '--raw'), text);
    const shown = await ada.ok('show', prompt);
    assert.match(
      shown,
      /^Decision +approved .* by Ravi Reviewer <ravi@clinic\.example>, meaning "clinical"/m,
    );
    assert.ok(shown.endsWith(`\n\n${text}`));
    const { rows } = await ada.json<VersionRow & { content: { encoding: string; text: string } }>(
      'show',
      prompt,
    );
    assert.deepEqual([rows[0]?.content.encoding, rows[0]?.content.text], ['utf8', text]);
    const decided = (await ada.json<EventRow>('log', '--type', 'review.decided')).rows.at(-1);
    const event = await ada.ok('show', decided?.id.slice(0, 12) ?? '');
    assert.match(event, new RegExp(`^Event +${decided?.id}`));
    assert.match(event, /^Who +Ravi Reviewer <ravi@clinic\.example> \(unattended\)$/m);
  });

  it('verify finds nothing wrong', async () => {
    assert.match(await ada.ok('verify'), /^Verified: \d+ events checked, 0 findings\./);
    const { rows, counts } = await ada.json('verify', '--full');
    assert.deepEqual(rows, []);
    assert.equal(counts['errors'], 0);
    assert.ok((counts['checked'] ?? 0) > 5);
  });

  it('sync says that there is no remote', async () => {
    assertFailed(await ada.run('sync'), 1, /no remote/, /git remote add/);
  });

  it('names the missing identity', async () => {
    const nobody = ada.with({
      GIT_AUTHOR_NAME: '',
      GIT_AUTHOR_EMAIL: '',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'user.useConfigOnly',
      GIT_CONFIG_VALUE_0: 'true',
    });
    nobody.write(prompt, 'changed by nobody\n');
    assertFailed(await nobody.run('record'), 2, /./, /user\.(name|email)/);
    ada.write(prompt, text);
  });

  it('takes a closed pipe as read enough, and a full disk as an error', async function () {
    if (process.platform !== 'linux') this.skip();
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', '"$0" "$1" log --json | head -c 1', process.execPath, programFile],
      { cwd: ada.folder, env: ada.env, encoding: 'utf8' },
    );
    assert.deepEqual([status, stderr], [0, '']);
    const full = openSync('/dev/full', 'w');
    const ended = spawnSync(process.execPath, [programFile, 'log'], {
      cwd: ada.folder,
      env: ada.env,
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    assert.equal(ended.status, 2);
    assert.match(
      ended.stderr,
      /^prompt-audit: The answer could not be written .*\(ENOSPC\)\.\n {2}\S.*\n$/,
    );
  });

  it('asks at a terminal and records that a person decided', async function () {
    const pty = spawnSync('script', ['--version'], { encoding: 'utf8' });
    if (!pty.stdout?.includes('util-linux')) this.skip();
    ada.write(prompt, `${text}Then ask how they are.\n`);
    await ada.ok('propose', prompt, '-m', 'Second');
    const line = `'${process.execPath}' '${programFile}' approve ${prompt}`;
    const ended = spawnSync('script', ['-qec', line, '/dev/null'], {
      cwd: ravi.folder,
      env: ravi.env,
      input: 'y\n',
      encoding: 'utf8',
    });
    assert.match(
      ended.stdout,
      /Approve as Ravi Reviewer <ravi@clinic\.example>: prompts\/greet\.prompt\.md v2\?? \([0-9a-f]{7}\)\? Recorded permanently\. \[y\/N\]/,
    );
    assert.equal(ended.status, 0);
    const [version] = (await ada.json<VersionRow>('show', prompt)).rows;
    assert.deepEqual(
      version?.decisions.map((one) => one.unattended),
      [false],
    );
  });
});

describe('a folder without git', function () {
  this.timeout(60_000);
  const world = new World('plain');
  after(() => world.remove());

  it('has a trail, too, when the person is named', async function () {
    const folder = world.folder('plain');
    folder.write(prompt, text);
    await folder.ok('init', '--yes');
    await folder.ok('propose', prompt, '-m', 'First');
    assert.equal(await folder.ok('show', prompt, '--raw'), text);
    assert.deepEqual(
      (await folder.json<EventRow>('log', prompt)).rows.at(-1)?.who.email,
      author.email,
    );
    assertFailed(await folder.run('sync'), 1, /not a git repository/);
  });
});
