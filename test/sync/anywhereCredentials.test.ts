import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { withPatience } from '../../src/git/patience.js';
import type { Trail } from '../../src/trail/api.js';
import { openTrail } from '../../src/trail/openTrail.js';
import type { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';
import { HttpGitServer } from '../tools/gitHttpServer.js';
import { SshGitServer } from '../tools/gitSshServer.js';
import { SshAgent } from '../tools/sshAgent.js';
import { begunClinic, hook, newPrompt, prompt } from './anywhereFixture.js';

const password = 's3cr3t/p@ss';

describe('sync anywhere: credentials', function () {
  this.timeout(60_000);
  let clinic: Clinic;
  let rosa: Trail;
  const undo: (() => unknown)[] = [];
  beforeEach(async () => {
    clinic = await begunClinic();
    clinic.git('remote.git', 'config', 'http.receivepack', 'true');
    clinic.clone('rosa');
    rosa = await clinic.open('rosa');
  });
  afterEach(async () => {
    for (const one of undo.splice(0).toReversed()) await one();
    await clinic.dispose();
  });

  const git = (...args: string[]): string => clinic.git('rosa', ...args);
  const setEnvironment = (name: string, value: string): void => {
    const before = process.env[name];
    process.env[name] = value;
    undo.push(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  };
  const serve = async (): Promise<HttpGitServer> => {
    const server = await HttpGitServer.start(clinic.folder, { login: { user: 'rosa', password } });
    undo.push(() => server.stop());
    git('config', 'credential.helper', '');
    git('remote', 'set-url', 'origin', server.url('remote.git'));
    return server;
  };
  const helper = (script: string): string => {
    hook(clinic.folder, 'helper', script);
    const file = join(clinic.folder, 'helper');
    git('config', '--add', 'credential.helper', file);
    return file;
  };
  const newEvent = async (): Promise<void> => void (await rosa.record([newPrompt(clinic, 'rosa')]));
  /** Everything that this program keeps about a clone. */
  const keptTexts = (): string => {
    const folder = join(clinic.folder, 'rosa/.git/prompt-audit');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true });
    const names = files.filter((f) => f.isFile()).map((f) => join(f.parentPath, f.name));
    return names.map((name) => readFileSync(name, 'latin1')).join('\n');
  };
  const isSecret = (text: string): void => assert.doesNotMatch(text, /s3cr3t|p@ss|p%40ss|cm9zYTpz/);

  it('the credential helper of the user', async () => {
    await serve();
    helper(`[ "$1" = get ] && printf 'username=rosa\\npassword=%s\\n' '${password}'; exit 0`);
    await newEvent();
    assert.ok((await rosa.sync()).sent > 0);
    isSecret(keptTexts());
  });

  it('a password in the address or in a header: it works, and stands in no message or file', async () => {
    const server = await serve();
    const encoded = encodeURIComponent(password);
    git(
      'remote',
      'set-url',
      'origin',
      server.url('remote.git').replace('://', `://rosa:${encoded}@`),
    );
    await newEvent();
    assert.ok((await rosa.sync()).sent > 0);
    git(
      'remote',
      'set-url',
      'origin',
      server.url('none.git').replace('://', `://rosa:wrong${encoded}@`),
    );
    const refused = await failure(rosa.sync(), 'sync.refused');
    isSecret(`${refused.message}${refused.remedy}${String(refused.stack)}`);
    await server.stop();
    const offline = await failure(rosa.sync(), 'sync.offline');
    isSecret(`${offline.message}${offline.remedy}`);
    isSecret(keptTexts());
    const again = await serve();
    const header = Buffer.from(`rosa:${password}`).toString('base64');
    git('config', `http.${again.url('')}.extraHeader`, `Authorization: Basic ${header}`);
    await newEvent();
    assert.ok((await rosa.sync()).sent > 0);
    isSecret(keptTexts());
  });

  /** A program that git may ask; it answers as git asks, and notes that it was asked. */
  const asker = (name: string, answer: string): { file: string; asked: () => boolean } => {
    const mark = join(clinic.folder, `${name}-asked`);
    hook(
      clinic.folder,
      name,
      `touch '${mark}'; case "$1" in Username*) echo rosa ;; *) ${answer} ;; esac`,
    );
    return { file: join(clinic.folder, name), asked: () => existsSync(mark) };
  };
  const answer = `printf '%s\\n' '${password}'`;

  it('the program of GIT_ASKPASS, where somebody or a script began it', async () => {
    await serve();
    const { file, asked } = asker('ask', answer);
    setEnvironment('GIT_ASKPASS', file);
    await newEvent();
    // As the editor does by itself.
    const error = await failure(rosa.sync({ automatic: true }), 'sync.refused');
    assert.deepEqual([error.reasons, asked()], [['login.needed'], false]);
    assert.ok((await rosa.sync()).sent > 0);
    assert.equal(asked(), true);
    clinic.write('rosa', prompt, 'two\n');
    await rosa.propose({ path: prompt, note: 'as in a build' });
    assert.equal((await rosa.status()).unsent, 0);
    isSecret(keptTexts());
  });

  it('the program of core.askPass; GIT_ASKPASS goes before it, also an empty one', async () => {
    await serve();
    const { file, asked } = asker('configured', answer);
    git('config', 'core.askPass', file);
    setEnvironment('GIT_ASKPASS', '');
    await failure(rosa.sync(), 'sync.refused');
    assert.equal(asked(), false);
    delete process.env['GIT_ASKPASS'];
    await newEvent();
    assert.ok((await rosa.sync()).sent > 0);
    assert.equal(asked(), true);
  });

  it('joining a ledger: a command asks the program, an editor that opens a folder does not', async () => {
    const server = await serve();
    setEnvironment('GIT_ASKPASS', asker('ask', answer).file);
    clinic.clone('mia');
    clinic.git('mia', 'config', 'credential.helper', '');
    clinic.git('mia', 'remote', 'set-url', 'origin', server.url('remote.git'));
    const folder = join(clinic.folder, 'mia');
    const opened = openTrail({ folder, tool: 'test/1', source: 'editor' });
    await failure(opened, 'sync.refused');
    assert.ok((await (await clinic.open('mia')).point()).size > 0);
  });

  it('a program that knows nothing, has an end that is bad, or a wrong password: one line', async () => {
    await serve();
    for (const script of ['exit 1', 'exit 0', 'echo wrong']) {
      setEnvironment('GIT_ASKPASS', asker('ask', script).file);
      const { message, reasons } = await failure(rosa.sync(), 'sync.refused');
      assert.deepEqual(reasons, ['login.needed'], script);
      assert.doesNotMatch(message, /\n/);
    }
  });

  it('a program that waits, as one with a window does, is ended with all that it started', async () => {
    await serve();
    const pids = join(clinic.folder, 'pids');
    const { file } = asker('ask', `sleep 1000 & echo $! >> '${pids}'; echo $$ >> '${pids}'; wait`);
    setEnvironment('GIT_ASKPASS', file);
    await failure(
      withPatience(1_000, () => rosa.sync()),
      'git.timeout',
    );
    await ended(pids);
  });

  it('nobody who knows a password: said at once, and no program for ssh is asked', async () => {
    await serve();
    const { file, asked } = asker('ask', 'echo x');
    setEnvironment('SSH_ASKPASS', file);
    setEnvironment('GIT_TERMINAL_PROMPT', '1');
    delete process.env['GIT_ASKPASS'];
    const { remedy, reasons } = await failure(rosa.sync(), 'sync.refused');
    assert.match(
      remedy,
      /git fetch origin by hand once so that a credential helper keeps the login/,
    );
    assert.deepEqual(reasons, ['login.needed']);
    assert.equal(asked(), false);
    // Acts do not try again and again.
    const { syncProblem } = await rosa.status();
    const error = await failure(rosa.sync({ automatic: true }), 'sync.refused');
    assert.match(error.remedy, /try at once with: prompt-audit sync/);
    assert.equal((await rosa.status()).syncProblem?.at, syncProblem?.at);
  });

  it('a helper that waits for ever is ended with all that it started', async () => {
    await serve();
    const pids = join(clinic.folder, 'pids');
    helper(
      `trap '' TERM; sleep 1000 & echo $! >> '${pids}'; echo $$ >> '${pids}'; wait; sleep 1000`,
    );
    const sync = withPatience(1_000, () => rosa.sync());
    const { message } = await failure(sync, 'git.timeout');
    assert.match(message, /within 1 seconds/);
    await ended(pids);
    const { syncProblem } = await rosa.status();
    assert.deepEqual([syncProblem?.code, syncProblem?.passing], ['git.timeout', true]);
    // No lock of git's is left behind: the next sync works.
    git('config', '--unset-all', 'credential.helper');
    git('remote', 'set-url', 'origin', clinic.remote);
    await rosa.sync();
  });

  it('a helper that asks at the terminal has none', async () => {
    await serve();
    const mark = join(clinic.folder, 'terminal');
    helper(`(exec < /dev/tty) 2>/dev/null && touch '${mark}'; exit 0`);
    await failure(rosa.sync(), 'sync.refused');
    assert.equal(existsSync(mark), false);
  });

  it('a key in the ssh agent; without it one line; a host that nobody has met', async () => {
    const server = await SshGitServer.start(clinic.folder);
    undo.push(() => server.stop());
    const agent = new SshAgent();
    await agent.start();
    undo.push(() => agent.stop());
    const [[, command] = ['', '']] = server.settings;
    const key = /-i '([^']+)'/.exec(command)?.[1] ?? '';
    agent.add(key);
    setEnvironment('SSH_AUTH_SOCK', agent.socket);
    const options = '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR';
    git('remote', 'set-url', 'origin', server.url('remote.git'));
    git('config', 'core.sshCommand', `ssh -F none -o IdentityFile=none ${options}`);
    await newEvent();
    assert.ok((await rosa.sync()).sent > 0);
    execFileSync('ssh-add', ['-q', '-D'], { env: process.env, stdio: 'pipe' });
    const { remedy } = await failure(rosa.sync(), 'sync.refused');
    assert.match(remedy, /ssh-add/);
    git('config', '--unset', 'core.sshCommand');
    setEnvironment(
      'GIT_SSH_COMMAND',
      'ssh -F none -o BatchMode=yes -o UserKnownHostsFile=/dev/null',
    );
    const unknown = await failure(rosa.sync(), 'sync.refused');
    assert.match(unknown.remedy, /compare the fingerprint/);
  });
});

/** Waits until both programs that noted their ids are gone. */
async function ended(pids: string): Promise<void> {
  const started = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
  assert.equal(started.length, 2);
  for (const pid of started) while (isAlive(pid)) await wait(20);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that nobody has waited for is dead, too.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
