import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { blobId } from '../../src/git/blobId.js';
import { git } from '../tools/git.js';
import { commitAll, gitSandbox, repositoryAt, userState, write, type Clone } from './gitFixture.js';

const branch = 'prompt-audit';
const message = 'Ledger of 1 events [skip ci]';

function files(text: string): Map<string, Uint8Array> {
  return new Map([
    ['ledger.sqlite', new Uint8Array([0, 13, 10, 255, ...Buffer.from(text)])],
    ['checkpoint', new Uint8Array(Buffer.from(`${text}\n`))],
    ['README.md', new Uint8Array(Buffer.from('# Ledger\r\n'))],
  ]);
}

/** A hook that fails, and leaves a mark that it ran. */
function failingHook(folder: string, name: string): string {
  const mark = join(folder, `${name}.ran`);
  write(folder, `hooks/${name}`, `#!/bin/sh\ntouch '${mark}'\necho no >&2\nexit 1\n`);
  chmodSync(join(folder, 'hooks', name), 0o755);
  return mark;
}

describe('the ledger ref of a git repository', () => {
  const sandbox = gitSandbox();

  async function twoClones(): Promise<readonly [Clone, Clone]> {
    const first = await sandbox.clone({ remote: true });
    const root = sandbox.folder('second');
    git(root, 'init', '-q', '-b', 'main');
    git(root, 'remote', 'add', 'origin', pathToFileURL(first.bare).href);
    return [first, { root, bare: first.bare, repository: await repositoryAt(root) }];
  }

  for (const sha256 of [false, true]) {
    it(`gives back what was committed, byte by byte (${sha256 ? 'SHA-256' : 'SHA-1'})`, async () => {
      const { root, repository } = await sandbox.clone({ sha256 });
      git(root, 'config', 'core.autocrlf', 'true');
      git(root, 'config', 'commit.gpgSign', 'true');
      git(root, 'config', 'gpg.program', 'false');
      write(root, '.gitattributes', '* text eol=crlf\n');
      assert.equal(await repository.readLedger(), null);
      const first = await repository.commitLedger({ parent: null, files: files('a'), message });
      await repository.setLocalLedger(first, null);
      const read = await repository.readLedger();
      assert.deepEqual([read?.commit, read?.files], [first, files('a')]);
      const more = new Map([['volumes/000001.sqlite', new Uint8Array([1, 2])]]);
      const second = await repository.commitLedger({ parent: first, files: more, message });
      const last = new Map([...files('b'), ['volumes/000002.sqlite', new Uint8Array([3])]]);
      const third = await repository.commitLedger({ parent: second, files: last, message });
      const all = new Map([...more, ...last]);
      const newest = await repository.readLedger(third, [...all.keys()]);
      assert.deepEqual(newest?.files, all);
      assert.deepEqual(new Set(newest?.blobs.keys()), new Set(all.keys()));
      // Sealed volumes are large, and most often known.
      assert.deepEqual((await repository.readLedger(third))?.files, files('b'));
      for (const [name, id] of newest?.blobs ?? [])
        assert.equal(blobId(all.get(name)!, first.length), id);
      assert.equal(await repository.isAncestor(first, third), true);
      assert.equal(await repository.isAncestor(third, first), false);
      assert.equal(await repository.isAncestor('0'.repeat(first.length), first), false);
      const shown = git(root, 'log', '-1', '--format=%an <%ae> %cn <%ce> %G? %s', third);
      const who = 'Prompt Audit Trail <prompt-audit@localhost>';
      assert.equal(shown, `${who} ${who} N ${message}`);
      git(root, 'fsck', '--strict');
    });
  }

  it('moves only from the commit that is expected', async () => {
    const { repository } = await sandbox.clone();
    const a = await repository.commitLedger({ parent: null, files: files('a'), message });
    const b = await repository.commitLedger({ parent: a, files: files('b'), message });
    await repository.setLocalLedger(a, null);
    await assert.rejects(repository.setLocalLedger(b, null), { code: 'git.failed' });
    await assert.rejects(repository.setLocalLedger(b, b), { code: 'git.failed' });
    await repository.setLocalLedger(b, a);
    await repository.setLocalLedger(a);
    assert.equal((await repository.readLedger())?.commit, a);
  });

  it('refuses names that git could misunderstand', async () => {
    const { repository } = await sandbox.clone({ remote: true });
    const a = await repository.commitLedger({ parent: null, files: files('a'), message });
    for (const name of ['--all', 'a:b', '+x', 'a b', '', '../x', 'x.lock'].filter(
      (n) => n !== '+x',
    ))
      await assert.rejects(repository.fetchLedger('origin', name), { code: 'git.failed' }, name);
    for (const remote of ['--upload-pack=touch x', 'ext::sh -c touch% x'])
      await assert.rejects(repository.pushLedger(remote, branch, a), { code: 'git.failed' });
    await assert.rejects(repository.readLedger('--help'), { code: 'git.failed' });
    const bad = new Map([['../x', new Uint8Array()]]);
    await assert.rejects(repository.commitLedger({ parent: null, files: bad, message }));
  });

  it('travels between clones; the slower one is rejected, then goes on top', async () => {
    const [one, two] = await twoClones();
    assert.equal(await one.repository.fetchLedger('origin', branch), null);
    const a = await one.repository.commitLedger({ parent: null, files: files('a'), message });
    const other = await two.repository.commitLedger({ parent: null, files: files('x'), message });
    assert.equal(await one.repository.pushLedger('origin', branch, a, null), 'pushed');
    assert.equal(await one.repository.pushLedger('origin', branch, a, a), 'pushed');
    assert.ok(typeof (await two.repository.pushLedger('origin', branch, other, null)) === 'object');
    assert.equal(await two.repository.fetchLedger('origin', branch), a);
    assert.equal(await two.repository.fetchLedger('origin', branch), a);
    const b = await two.repository.commitLedger({ parent: a, files: files('b'), message });
    const late = await one.repository.commitLedger({ parent: a, files: files('c'), message });
    assert.equal(await two.repository.pushLedger('origin', branch, b, a), 'pushed');
    assert.ok(typeof (await one.repository.pushLedger('origin', branch, late, a)) === 'object');
    assert.equal(await one.repository.fetchLedger('origin', branch), b);
    assert.deepEqual((await one.repository.readLedger(b))?.files, files('b'));
    assert.equal(git(one.bare, 'rev-list', '--count', branch), '2');
  });

  it('sees a rewritten and a deleted branch', async () => {
    const [one, two] = await twoClones();
    const a = await one.repository.commitLedger({ parent: null, files: files('a'), message });
    const b = await one.repository.commitLedger({ parent: a, files: files('b'), message });
    await one.repository.pushLedger('origin', branch, b, null);
    assert.equal(await two.repository.fetchLedger('origin', branch), b);
    git(one.bare, 'update-ref', `refs/heads/${branch}`, a);
    assert.equal(await two.repository.fetchLedger('origin', branch), a);
    git(one.bare, 'update-ref', '-d', `refs/heads/${branch}`);
    assert.equal(await two.repository.fetchLedger('origin', branch), null);
    await assert.rejects(two.repository.pushLedger('origin', branch, b, a), {
      code: 'sync.rewritten',
    });
  });

  it('changes nothing that the user would see, and runs no hook of theirs', async () => {
    const { root, bare, repository } = await sandbox.clone({ remote: true });
    write(root, 'a.md', 'x');
    commitAll(root);
    git(root, 'push', '-q', '-u', 'origin', 'main');
    git(root, 'tag', 'v1');
    git(root, 'config', 'push.followTags', 'true');
    git(root, 'config', 'fetch.prune', 'true');
    write(root, 'a.md', 'changed');
    write(root, 'staged.md', 'x');
    git(root, 'add', 'staged.md');
    const own = ['pre-push', 'reference-transaction', 'post-index-change', 'pre-auto-gc'];
    const marks = own.map((name) => failingHook(join(root, '.git'), name));
    const unset = (): void => rmSync(join(root, '.git/hooks'), { recursive: true });
    const hooks = readFileSync(join(root, '.git/hooks/pre-push'));
    assert.ok(hooks.length > 0);
    git(root, 'config', 'core.hooksPath', '/nowhere');
    const before = userState(root);
    git(root, 'config', '--unset', 'core.hooksPath');
    const a = await repository.commitLedger({ parent: null, files: files('a'), message });
    await repository.setLocalLedger(a);
    assert.equal(await repository.pushLedger('origin', branch, a, null), 'pushed');
    assert.equal(await repository.fetchLedger('origin', branch), a);
    await repository.readLedger();
    for (const mark of marks) assert.equal(existsSync(mark), false, mark);
    assert.equal(existsSync(join(root, '.git/FETCH_HEAD')), false);
    unset();
    git(root, 'config', 'core.hooksPath', '/nowhere');
    assert.deepEqual(userState(root), before);
    assert.equal(git(bare, 'for-each-ref', '--format=%(refname)').includes('v1'), false);
  });

  it('says offline for a remote that is gone, also by address', async () => {
    const [one, two] = await twoClones();
    const a = await one.repository.commitLedger({ parent: null, files: files('a'), message });
    rmSync(one.bare, { recursive: true });
    for (const { repository } of [one, two]) {
      await assert.rejects(repository.fetchLedger('origin', branch), { code: 'sync.offline' });
    }
    await assert.rejects(one.repository.pushLedger('origin', branch, a, null), {
      code: 'sync.offline',
    });
    git(two.root, 'remote', 'set-url', 'origin', 'https://u:secret@127.0.0.1:1/x.git');
    await assert.rejects(two.repository.fetchLedger('origin', branch), (error: Error) => {
      assert.doesNotMatch(error.message, /secret/);
      return (error as { code?: string }).code === 'sync.offline';
    });
  });

  it('says refused, with the host’s line, where a rule of the host declines', async () => {
    const { bare, repository } = await sandbox.clone({ remote: true });
    const hook =
      '#!/bin/sh\necho "checking" >&2\necho "error: GH006: Protected branch" >&2\nexit 1\n';
    write(bare, 'hooks/pre-receive', hook);
    chmodSync(join(bare, 'hooks/pre-receive'), 0o755);
    const a = await repository.commitLedger({ parent: null, files: files('a'), message });
    await assert.rejects(repository.pushLedger('origin', branch, a, null), {
      code: 'sync.refused',
      message: 'The remote origin refused the ledger: error: GH006: Protected branch.',
    });
  });

  it('runs no program that an address names', async () => {
    const { root, repository } = await sandbox.clone();
    const mark = join(root, 'ran');
    git(root, 'config', 'protocol.ext.allow', 'always');
    git(root, 'remote', 'add', 'evil', `ext::sh -c touch% '${mark}'`);
    await assert.rejects(repository.fetchLedger('evil', branch), { code: 'sync.refused' });
    assert.equal(existsSync(mark), false);
  });

  it('survives two fetches at once and a clone of only the last commit', async () => {
    const [one, two] = await twoClones();
    let tip: string | null = null;
    for (const text of ['a', 'b', 'c'])
      tip = await one.repository.commitLedger({ parent: tip, files: files(text), message });
    assert.ok(tip);
    await one.repository.pushLedger('origin', branch, tip, null);
    const again = await repositoryAt(two.root);
    const all = [two, { repository: again }, two].map(({ repository }) =>
      repository.fetchLedger('origin', branch),
    );
    assert.deepEqual(await Promise.all(all), [tip, tip, tip]);
    write(one.root, 'a.md', 'x');
    commitAll(one.root);
    git(one.root, 'push', '-q', 'origin', 'main');
    const shallow = sandbox.folder('shallow');
    const url = pathToFileURL(one.bare).href;
    git(shallow, 'clone', '-q', '--depth=1', '--filter=blob:none', '--branch=main', url, 'c');
    const repository = await repositoryAt(join(shallow, 'c'));
    assert.equal(await repository.fetchLedger('origin', branch), tip);
    assert.deepEqual((await repository.readLedger(tip))?.files, files('c'));
  });

  it('ends a git that waits for ever', async () => {
    const { root } = await sandbox.clone();
    git(root, 'config', 'alias.wait', '!sleep 5');
    const { runGit } = await import('../../src/git/runGit.js');
    const call = { folder: root, doing: 'wait', args: ['wait'], timeout: 200 };
    await assert.rejects(runGit(call), { code: 'git.timeout' });
  });
});
