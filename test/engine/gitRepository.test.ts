import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findRepository, identityWithoutRepository } from '../../src/git/repository.js';
import { git } from '../tools/git.js';
import { commitAll, gitSandbox, repositoryAt, write } from './gitFixture.js';

const policy = '.prompt-audit/policy.jsonc';

describe('a git repository', () => {
  const sandbox = gitSandbox();
  const saved = { ...process.env };
  afterEach(() => {
    for (const name of [
      'PATH',
      'GIT_DIR',
      'GIT_AUTHOR_NAME',
      'GIT_AUTHOR_EMAIL',
      'GIT_CONFIG_COUNT',
    ])
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
  });

  it('is found from a folder inside, a file and a folder that is not there yet', async () => {
    const { root } = await sandbox.clone();
    write(root, 'a/b.md', 'x');
    for (const at of ['', 'a', 'a/b.md', 'a/not/yet'])
      assert.equal((await findRepository(join(root, at)))?.root, root);
  });

  it('is none in a plain folder, a bare repository and inside .git', async () => {
    const { root, bare } = await sandbox.clone({ remote: true });
    for (const folder of [sandbox.folder('plain'), bare, join(root, '.git')])
      assert.equal(await findRepository(folder), null);
  });

  it('knows linked work trees and submodules, also with a line end in the path', async () => {
    const { root } = await sandbox.clone();
    write(root, 'a.md', 'x');
    commitAll(root);
    const linked = join(sandbox.folder('linked'), 'new\nline');
    git(root, 'worktree', 'add', '-q', '-b', 'linked', linked);
    const tree = await repositoryAt(linked);
    assert.equal(tree.root, linked);
    assert.equal(tree.commonDir, join(root, '.git'));
    assert.equal(tree.gitDir, git(linked, 'rev-parse', '--absolute-git-dir'));
    const outer = await sandbox.clone();
    git(outer.root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', root, 'sub');
    const sub = await repositoryAt(join(outer.root, 'sub'));
    assert.equal(sub.root, join(outer.root, 'sub'));
    assert.equal(sub.commonDir, join(outer.root, '.git/modules/sub'));
  });

  it('is the one of the folder, whatever a hook of git put into the environment', async () => {
    const { root } = await sandbox.clone();
    process.env['GIT_DIR'] = sandbox.folder('elsewhere');
    assert.equal((await findRepository(root))?.root, root);
  });

  it('without git: an error where a repository is, null elsewhere', async () => {
    const { root } = await sandbox.clone();
    process.env['PATH'] = sandbox.folder('empty');
    await assert.rejects(findRepository(root), { code: 'git.missing' });
    assert.equal(await findRepository(sandbox.folder('plain')), null);
  });

  it('names the author that git would name, and nobody by guessing', async () => {
    const { root, repository } = await sandbox.clone();
    assert.deepEqual(await repository.identity(), { name: 'Ana Lima', email: 'ana@example.org' });
    process.env['GIT_AUTHOR_NAME'] = 'Жанна д’Арк';
    assert.equal((await repository.identity()).name, 'Жанна д’Арк');
    delete process.env['GIT_AUTHOR_NAME'];
    process.env['GIT_CONFIG_COUNT'] = '2';
    Object.assign(process.env, {
      GIT_CONFIG_KEY_0: 'user.name',
      GIT_CONFIG_VALUE_0: 'Ci Bot',
      GIT_CONFIG_KEY_1: 'alias.x',
      GIT_CONFIG_VALUE_1: 'status',
    });
    assert.equal((await repository.identity()).name, 'Ci Bot');
    delete process.env['GIT_CONFIG_COUNT'];
    git(root, 'config', '--unset', 'user.email');
    await assert.rejects(repository.identity(), { code: 'identity.missing' });
    await assert.rejects(identityWithoutRepository(sandbox.folder('plain')), {
      code: 'identity.missing',
      remedy: /user\.name.*user\.email/,
    });
  });

  it('reads files and commits of HEAD, detached too; null before the first commit', async () => {
    const { root, repository } = await sandbox.clone();
    const path = '-odd "name"\n*.md';
    write(root, path, 'one');
    assert.equal(await repository.headBlob(path), null);
    assert.equal(await repository.commitOf(path), null);
    const first = commitAll(root);
    write(root, 'other.md', 'x');
    commitAll(root);
    git(root, 'checkout', '-q', '--detach');
    assert.equal(Buffer.from((await repository.headBlob(path)) ?? []).toString(), 'one');
    assert.equal(await repository.headBlob('absent.md'), null);
    const commit = await repository.commitOf(path);
    assert.equal(commit?.commit, first);
    assert.deepEqual(commit.claims.author, { name: 'Ana Lima', email: 'ana@example.org' });
    assert.match(commit.claims.authoredAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    assert.equal(await repository.commitOf('absent.md'), null);
  });

  it('chooses the ledger remote: preferred, upstream, origin, the only one', async () => {
    const { root, repository } = await sandbox.clone();
    assert.equal(await repository.ledgerRemote(), null);
    git(root, 'remote', 'add', 'only', 'x');
    assert.equal(await repository.ledgerRemote(), 'only');
    git(root, 'remote', 'add', 'second', 'x');
    assert.equal(await repository.ledgerRemote(), null);
    git(root, 'remote', 'add', 'origin', 'x');
    assert.equal(await repository.ledgerRemote(), 'origin');
    git(root, 'config', 'branch.main.remote', 'second');
    assert.equal(await repository.ledgerRemote(), 'second');
    assert.equal(await repository.ledgerRemote('only'), 'only');
    await assert.rejects(repository.ledgerRemote('--upload-pack=x'), { code: 'sync.noRemote' });
    assert.deepEqual([...(await repository.remotes())].sort(), ['only', 'origin', 'second']);
  });

  it('reads the protected branch as last fetched', async () => {
    const { root, repository } = await sandbox.clone({ remote: true });
    const paths = [policy, 'absent', 'folder'];
    const ask = (branch: string | null): ReturnType<typeof repository.filesOnProtectedBranch> =>
      repository.filesOnProtectedBranch({ remote: 'origin', branch, paths });
    assert.equal(await ask(null), null);
    write(root, policy, '{"ü":1}');
    write(root, 'folder/x', 'x');
    const commit = commitAll(root);
    git(root, 'push', '-q', 'origin', 'main', 'main:release/1');
    write(root, policy, '{}');
    const files = new Map([
      [policy, '{"ü":1}'],
      ['absent', null],
      ['folder', null],
    ]);
    assert.deepEqual(await ask(null), { branch: 'main', commit, files });
    assert.deepEqual(await ask('release/1'), { branch: 'release/1', commit, files });
    git(root, 'remote', 'set-head', 'origin', 'release/1');
    assert.equal((await ask(null))?.branch, 'release/1');
    assert.equal(await ask('other'), null);
    await assert.rejects(ask('--all'), { code: 'git.failed' });
  });

  it('says which command trusts a folder of another owner', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const { root } = await sandbox.clone();
    const { chownSync } = await import('node:fs');
    chownSync(root, 65534, 65534);
    chownSync(join(root, '.git'), 65534, 65534);
    await assert.rejects(findRepository(root), {
      code: 'git.failed',
      remedy: /git config --global --add safe\.directory/,
    });
    rmSync(root, { recursive: true });
  });
});
