import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GateWorld, gateIn, letter, said, stateOf, triage } from './support/gateWorld.js';
import { assertFailed } from './support/program.js';

describe('gate in CI', function () {
  this.timeout(120_000);
  let at: GateWorld;
  let mergeRef = '';
  let pushed = '';
  before(async () => {
    at = await GateWorld.begin('gate-ci');
    at.branch('feature');
    at.ada.write(letter, 'Write a letter, denied.\n');
    at.push();
    pushed = at.ada.git('rev-parse', 'HEAD').trim();
    mergeRef = at.mergeRef('feature', 7);
  });
  after(() => at.end());

  const denied = [`deny changed ${letter} -: bytes.unknown`];

  it('works in a clone of one commit without a person, and leaves it as it was', async () => {
    const ci = at.ci(mergeRef);
    const before = stateOf(ci);
    const remote = ci.git('ls-remote', 'origin');
    const { ended, answer } = await gateIn(ci, '--base=main', `--contains=${pushed}`);
    assert.equal(ended.status, 1);
    assert.equal(ended.err, '');
    assert.deepEqual(said(answer), denied);
    assert.equal(stateOf(ci), before);
    assert.equal(ci.git('ls-remote', 'origin'), remote);
    assert.equal(ci.git('status', '--porcelain', '--ignored'), '');
    assert.equal(ci.git('rev-list', '--count', 'HEAD').trim(), '1', 'no history was needed');
  });

  it('fetches the head by itself, and refuses a merge commit that is too old', async () => {
    const ci = at.ci('refs/heads/main');
    const { ended, answer } = await gateIn(ci, '--base=main', `--head=${mergeRef}`);
    assert.equal(ended.status, 1);
    assert.deepEqual(said(answer), denied);
    at.branch('late');
    at.push();
    const late = at.ada.git('rev-parse', 'HEAD').trim();
    const old = await ci.run('gate', '--base=main', `--head=${mergeRef}`, `--contains=${late}`);
    assertFailed(old, 2, /does not hold \w{12}, which was to be judged/, /run the gate again/);
  });

  it('fetches as much of a cut history as it needs, so that it sees the whole change', async () => {
    at.branch('long');
    at.ada.write(triage, 'Triage, in between.\n');
    at.push();
    for (let n = 0; n < 3; n++) at.push(`Nothing ${n}`);
    // The change is undone on main meanwhile: only where the branch began it is seen.
    const ci = at.ci('refs/heads/long');
    const { ended, answer } = await gateIn(ci, '--base=main');
    assert.deepEqual(said(answer), [`deny changed ${triage} -: bytes.unknown`]);
    assert.equal(ended.status, 1);
    const other = at.ci('refs/heads/long');
    other.git(
      'fetch',
      '--quiet',
      '--depth=1',
      'origin',
      '+refs/heads/main:refs/remotes/origin/main',
    );
    other.git('fetch', '--quiet', 'origin', 'prompt-audit:refs/remotes/origin/prompt-audit');
    other.git('remote', 'set-head', 'origin', 'main');
    const unfetched = await other.run('gate', '--base=main', '--no-fetch');
    assertFailed(unfetched, 2, /This clone is shallow: nobody can tell/, /without --no-fetch/);
  });

  it('does not take an older common ancestor for the place where a change began', async () => {
    // A revert is no change against the older ancestor, and one against the real one.
    const { ada } = at;
    at.branch('trunk');
    ada.write(triage, 'Triage, bad.\n');
    at.push();
    ada.write(triage, 'Triage, good.\n');
    at.push();
    ada.git('switch', '--quiet', '--create', 'undo');
    ada.write(triage, 'Triage, bad.\n');
    at.push();
    ada.git('switch', '--quiet', 'trunk');
    at.push('More');
    const { answer } = await gateIn(at.ci('refs/heads/undo'), '--base=trunk');
    assert.deepEqual(said(answer), [`deny changed ${triage} -: bytes.unknown`]);
  });

  it('judges everything where two histories have nothing in common', async () => {
    const { ada } = at;
    ada.git('switch', '--quiet', '--orphan', 'apart');
    ada.write(letter, 'Apart.\n');
    at.push();
    const { ended, answer } = await gateIn(ada, '--base=main');
    assert.equal(ended.status, 1);
    assert.ok(said(answer).includes(`deny added ${letter} -: bytes.unknown`));
    ada.git('switch', '--quiet', '--force', 'main');
  });

  it('works in a clone without texts', async () => {
    execFileSync('git', ['config', 'uploadpack.allowFilter', 'true'], { cwd: at.remote });
    const folder = path.join(at.world.path, 'partial');
    const git = (...args: string[]): void =>
      void execFileSync('git', args, { cwd: at.world.path, env: at.ada.env, stdio: 'pipe' });
    git('clone', '--quiet', '--no-checkout', '--filter=blob:none', `file://${at.remote}`, folder);
    git('-C', folder, 'checkout', '--quiet', 'origin/feature');
    const { ended, answer } = await gateIn(at.ravi.in('../partial'), '--base=main');
    assert.equal(ended.status, 1);
    assert.deepEqual(said(answer), denied);
  });

  it('remembers a checkpoint, and refuses a ledger that does not extend it', async () => {
    const ci = at.ci(mergeRef);
    const keep = ['--base=main', '--checkpoint=kept', '--keep-checkpoint'];
    assert.equal((await gateIn(ci, ...keep)).ended.status, 1);
    const text = ci.read('kept').toString('utf8');
    assert.match(text, /^prompt-audit\/\w{32}\n\d+\n\S{44}\n$/);
    assert.equal((await gateIn(ci, ...keep)).ended.status, 1);
    const [origin, size, root] = text.split('\n');
    const others = [
      [`${origin}\n${Number(size) + 1}\n${root}\n`, /it has only \d+ events/],
      [`${origin}\n${Number(size) - 1}\n${root}\n`, /it has other events/],
      [`prompt-audit/${'0'.repeat(32)}\n${size}\n${root}\n`, /it is another ledger/],
    ] as const;
    for (const [other, why] of others) {
      ci.write('kept', other);
      assertFailed(await ci.run('gate', ...keep), 2, why, /rebuilt, cut or set back/);
      assert.equal(ci.read('kept').toString('utf8'), other, 'the evidence stays');
    }
    ci.write('kept', 'nothing');
    assertFailed(await ci.run('gate', ...keep), 3, /"kept" is no checkpoint/);
    assertFailed(await ci.run('gate', '--base=main', '--checkpoint=none'), 3, /cannot be read/);
    assertFailed(await ci.run('gate', '--base=main', '--keep-checkpoint'), 3, /needs --checkpoint/);
  });

  it('says to GitHub what is wrong, and nothing that a file is called', async () => {
    at.branch('hostile');
    at.ada.write('prompts/a\n::warning::b,c:d%0A|x.prompt.md', 'x\n');
    at.push();
    const summary = path.join(at.world.path, 'summary.md');
    writeFileSync(summary, 'Before.\n');
    const actions = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const ci = at.ci('refs/heads/hostile').with(actions);
    const { out, status } = await ci.run('gate', '--base=main');
    assert.equal(status, 1);
    const [stop = '', ...lines] = out.trimEnd().split('\n');
    const [, token] = /^::stop-commands::([0-9a-f]{32})$/.exec(stop) ?? [];
    const end = lines.indexOf(`::${token}::`);
    assert.ok(end > 0, out);
    assert.equal(lines.length, end + 2, 'one annotation');
    assert.match(
      lines[end + 1]!,
      /^::error file=prompts\/a\\n%3A%3Awarning%3A%3Ab%2Cc%3Ad%250A\|x\.prompt\.md,line=1,title=[^,:]+::/,
    );
    const page = readFileSync(summary, 'utf8');
    assert.match(page, /^Before\.\n## Prompt Audit gate: not passed\n/);
    assert.match(page, /^\| deny \| prompts\/a\\\\n::warning::b,c:d%0A\\\|x/m);

    const json = await ci.run('gate', '--base=main', '--json');
    assert.equal((JSON.parse(json.out) as { counts: { denied: number } }).counts.denied, 1);
    const wrong = await ci.run('gate', `--base=${'1'.repeat(40)}`);
    assert.equal(wrong.status, 2);
    assert.match(wrong.out, /^::error title=Prompt Audit%3A no answer::.*1{12}.*\n$/);
    const broken = await ci.with({ GITHUB_STEP_SUMMARY: '/' }).run('gate', '--base=main');
    assert.equal(broken.status, 1);
    assert.match(broken.err, /summary could not be written/);
  });

  it('writes a report for GitLab', async () => {
    const ci = at.ci(mergeRef);
    const args = ['gate', '--base=main', '--format=gitlab'];
    const printed = await ci.run(...args);
    assert.equal(printed.status, 1);
    const [one, ...more] = JSON.parse(printed.out) as Record<string, unknown>[];
    assert.deepEqual(more, []);
    assert.deepEqual(one!['location'], { path: letter, lines: { begin: 1 } });
    const { out, status } = await ci.run(...args, '--out=report.json');
    assert.equal(status, 1);
    assert.match(out, /^VERDICT/);
    assert.equal(ci.read('report.json').toString('utf8'), printed.out);
    assert.equal(
      (await ci.run(...args, '--out=report.json')).status,
      1,
      'a cached one is replaced',
    );
    assertFailed(await ci.run(...args, '--out=none/report.json'), 2, /could not be written/);
  });

  it('takes no misspelt word for an answer', async () => {
    const ci = at.ci(mergeRef);
    const wrong = [
      [[], /needs --base REF or --env ENV/],
      [['--base=nowhere'], /no commit, branch or tag "nowhere"/],
      [['--base=--help'], /no commit, branch or tag "--help"/],
      [[`--base=${'0'.repeat(40)}`], /no commit, branch or tag "0+"/],
      [['--base=main', '--head=nowhere'], /no commit, branch or tag "nowhere"/],
      [['--env=prod'], /no environment "prod"/],
      [['--base=main', '--format=xml'], /no format "xml"/],
      [['--base=main', '--out=x'], /--out is for --format gitlab/],
    ] as const;
    for (const [args, message] of wrong) {
      const ended = await ci.run('gate', ...args);
      assert.match(ended.err, message);
      assert.equal(ended.out, '');
      assert.equal(ended.status, 3, ended.err);
    }
  });
});

describe('gate, where there is nothing to judge by', function () {
  this.timeout(120_000);
  let at: GateWorld;
  before(async () => {
    at = await GateWorld.begin('gate-refusals');
  });
  after(() => at.end());

  const refused = async (message: RegExp, hint: RegExp, ...args: string[]): Promise<void> => {
    const ci = at.ci('refs/heads/main');
    assertFailed(
      await ci.run('gate', ...(args.length > 0 ? args : ['--base=main'])),
      2,
      message,
      hint,
    );
  };
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: at.remote, encoding: 'utf8', stdio: 'pipe' }).trim();

  it('needs a repository with a remote', async () => {
    const plain = at.world.folder('plain');
    assertFailed(await plain.run('gate', '--base=main'), 2, /not in a git repository/);
    const alone = at.world.repository('alone');
    await alone.ok('init', '--yes');
    assertFailed(await alone.run('gate', '--env=production'), 2, /has no remote/, /clone/);
    const ci = at.ci('refs/heads/main');
    ci.git('config', 'prompt-audit.remote', 'elsewhere');
    assertFailed(await ci.run('gate', '--base=main'), 2, /no remote called elsewhere/);
  });

  it('needs a ledger that extends what this clone and the policy know', async () => {
    const tip = git('rev-parse', 'refs/heads/prompt-audit');
    const before = git('rev-parse', 'refs/heads/prompt-audit~1');
    git('update-ref', '-d', 'refs/heads/prompt-audit');
    await refused(/The remote origin has no ledger/, /prompt-audit init/);
    git('update-ref', 'refs/heads/prompt-audit', before);
    const ended = await at.ravi.run('gate', '--base=main');
    assertFailed(ended, 2, /does not extend the checkpoint of \d+ events that this clone saw/);
    git('update-ref', 'refs/heads/prompt-audit', tip);
    assert.equal((await at.ravi.run('gate', '--base=main')).status, 0);
  });

  it('needs a ledger that is whole', async () => {
    const tip = git('rev-parse', 'refs/heads/prompt-audit');
    const { ada } = at;
    const broken = path.join(at.world.path, 'broken');
    mkdirSync(broken);
    const ledger = execFileSync('git', ['show', `${tip}:ledger.sqlite`], { cwd: at.remote });
    const text = ledger.toString('latin1');
    // One letter of a body: the hash of it stands in a header.
    const changed = text.replace('"note":"Because"', '"note":"Becausf"');
    assert.notEqual(changed, text);
    writeFileSync(path.join(broken, 'ledger.sqlite'), Buffer.from(changed, 'latin1'));
    const index = { ...ada.env, GIT_INDEX_FILE: path.join(broken, 'index') };
    const inAda = (...args: string[]): string =>
      execFileSync('git', args, { cwd: ada.folder, env: index, encoding: 'utf8' }).trim();
    ada.git('fetch', '--quiet', 'origin', 'prompt-audit');
    inAda('read-tree', tip);
    const blob = inAda('hash-object', '-w', path.join(broken, 'ledger.sqlite'));
    inAda('update-index', '--cacheinfo', `100644,${blob},ledger.sqlite`);
    const commit = inAda('commit-tree', '-p', tip, '-m', 'x', inAda('write-tree'));
    ada.git('push', '--quiet', 'origin', `${commit}:refs/heads/prompt-audit`);
    await refused(/damaged/, /\S/);
    await refused(/damaged/, /\S/, '--env=production');
    git('update-ref', 'refs/heads/prompt-audit', tip);
  });

  it('needs a policy on the protected branch: that of a work tree, or of the change, does not count', async () => {
    const main = git('rev-parse', 'refs/heads/main');
    const { ada } = at;
    at.branch('none');
    const file = '.prompt-audit/policy.jsonc';
    const text = ada.read(file);
    ada.git('rm', '--quiet', file);
    at.push();
    git('update-ref', 'refs/heads/main', git('rev-parse', 'refs/heads/none'));
    await refused(/The protected branch "main" has no .*policy\.jsonc/, /Commit/);
    ada.write(file, text);
    const ended = await ada.run('gate', '--base=main');
    assertFailed(ended, 2, /only in a work tree, or in the change itself, does not count/);
    at.push('The change brings its own');
    assertFailed(await ada.run('gate', '--base=main'), 2, /has no .*policy\.jsonc/);
    ada.write(file, '{');
    at.push();
    git('update-ref', 'refs/heads/main', git('rev-parse', 'refs/heads/none'));
    await refused(/policy/, /\S/);
    git('update-ref', 'refs/heads/main', main);
  });

  it('needs the ledger that the policy names, as far as the policy pins it', async () => {
    const main = git('rev-parse', 'refs/heads/main');
    const { ada } = at;
    const file = '.prompt-audit/policy.jsonc';
    const cases = [
      [/"ledger": "\w+"/, `"ledger": "${'1'.repeat(32)}"`, /belongs to another ledger/],
      [
        /"version": 1,/,
        `$& "minCheckpoint": {"size": 3, "root": "${Buffer.alloc(32, 7).toString('base64')}"},`,
        /The policy pins a checkpoint of 3 events|that the policy pins/,
      ],
      [/"version": 1,/, '$& "protectedBranch": "release",', /branch "release" has no/],
    ] as const;
    for (const [from, to, message] of cases) {
      at.branch('other');
      ada.write(file, ada.read(file).toString('utf8').replace(from, to));
      at.push();
      git('update-ref', 'refs/heads/main', git('rev-parse', 'refs/heads/other'));
      await refused(message, /\S/);
      git('update-ref', 'refs/heads/main', main);
    }
  });

  it('needs a remote that answers, and says so', async () => {
    const ci = at.ci('refs/heads/main');
    ci.git('remote', 'set-url', 'origin', `file://${at.world.path}/nowhere.git`);
    assertFailed(await ci.run('gate', '--base=main'), 2, /cannot be reached|refused/);
    assert.equal(existsSync(ci.path('.prompt-audit/ledger.sqlite')), false);
  });
});
