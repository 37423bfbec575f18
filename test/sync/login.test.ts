import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clinic } from '../tools/clones.js';
import { HttpGitServer } from '../tools/gitHttpServer.js';

const login = { user: 'ravi', password: 'correct horse' };

describe('sync with a remote that wants a login', function () {
  this.timeout(60_000);
  let clinic: Clinic;
  let server: HttpGitServer;
  let asked: string;
  let env: Record<string, string>;

  beforeEach(async () => {
    clinic = new Clinic();
    clinic.clone('ana');
    clinic.write('ana', 'prompts/a.prompt.md', 'one\n');
    await clinic.init('ana');
    clinic.commit('ana');
    clinic.clone('ravi');
    server = await HttpGitServer.start(clinic.folder, { login });
    clinic.git('ravi', 'remote', 'set-url', 'origin', server.url('remote.git'));
    asked = join(clinic.folder, 'asked.txt');
    const program = join(clinic.folder, 'askpass.sh');
    const answer = `case "$1" in User*) echo '${login.user}';; *) echo '${login.password}';; esac`;
    writeFileSync(program, `#!/bin/sh\necho "$1" >> '${asked}'\n${answer}\n`);
    chmodSync(program, 0o755);
    env = { GIT_ASKPASS: program };
  });
  afterEach(async () => {
    await server.stop();
    await clinic.dispose();
  });

  const questions = (): number =>
    existsSync(asked) ? readFileSync(asked, 'utf8').split('\n').length - 1 : 0;
  const rememberedLogins = (): string[] =>
    readdirSync(tmpdir()).filter((name) => existsSync(join(tmpdir(), name, 'login')));

  it('says that nobody is logged in, and asks nobody', async () => {
    const options = { code: 'sync.refused', reasons: ['login.needed'] };
    await assert.rejects(clinic.open('ravi'), options);
    assert.equal(questions(), 0);
  });

  it('asks once for a whole exchange, and keeps no answer', async () => {
    const trail = await clinic.open('ravi', { login: { env, keep: false }, autoSync: false });
    assert.equal(questions(), 2, 'name and password, to join');
    clinic.write('ravi', 'prompts/b.prompt.md', 'two\n');
    await trail.record();
    await assert.rejects(trail.sync(), { reasons: ['login.needed'] });
    assert.equal((await trail.status()).syncProblem?.reasons[0], 'login.needed');
    assert.equal(questions(), 2);
    const report = await trail.sync({ login: { env, keep: false } });
    assert.ok(report.sent > 0);
    assert.equal(questions(), 4, 'once for the fetch and the push');
    assert.equal((await trail.status()).syncProblem, null);
    assert.deepEqual(rememberedLogins(), []);
    assert.equal(clinic.git('ravi', 'config', '--list', '--local').includes(login.password), false);
  });

  it('logs in by itself later only where that was allowed', async () => {
    const trail = await clinic.open('ravi', { login: { env, keep: true } });
    const before = questions();
    clinic.write('ravi', 'prompts/b.prompt.md', 'two\n');
    await trail.propose({ path: 'prompts/b.prompt.md', note: 'second' });
    assert.ok(questions() > before);
    assert.equal((await trail.status()).unsent, 0);
  });
});
