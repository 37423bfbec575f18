import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { git, gitEnvironment } from '../tools/git.js';
import { HttpGitServer } from '../tools/gitHttpServer.js';
import { serveGit, transports, type GitServer } from '../tools/gitServers.js';
import { temporaryFolder } from '../tools/temporary.js';

const run = promisify(execFile);
const env = { ...process.env, ...gitEnvironment };

describe('the git servers of the tests', function () {
  this.timeout(120_000);
  let folder: ReturnType<typeof temporaryFolder>;
  let work: string;
  beforeEach(() => {
    folder = temporaryFolder('servers');
    work = join(folder.path, 'work');
    git(folder.path, 'init', '--quiet', '--bare', '--initial-branch=main', 'remote.git');
    git(folder.path, 'init', '--quiet', '--initial-branch=main', work);
    git(work, 'config', 'user.name', 'Ana');
    git(work, 'config', 'user.email', 'ana@clinic.example');
  });
  afterEach(() => folder.remove());

  /** Not with execFileSync: the server lives in this process. */
  const gitAt = (cwd: string, server: GitServer, ...args: string[]): Promise<unknown> => {
    const settings = server.settings.flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    return run('git', [...settings, ...args], { cwd, env });
  };

  for (const transport of transports)
    it(`take a push in pieces and a long negotiation over ${transport}`, async () => {
      const server = await serveGit(transport, folder.path);
      try {
        const url = server.url('remote.git');
        writeFileSync(join(work, 'large'), randomBytes(300_000));
        git(work, 'add', '--all');
        git(work, 'commit', '--quiet', '-m', 'large');
        // More than fits into one request: git sends it chunked.
        await gitAt(work, server, '-c', 'http.postBuffer=65536', 'push', url, 'HEAD:main');
        for (let i = 0; i < 64; i++) git(work, 'commit', '--quiet', '--allow-empty', '-m', `${i}`);
        git(folder.path, 'clone', '--quiet', 'remote.git', 'other');
        git(join(folder.path, 'other'), 'config', 'user.name', 'Ravi');
        git(join(folder.path, 'other'), 'config', 'user.email', 'ravi@clinic.example');
        git(join(folder.path, 'other'), 'commit', '--quiet', '--allow-empty', '-m', 'theirs');
        git(join(folder.path, 'other'), 'push', '--quiet', 'origin', 'HEAD:main');
        // So many commits to name that git compresses the request.
        await gitAt(work, server, 'fetch', url, 'main');
        assert.equal(git(work, 'log', '-1', '--format=%s', 'FETCH_HEAD'), 'theirs');
        await server.settled();
      } finally {
        await server.stop();
      }
    });

  it('ask for a login where they shall', async () => {
    const login = { user: 'ana', password: 'secret' };
    const server = await HttpGitServer.start(folder.path, { login });
    try {
      const url = server.url('remote.git');
      await assert.rejects(gitAt(work, server, 'ls-remote', url), /terminal prompts disabled/);
      await gitAt(work, server, 'ls-remote', url.replace('//', '//ana:secret@'));
    } finally {
      await server.stop();
    }
  });
});
