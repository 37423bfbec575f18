import assert from 'node:assert/strict';
import { chmodSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorCode } from '../../src/core/errors.js';
import { Clinic } from '../tools/clones.js';
import { withEnvironment } from '../tools/environment.js';
import { failure } from '../tools/failure.js';

const path = 'prompts/triage.prompt.md';

async function fails(promise: Promise<unknown>, code: ErrorCode): Promise<string> {
  return (await failure(promise, code)).message;
}

describe('trail', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  const { env } = process;
  beforeEach(() => (clinic = new Clinic()));
  afterEach(async () => {
    await clinic.dispose();
    assert.equal(process.env, env, 'another object would not reach the process: no TZ, no PATH');
  });

  /** A clone of Ana's with a ledger, one prompt, and the policy on main. */
  const begin = (): Promise<void> => clinic.made(beginning);
  async function beginning(): Promise<void> {
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    clinic.commit('ana');
  }

  it('records a save once, and only what is a prompt', async () => {
    await begin();
    const trail = await clinic.open('ana');
    clinic.write('ana', path, 'two\n');
    clinic.write('ana', 'notes.txt', 'x');
    assert.equal((await trail.recordSave(path))?.outcome, 'recorded');
    assert.equal((await trail.recordSave(path))?.outcome, 'unchanged');
    assert.equal(await trail.recordSave('notes.txt'), null);
    assert.deepEqual(
      (await trail.log({ types: ['revision.saved'] })).map((r) => r.who.name),
      ['Ana'],
    );
    const [newest] = await trail.log({ newest: 1 });
    assert.equal(Buffer.from(await trail.content(newest!.digest!)).toString(), 'two\n');
  });

  it('gives bytes of a commit to its author, not to whoever records them', async () => {
    await begin();
    clinic.clone('ravi');
    clinic.write('ravi', path, 'by ravi\n');
    clinic.commit('ravi');
    clinic.git('ana', 'pull', '--quiet');
    const trail = await clinic.open('ana');
    assert.equal(await trail.recordSave(path), null, 'a save of bytes that HEAD has is no edit');
    await trail.record();
    const [row] = await trail.log({ types: ['revision.observed'], newest: 1 });
    assert.equal(row?.who.name, 'Ana');
    assert.match(row?.summary ?? '', /Ravi committed/);
    await trail.propose({ path, note: 'n' });
    const version = await trail.version(path);
    assert.deepEqual(version.contributors.map((p) => p.name).sort(), ['Ana', 'Ravi']);
  });

  it('records nothing for an older state that came with a checkout', async () => {
    await begin();
    const trail = await clinic.open('ana');
    await trail.propose({ path, note: 'first' });
    clinic.write('ana', path, 'two\n');
    await trail.propose({ path, note: 'second' });
    clinic.git('ana', 'checkout', '--quiet', '--', path);
    const before = (await trail.log()).length;
    assert.equal((await trail.recordSave(path))?.outcome, 'unchanged');
    assert.equal((await trail.record())[0]?.outcome, 'unchanged');
    assert.equal((await trail.log()).length, before);
    assert.equal((await trail.status()).prompts[0]?.working, 'older');
  });

  it('refuses a proposal without a note or without a change', async () => {
    await begin();
    const trail = await clinic.open('ana');
    await fails(trail.propose({ path, note: '  ' }), 'note.missing');
    await trail.propose({ path, note: 'first' });
    await fails(trail.propose({ path, note: 'again' }), 'version.unchanged');
    assert.equal((await trail.versions(path)).length, 1);
  });

  it('lets three clones tell one story, and everybody has it', async () => {
    await begin();
    const ana = await clinic.open('ana');
    const v1 = await ana.propose({ path, note: 'first' });
    assert.equal(v1.label, 'v1');
    const refused = ana.decide({ target: path, decision: 'approved', identity: 'git' });
    await fails(refused, 'decision.refused');

    clinic.clone('ravi');
    const ravi = await clinic.open('ravi');
    assert.deepEqual(
      (await ravi.status()).reviews.map((r) => [r.version.label, r.waitsForMe]),
      [['v1', true]],
    );
    clinic.clone('rosa');
    const rosa = await clinic.open('rosa');
    await fails(
      rosa.deploy({ target: path, env: 'production', identity: 'git' }),
      'deployment.refused',
    );
    assert.deepEqual(await rosa.deploymentReasons(path, 'production'), ['approval.missing']);
    await ravi.decide({ target: `${path}@v1`, decision: 'approved', identity: 'git' });
    const active = await rosa.deploy({ target: `${path}@v1`, env: 'production', identity: 'git' });
    assert.deepEqual(
      [active.version, active.approvers[0]?.name, active.order],
      ['v1', 'Ravi', 'proven'],
    );

    clinic.write('ana', path, 'two\n');
    await ana.propose({ path, note: 'second' });
    await ravi.decide({ target: path, decision: 'approved', identity: 'git' });
    await rosa.deploy({ target: path, env: 'production', identity: 'git' });
    assert.deepEqual(
      (await rosa.rollbackTargets(path, 'production')).map((v) => v.label),
      ['v1'],
    );
    const back = await rosa.rollback({
      path,
      env: 'production',
      reason: 'complaint',
      identity: 'git',
    });
    assert.deepEqual([back.version, back.rollback], ['v1', true]);

    for (const trail of [ana, ravi]) await trail.sync();
    const logs = await Promise.all([ana, ravi, rosa].map((t) => t.log()));
    assert.equal(new Set(logs.map((rows) => rows.map((r) => r.id).join())).size, 1);
    for (const trail of [ana, ravi, rosa]) {
      const { intact, findings } = await trail.verify();
      assert.deepEqual([intact, findings], [true, []]);
    }
    const [firstVersion] = await rosa.versions(path);
    assert.equal(Buffer.from(await rosa.content(firstVersion!.digest)).toString(), 'one\n');
    const denied = await rosa.log({ types: ['attempt.denied'] });
    assert.deepEqual(
      denied.map((r) => [r.who.name, r.summary]),
      [
        ['Ana', 'tried to approve v1 and was refused'],
        ['Rosa', 'tried to deploy v1 to production and was refused'],
      ],
    );
  });

  it('renumbers a version that others were faster with, and a write by the old number stops', async () => {
    await begin();
    const ana = await clinic.open('ana', { autoSync: false });
    await ana.sync();
    clinic.clone('ravi');
    const ravi = await clinic.open('ravi', { autoSync: false });
    clinic.write('ana', path, 'by ana\n');
    clinic.write('ravi', path, 'by ravi\n');
    await ana.propose({ path, note: 'a' });
    assert.equal((await ravi.propose({ path, note: 'r' })).label, 'v1?');
    await ana.sync();
    const report = await ravi.sync();
    assert.deepEqual(report.renumbered, [`${path}: v1? is now v2`]);
    const stopped = ravi.decide({ target: `${path}@v1`, decision: 'approved', identity: 'git' });
    assert.match(await fails(stopped, 'version.ambiguous'), /v1 \(.*v2 \(/);
    const digest = (await ravi.versions(path))[0]!.digest.slice(7, 14);
    await ravi.decide({
      target: `${path}@${digest}`,
      decision: 'changes-requested',
      reason: 'x',
      identity: 'git',
    });
    assert.equal((await ravi.versions(path))[0]?.state, 'changes-requested');
  });

  it('rolls back step by step, and only to versions of the same prompt', async () => {
    await begin();
    const ana = await clinic.open('ana', { autoSync: false });
    clinic.write('ana', 'prompts/other.prompt.md', 'other\n');
    await ana.propose({ path: 'prompts/other.prompt.md', note: 'n' });
    clinic.clone('ravi');
    await ana.sync();
    const ravi = await clinic.open('ravi', { autoSync: false });
    const back = (to?: string) =>
      ravi.rollback({
        path,
        env: 'production',
        reason: 'r',
        identity: 'git',
        ...(to ? { to } : {}),
      });
    for (const text of ['1', '2', '3']) {
      clinic.write('ana', path, text);
      await ana.propose({ path, note: text });
      await ana.sync();
      await ravi.sync();
      await ravi.decide({ target: path, decision: 'approved', identity: 'git' });
      if (text === '1') await fails(back('v1'), 'rollback.noTarget');
      await ravi.deploy({ target: path, env: 'production', identity: 'git' });
    }
    await fails(back('v3'), 'rollback.noTarget');
    await fails(back('prompts/other.prompt.md@v1'), 'rollback.noTarget');
    assert.equal((await back()).version, 'v2');
    assert.equal((await back()).version, 'v1');
    await fails(back(), 'rollback.noTarget');
  });

  it('lets break-glass skip what is missing, and never who may deploy', async () => {
    await begin();
    const policy = `{ "version": 1, "roles": { "release": ["ravi@clinic.example"] },
      "environments": { "production": { "deployers": ["release"], "breakGlass": true } } }`;
    clinic.write('ana', '.prompt-audit/policy.jsonc', policy);
    clinic.commit('ana', 'policy');
    const ana = await clinic.open('ana');
    await ana.propose({ path, note: 'n' });
    const input = { target: path, env: 'production', identity: 'git' } as const;
    await fails(ana.deploy({ ...input, breakGlass: 'outage' }), 'deployment.refused');
    clinic.clone('ravi');
    const ravi = await clinic.open('ravi');
    await fails(ravi.deploy(input), 'deployment.refused');
    const row = await ravi.deploy({ ...input, breakGlass: 'outage' });
    assert.deepEqual([row.breakGlass, row.order], [true, 'after']);
    assert.deepEqual((await ravi.verify()).findings, []);
  });

  it('knows a prompt that git ignores but the disk has', async () => {
    await begin();
    clinic.write('ana', '.gitignore', 'prompts/secret*\n');
    clinic.write('ana', 'prompts/secret.prompt.md', 'x\n');
    const ana = await clinic.open('ana', { autoSync: false });
    await ana.propose({ path: 'prompts/secret.prompt.md', note: 'n' });
    const row = (await ana.status()).prompts.find((p) => p.path.includes('secret'));
    assert.equal(row?.working, 'current');
  });

  it('judges by the policy of the protected branch, whatever the work tree says', async () => {
    await begin();
    const ana = await clinic.open('ana');
    await ana.propose({ path, note: 'first' });
    const file = join(ana.root, '.prompt-audit/policy.jsonc');
    const lax = readFileSync(file, 'utf8').replace('"contributors": false', '"contributors": true');
    writeFileSync(file, lax);
    await fails(
      ana.decide({ target: path, decision: 'approved', identity: 'git' }),
      'decision.refused',
    );
    clinic.commit('ana', 'new policy');
    await ana.decide({ target: path, decision: 'approved', identity: 'git' });
    const adopted = await ana.log({ types: ['policy.adopted'] });
    const details = await Promise.all(adopted.map(({ id }) => ana.detail(id)));
    const sources = details.map((detail) => {
      const body = JSON.parse(detail?.bodyText ?? '{}') as { source?: string };
      return body.source;
    });
    assert.deepEqual(sources, ['working-tree', 'protected-branch', 'protected-branch']);
  });

  it('tells a prompt that is no longer tracked from one whose file is gone', async () => {
    await begin();
    clinic.write('ana', 'prompts/other.prompt.md', 'x\n');
    const ana = await clinic.open('ana');
    await ana.record();
    rmSync(join(ana.root, 'prompts/other.prompt.md'));
    const file = join(ana.root, '.prompt-audit/policy.jsonc');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"exclude": []', '"exclude": ["**/triage*"]'),
    );
    const { prompts } = await ana.status();
    assert.deepEqual(
      prompts.map((row) => [row.path, row.working]),
      [
        ['prompts/other.prompt.md', 'missing'],
        [path, 'untracked'],
      ],
    );
  });

  it('stops at a policy with a mistake, and names it', async () => {
    await begin();
    const ana = await clinic.open('ana');
    await ana.propose({ path, note: 'first' });
    const file = join(ana.root, '.prompt-audit/policy.jsonc');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"approvals"', '"aprovals"'));
    assert.match(await fails(ana.record(), 'policy.invalid'), /line \d+: unknown key "aprovals"/);
    rmSync(file);
    await fails(ana.status(), 'policy.missing');
  });

  it('joins the ledger of the remote instead of making a second one', async () => {
    await begin();
    const ana = await clinic.open('ana');
    await ana.sync();
    clinic.clone('ravi');
    const ravi = await clinic.open('ravi');
    const { id } = await ana.point();
    assert.equal((await ravi.point()).id, id);
    await fails(clinic.init('ravi'), 'ledger.exists');
    clinic.clone('rosa');
    rmSync(join(clinic.folder, 'rosa/.prompt-audit'), { recursive: true });
    await clinic.init('rosa');
    assert.equal((await (await clinic.open('rosa')).point()).id, id);
  });

  it('goes on without the remote, and says so', async () => {
    await begin();
    const warnings: string[] = [];
    const ana = await clinic.open('ana', { warn: (m) => warnings.push(m) });
    await ana.sync();
    clinic.git('ana', 'remote', 'set-url', 'origin', join(clinic.folder, 'nowhere.git'));
    const version = await ana.propose({ path, note: 'offline' });
    assert.equal(version.label, 'v1?');
    assert.match(warnings.join(), /Not synced yet: The remote cannot be reached/);
    await fails(ana.sync(), 'sync.offline');
    const told = await ana.status();
    assert.equal(told.unsent > 0, true);
    assert.deepEqual([told.syncProblem?.code, told.syncProblem?.passing], ['sync.offline', true]);
  });

  it('finds a rewritten ledger branch, and changes nothing here', async () => {
    await begin();
    const ana = await clinic.open('ana');
    await ana.propose({ path, note: 'first' });
    const before = await ana.point();
    clinic.git('remote.git', 'update-ref', 'refs/heads/prompt-audit', 'refs/heads/prompt-audit~1');
    await fails(ana.sync(), 'sync.rewritten');
    clinic.git('remote.git', 'update-ref', '-d', 'refs/heads/prompt-audit');
    await fails(ana.sync(), 'sync.rewritten');
    assert.deepEqual(await ana.point(), before);
    const later = await clinic.open('ana');
    assert.equal((await later.status()).syncProblem?.code, 'sync.rewritten');
    const { findings, intact } = await later.verify();
    // The rollback and the deletion.
    const codes = ['sync.rewritten', 'sync.rewritten'];
    assert.deepEqual([findings.map((f) => f.code), intact], [codes, true]);
    clinic.git(
      'ana',
      'push',
      '--quiet',
      'origin',
      'refs/prompt-audit/ledger:refs/heads/prompt-audit',
    );
    await later.sync();
    assert.equal((await later.status()).syncProblem, null);
  });

  it('does not read through a link, a folder, or out of the repository', async () => {
    await begin();
    const ana = await clinic.open('ana');
    writeFileSync(join(clinic.folder, 'secret.txt'), 'secret');
    symlinkSync(join(clinic.folder, 'secret.txt'), join(ana.root, 'prompts/link.prompt.md'));
    await fails(ana.record(['prompts/link.prompt.md']), 'prompt.unreadable');
    await fails(ana.record(['../secret.prompt.md']), 'path.outside');
    await fails(ana.record(['prompts/none.prompt.md']), 'prompt.unreadable');
    await fails(ana.record(['README.md']), 'path.notTracked');
    assert.deepEqual(await ana.log({ types: ['revision.saved'] }), []);
  });

  it('refuses what is too large or no text, and keeps what was recorded', async () => {
    await begin();
    const ana = await clinic.open('ana');
    await ana.record();
    const events = (await ana.log()).length;
    clinic.write('ana', path, Buffer.alloc(20 * 1024 * 1024, 97));
    assert.match(await fails(ana.record([path]), 'prompt.tooLarge'), /20\.0 MB/);
    clinic.write('ana', path, Buffer.from([0, 1, 2]));
    assert.match(await fails(ana.propose({ path, note: 'x' }), 'prompt.unreadable'), /NUL/);
    assert.equal((await ana.log()).length, events);
    const { prompts } = await ana.status();
    assert.match(prompts[0]?.problem ?? '', /NUL/);
  });

  it('takes files with any name', async () => {
    await begin();
    const ana = await clinic.open('ana', { autoSync: false });
    for (const name of ['with space', 'quote"\'', 'line\nfeed', 'подсказка', '-dash', 'at@v2']) {
      const file = `${name}.prompt.md`;
      clinic.write('ana', file, 'text\n');
      await ana.propose({ path: file, note: 'n' });
      assert.equal((await ana.version(file)).path, file);
      assert.equal((await ana.version(`${file}@v1`)).number, 1);
    }
    const states = (await ana.status()).prompts.map((p) => [p.working, p.latest?.label]);
    assert.deepEqual(states.filter(([, label]) => label === 'v1?').length, 6);
    assert.ok(states.every(([working, label]) => label === undefined || working === 'current'));
  });

  it('has the same digest for CRLF and LF where git stores LF', async () => {
    await begin();
    clinic.write('ana', '.gitattributes', '*.md text\n');
    const ana = await clinic.open('ana');
    await ana.propose({ path, note: 'LF' });
    clinic.write('ana', path, 'one\r\n');
    assert.equal((await ana.recordSave(path))?.outcome, 'unchanged');
  });

  it('works in a folder without git', async () => {
    const home = join(clinic.folder, 'plain');
    clinic.write('plain', path, 'one\n');
    const restore = withEnvironment({
      GIT_CEILING_DIRECTORIES: clinic.folder,
      GIT_AUTHOR_NAME: 'Ana',
      GIT_AUTHOR_EMAIL: 'ana@clinic.example',
    });
    try {
      await clinic.init('plain');
      const trail = await clinic.open('plain');
      assert.equal(trail.git, false);
      assert.equal((await trail.propose({ path, note: 'n' })).label, 'v1');
      await fails(trail.sync(), 'sync.noRemote');
      await trail.close();
      const again = await clinic.open('plain');
      assert.equal((await again.version(path)).label, 'v1');
      assert.deepEqual((await again.verify()).findings, []);
      assert.ok(readFileSync(join(home, '.prompt-audit/ledger.sqlite')).length > 0);
    } finally {
      restore();
    }
  });

  it('names a missing git identity', async () => {
    await begin();
    clinic.git('ana', 'config', '--unset', 'user.email');
    const restore = withEnvironment({
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_EMAIL: undefined,
      EMAIL: undefined,
    });
    try {
      const warnings: string[] = [];
      const ana = await clinic.open('ana', { warn: (text) => warnings.push(text) });
      // No sync records what the commit did, as long as nobody is named.
      await fails(ana.record(), 'identity.missing');
      await fails(ana.record([path]), 'identity.missing');
      assert.deepEqual(warnings, []);
      await fails(ana.propose({ path, note: 'n' }), 'identity.missing');
      clinic.write('ana', path, 'two\n');
      await fails(ana.recordSave(path), 'identity.missing');
      assert.deepEqual(await ana.log({ path }), []);
      await ana.sync();
    } finally {
      restore();
    }
  });

  it('touches neither index, work tree, branches nor configuration, and runs no hook', async () => {
    await begin();
    for (const hook of ['pre-push', 'post-index-change', 'reference-transaction', 'pre-commit']) {
      const file = join(clinic.folder, 'ana/.git/hooks', hook);
      writeFileSync(
        file,
        '#!/bin/sh\ntouch "$(git rev-parse --git-common-dir)/hook-ran"\nexit 1\n',
      );
      chmodSync(file, 0o755);
    }
    const facts = (): string =>
      [
        clinic.git('ana', '--no-optional-locks', 'status', '--porcelain=v2', '--branch'),
        clinic.git('ana', 'for-each-ref', 'refs/heads', 'refs/tags'),
        clinic.git('ana', 'config', '--local', '--list'),
        readFileSync(join(clinic.folder, 'ana/.git/index'), 'base64'),
      ].join('\n');
    const before = facts();
    const ana = await clinic.open('ana');
    await ana.propose({ path, note: 'n' });
    await ana.sync();
    assert.equal(facts(), before);
    assert.throws(() => readFileSync(join(clinic.folder, 'ana/.git/hook-ran')));
  });
});
