import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refused, remoteFailure } from '../../src/git/remoteErrors.js';
import type { Trail } from '../../src/trail/api.js';
import { runInside } from '../cli/support/program.js';
import type { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';
import { begunClinic, newPrompt, onPush, prompt, roundTrip } from './anywhereFixture.js';

/** What a host prints, and the words by which its remedy is known. */
const hosts: readonly (readonly [name: string, says: string, remedy: RegExp])[] = [
  [
    'pull requests (GitHub)',
    'error: GH006: Protected branch update failed for refs/heads/prompt-audit.',
    /exempt .* pull requests/,
  ],
  [
    'pull requests (rules)',
    'error: GH013: Repository rule violations found\n\n- Changes must be made through a pull request.',
    /exempt .* pull requests/,
  ],
  [
    'pull requests (GitLab)',
    'GitLab: You are not allowed to push code to protected branches on this project.',
    /exempt .* pull requests/,
  ],
  [
    'pull requests (Azure)',
    'TF402455: Pushes to this branch are not permitted; you must use a pull request.',
    /exempt .* pull requests/,
  ],
  [
    'signed commits (GitHub)',
    'error: GH013: Repository rule violations found\n\n- Commits must have verified signatures.',
    /rule for signed commits/,
  ],
  [
    'signed commits (GitLab)',
    'GitLab: Commit must be signed with a GPG signature',
    /rule for signed commits/,
  ],
  [
    'new branches',
    'error: GH013: Repository rule violations found\n\n- Cannot create ref due to creations being restricted.',
    /permit a branch called prompt-audit/,
  ],
  [
    'names of branches',
    'GitLab: Branch name does not follow the pattern ^(feature|fix)/',
    /permit a branch called prompt-audit/,
  ],
  ['big files', 'error: GH001: Large files detected.', /takes no push of this size/],
  [
    'quota',
    'GitLab: Your push has been rejected, because this repository has exceeded its size quota',
    /no room left/,
  ],
  ['disk', 'fatal: write error: No space left on device', /no room left/],
  ['permission', 'ERROR: Write access to repository not granted.', /ask its owners for the right/],
];

/** What git and ssh print where no branch is mentioned. */
const failures: readonly (readonly [stderr: string, code: string, remedy: RegExp])[] = [
  [
    'error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
    'sync.refused',
    /takes no push of this size/,
  ],
  [
    'remote: fatal: pack exceeds maximum allowed size (1.00 KiB)\nerror: remote unpack failed: index-pack abnormal exit',
    'sync.refused',
    /takes no push of this size/,
  ],
  [
    "remote: Permission to o/r.git denied to rosa.\nfatal: unable to access 'https://h/o/r.git/': The requested URL returned error: 403",
    'sync.refused',
    /ask its owners for the right/,
  ],
  // The connection broke behind the host's answer: nothing was refused, and it may stand there.
  ["error: failed to push some refs to 'ssh://h/r.git'", 'sync.offline', /sync again/],
  [
    'ERROR: Permission to o/r.git denied to rosa.\nfatal: Could not read from remote repository.',
    'sync.refused',
    /ask its owners for the right/,
  ],
  [
    'git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.',
    'sync.refused',
    /ssh-add/,
  ],
  [
    "fatal: Authentication failed for 'https://rosa:pass@h/r.git/'",
    'sync.refused',
    /credential helper/,
  ],
  [
    "fatal: could not read Username for 'https://h': terminal prompts disabled",
    'sync.refused',
    /credential helper/,
  ],
  [
    'No ED25519 host key is known for h and you have requested strict checking.\nHost key verification failed.\nfatal: Could not read from remote repository.',
    'sync.refused',
    /compare the fingerprint/,
  ],
  [
    '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nOffending ED25519 key in /home/rosa/.ssh/known_hosts:1\nHost key verification failed.',
    'sync.refused',
    /ssh-keygen -R/,
  ],
  [
    'ERROR: Repository not found.\nfatal: Could not read from remote repository.',
    'sync.refused',
    /knows no such repository/,
  ],
  [
    "remote: The project you were looking for could not be found.\nfatal: repository 'https://h/r.git/' not found",
    'sync.refused',
    /knows no such repository/,
  ],
  [
    "fatal: unable to access 'https://h/r.git/': SSL certificate problem: unable to get local issuer certificate",
    'sync.refused',
    /http\.sslCAInfo/,
  ],
  [
    "fatal: unable to access 'https://h/r.git/': Received HTTP code 407 from proxy after CONNECT\nerror: 407",
    'sync.refused',
    /proxy wants a login/,
  ],
  ['fatal: mismatched algorithms: client sha256; server sha1', 'sync.refused', /SHA-1/],
  [
    "fatal: detected dubious ownership in repository at '/srv/r.git'",
    'sync.refused',
    /safe\.directory/,
  ],
  [
    "fatal: unable to access 'https://h/r.git/': The requested URL returned error: 503",
    'sync.offline',
    /network/,
  ],
  [
    "fatal: unable to access 'https://h/r.git/': Could not resolve host: h",
    'sync.offline',
    /network/,
  ],
];

describe('sync anywhere: what hosts refuse', function () {
  this.timeout(60_000);
  let clinic: Clinic;
  let rosa: Trail;
  let warnings: string[];
  const git = (...args: string[]): string => clinic.git('rosa', ...args);
  const attempts = (): number =>
    readFileSync(join(clinic.folder, 'attempts'), 'utf8').split('\n').length - 1;
  /** A host that counts pushes, and refuses all of them with these words. */
  const refuses = (says: string): void => {
    const words = join(clinic.folder, 'words');
    writeFileSync(words, `${says}\n`);
    writeFileSync(join(clinic.folder, 'attempts'), '');
    onPush(clinic, `echo x >> '${clinic.folder}/attempts'; cat '${words}' >&2; exit 1`);
  };
  const accepts = (): void => rmSync(join(clinic.remote, 'hooks/pre-receive'));

  const begin = async (): Promise<void> => {
    clinic = await begunClinic();
    clinic.clone('rosa');
    warnings = [];
    rosa = await clinic.open('rosa', { warn: (m) => warnings.push(m) });
  };
  afterEach(() => clinic?.dispose());

  it('each reason has its own remedy, in one line, and ends in one state', async () => {
    await begin();
    await rosa.record([newPrompt(clinic, 'rosa')]);
    for (const [name, says, remedy] of hosts) {
      const said = says.split('\n').map((line) => `remote: ${line}`);
      const answer = `${said.join('\n')}\n[remote rejected] (pre-receive hook declined)`;
      assert.match(refused('hub', answer, ['push.refused']).remedy, remedy, name);
    }
    for (const [name, says, remedy] of hosts.filter((_, i) => i % 4 === 0)) {
      refuses(says);
      const error = await failure(rosa.sync(), 'sync.refused');
      assert.match(error.remedy, remedy, name);
      assert.doesNotMatch(`${error.message}${error.remedy}`, /\n/);
      assert.ok(error.message.includes(says.split('\n').at(-1)!), error.message);
      assert.equal(attempts(), 1, name);
      const { syncProblem, unsent } = await rosa.status();
      assert.deepEqual([syncProblem?.code, syncProblem?.passing], ['sync.refused', false]);
      assert.match(syncProblem?.remedy ?? '', remedy);
      assert.ok(unsent > 0);
    }
    accepts();
    await rosa.sync();
    assert.equal((await rosa.status()).syncProblem, null);
    await roundTrip(clinic, 'rosa');
  });

  it('what git and ssh print by themselves is told apart, too', () => {
    const call = { folder: '.', doing: 'push', args: [] };
    for (const [stderr, code, remedy] of failures) {
      const error = remoteFailure('hub', call, { exitCode: 128, stdout: Buffer.alloc(0), stderr });
      assert.equal(error.code, code, stderr);
      assert.match(error.remedy, remedy, stderr);
      assert.doesNotMatch(`${error.message}${error.remedy}`, /pass@|\n/);
    }
    assert.match(refused('hub', '[remote rejected] (hook declined)').remedy, /may read and push/);
  });

  it('a host that takes only small pushes: receive.maxInputSize', async () => {
    await begin();
    clinic.git('remote.git', 'config', 'receive.maxInputSize', '10');
    await rosa.record([newPrompt(clinic, 'rosa')]);
    const { remedy } = await failure(rosa.sync(), 'sync.refused');
    assert.match(remedy, /takes no push of this size/);
  });

  it('a first push that is refused leaves a ledger here, and init says why', async () => {
    await begin();
    clinic.git('remote.git', 'update-ref', '-d', 'refs/heads/prompt-audit');
    refuses('error: GH006: Protected branch update failed');
    clinic.git('.', 'init', '--quiet', '-b', 'main', 'new');
    clinic.git('new', 'remote', 'add', 'origin', clinic.remote);
    for (const [key, value] of [
      ['name', 'Mia'],
      ['email', 'mia@clinic.example'],
    ])
      clinic.git('new', 'config', `user.${key}`, value!);
    clinic.write('new', prompt, 'new\n');
    await clinic.init('new');
    const fresh = await clinic.open('new');
    const { syncProblem, unsent } = await fresh.status();
    assert.match(syncProblem?.remedy ?? '', /exempt .* pull requests/);
    assert.ok(unsent > 0);
  });

  it('acts leave a host alone that refused; an explicit sync tries at once', async () => {
    await begin();
    refuses('error: GH006: Protected branch update failed');
    await rosa.propose({ path: prompt, note: 'one' });
    assert.equal(attempts(), 1);
    for (const text of ['a\n', 'b\n', 'c\n']) {
      clinic.write('rosa', prompt, text);
      await rosa.propose({ path: prompt, note: text });
    }
    assert.equal(attempts(), 1);
    assert.equal(warnings.length, 4);
    assert.match(
      warnings.at(-1)!,
      /GH006.*since \d{4}-\d\d-\d\d \d\d:\d\d UTC; the next try by itself is in \d min\. Or try at once with: prompt-audit sync/,
    );
    // What others recorded is received all the same.
    const ravi = await clinic.open('ravi');
    accepts();
    await ravi.record([newPrompt(clinic, 'ravi')]);
    await ravi.sync();
    refuses('error: GH006: Protected branch update failed');
    clinic.write('rosa', prompt, 'd\n');
    await rosa.propose({ path: prompt, note: 'd' });
    assert.equal(attempts(), 0);
    assert.equal(
      (await rosa.log()).some((row) => row.who.name === 'Ravi'),
      true,
    );
    await failure(rosa.sync(), 'sync.refused');
    assert.equal(attempts(), 1);
    await failure(rosa.sync({ automatic: true }), 'sync.refused');
    assert.equal(attempts(), 1);
    // When the pause is over.
    const file = join(clinic.folder, 'rosa/.git/prompt-audit/sync-problem.json');
    const problem = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const at = new Date(Date.now() - 6 * 60_000).toISOString();
    writeFileSync(file, JSON.stringify({ ...problem, at, since: at }));
    await failure(rosa.sync({ automatic: true }), 'sync.refused');
    assert.equal(attempts(), 2);
    accepts();
    await rosa.sync();
    assert.deepEqual([(await rosa.status()).unsent, (await rosa.status()).syncProblem], [0, null]);
  });

  it('sync --json and status --json say what was refused', async () => {
    await begin();
    refuses('error: GH006: Protected branch update failed');
    await rosa.record([newPrompt(clinic, 'rosa')]);
    await rosa.close();
    const ask = (name: string): ReturnType<typeof runInside> =>
      runInside(join(clinic.folder, 'rosa'), [name, '--json'], {});
    const synced = await ask('sync');
    const { problem } = JSON.parse(synced.out) as { problem: Record<string, unknown> };
    assert.deepEqual([synced.status, problem['code']], [2, 'sync.refused']);
    assert.match(String(problem['remedy']), /exempt .* pull requests/);
    assert.match(synced.err, /GH006/);
    const { syncProblem } = JSON.parse((await ask('status')).out) as {
      syncProblem: Record<string, unknown>;
    };
    assert.deepEqual(syncProblem['reasons'], ['push.refused']);
    assert.equal(attempts(), 1);
  });

  it('a remote that can only be read: receiving works, and the one line says whom to ask', async () => {
    await begin();
    refuses('ERROR: Write access to repository not granted.');
    assert.equal((await rosa.sync()).sent, 0);
    assert.equal((await rosa.status()).syncProblem, null);
    await rosa.record([newPrompt(clinic, 'rosa')]);
    const { remedy } = await failure(rosa.sync(), 'sync.refused');
    assert.match(remedy, /ask its owners for the right to push the branch prompt-audit/);
    assert.match(git('for-each-ref', 'refs/prompt-audit'), /remotes\/origin/);
  });
});
