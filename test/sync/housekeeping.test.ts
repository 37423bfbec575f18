import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packLedger, type Step } from '../../src/git/housekeeping.js';
import { forgetOldLedger, pruneCommand, writeRootCommit } from '../../src/git/purge.js';
import { commitAll, gitSandbox, repositoryAt, userState, write } from '../engine/gitFixture.js';
import type { GitRepository } from '../../src/git/repository.js';
import { git } from '../tools/git.js';

const branch = 'prompt-audit';

describe('housekeeping of the ledger’s objects in git', function () {
  this.timeout(60_000);
  const sandbox = gitSandbox();
  /** What grows at its end only, as a ledger does. */
  let bytes = Buffer.alloc(0);
  beforeEach(() => (bytes = randomBytes(100_000)));

  /** Commits so many versions behind the local ledger ref. */
  async function versions(repository: GitRepository, count: number): Promise<string> {
    let parent = await repository.ledgerTip();
    for (let i = 0; i < count; i++) {
      bytes = Buffer.concat([bytes, randomBytes(500)]);
      const files = new Map([['ledger.sqlite', new Uint8Array(bytes)]]);
      parent = await repository.commitLedger({ parent, files, message: `version ${i}` });
      await repository.setLocalLedger(parent);
    }
    return parent!;
  }

  const packsOf = (root: string): string[] =>
    readdirSync(join(root, '.git/objects/pack')).filter((name) => name.endsWith('.pack'));
  const leftovers = (root: string): string[] =>
    readdirSync(join(root, '.git/objects')).filter((name) => name.startsWith('tmp_'));
  const loose = (root: string): string =>
    /^count: (\d+)/.exec(git(root, 'count-objects', '-v'))![1]!;
  const packedBytes = (root: string): number =>
    Number(/size-pack: (\d+)/.exec(git(root, 'count-objects', '-v'))![1]) * 1024;

  for (const sha256 of [false, true])
    it(`packs them to little more than one version (${sha256 ? 'SHA-256' : 'SHA-1'})`, async () => {
      const { root, repository } = await sandbox.clone({ sha256 });
      const tip = await versions(repository, 30);
      assert.deepEqual(await packLedger(repository), { objects: 90, packs: 0 });
      assert.equal(loose(root), '0');
      assert.ok(packedBytes(root) < 180_000, `${packedBytes(root)}`);
      assert.deepEqual(
        (await repository.readLedger(tip))?.files.get('ledger.sqlite'),
        new Uint8Array(bytes),
      );
      git(root, 'fsck', '--strict', '--full');
      assert.deepEqual(leftovers(root), []);
      assert.deepEqual(await packLedger(repository), { objects: 0, packs: 0 });
      assert.equal(packsOf(root).length, 1, 'nothing new: nothing is written again');
    });

  it('puts its packs together, so that their number and bytes stay small', async () => {
    const { root, repository } = await sandbox.clone();
    for (let round = 0; round < 12; round++) {
      await versions(repository, 10);
      await packLedger(repository);
    }
    assert.ok(packsOf(root).length <= 2, `${packsOf(root).length} packs`);
    assert.ok(packedBytes(root) < 400_000, `${packedBytes(root)}`);
    git(root, 'fsck', '--strict', '--full');
  });

  it('touches nothing that is not the ledger’s', async () => {
    const { root, repository } = await sandbox.clone();
    write(root, 'code.txt', 'one\n');
    commitAll(root);
    git(root, 'gc', '--quiet');
    write(root, 'code.txt', 'two\n');
    commitAll(root);
    write(root, 'lost.txt', 'lost');
    const lost = git(root, 'hash-object', '-w', 'lost.txt');
    write(root, 'code.txt', 'stashed\n');
    git(root, 'stash', '--quiet');
    await versions(repository, 3);
    git(root, 'pack-objects', '--quiet', '--all', '.git/objects/pack/pack');
    const all = git(root, 'cat-file', '--batch-check', '--batch-all-objects');
    const [before, packs, count] = [userState(root), packsOf(root), Number(loose(root))];
    const { objects } = await packLedger(repository);
    assert.equal(objects, 9);
    assert.equal(Number(loose(root)), count - 9);
    assert.deepEqual(userState(root), before);
    assert.equal(git(root, 'cat-file', '-t', lost), 'blob');
    assert.equal(git(root, 'cat-file', '--batch-check', '--batch-all-objects'), all);
    for (const pack of packs) assert.ok(packsOf(root).includes(pack), pack);
  });

  it('leaves packs alone that somebody keeps, or that an index of several packs names', async () => {
    const { root, repository } = await sandbox.clone();
    await versions(repository, 3);
    await packLedger(repository);
    const [kept] = packsOf(root) as [string];
    const mark = join(root, '.git/objects/pack', kept.replace(/pack$/, 'keep'));
    writeFileSync(mark, '');
    await versions(repository, 3);
    await packLedger(repository);
    assert.ok(packsOf(root).includes(kept));
    git(root, 'multi-pack-index', 'write');
    const named = packsOf(root);
    await versions(repository, 3);
    await packLedger(repository);
    for (const pack of named) assert.ok(packsOf(root).includes(pack), pack);
    git(root, 'multi-pack-index', 'verify');
    git(root, 'fsck', '--strict', '--full');
  });

  it('does nothing while git collects, and where a repository asks to lose nothing', async () => {
    const { root, repository } = await sandbox.clone();
    await versions(repository, 2);
    write(root, '.git/gc.pid', '1 here');
    assert.deepEqual(await packLedger(repository), { objects: 0, packs: 0 });
    utimesSync(join(root, '.git/gc.pid'), 0, 0);
    git(root, 'config', 'core.repositoryFormatVersion', '1');
    git(root, 'config', 'extensions.preciousObjects', 'true');
    assert.deepEqual(await packLedger(repository), { objects: 0, packs: 0 });
    git(root, 'config', 'extensions.preciousObjects', 'false');
    assert.deepEqual(await packLedger(repository), { objects: 6, packs: 0 });
  });

  for (const step of ['packed', 'installed', 'packs removed'] as const satisfies readonly Step[])
    it(`loses nothing where it ends after "${step}", and ends its work the next time`, async () => {
      const { root, repository } = await sandbox.clone();
      await versions(repository, 5);
      await packLedger(repository);
      const tip = await versions(repository, 5);
      const all = git(root, 'cat-file', '--batch-check', '--batch-all-objects');
      const at = (now: Step): void => {
        if (now === step) throw new Error('cut');
      };
      await assert.rejects(packLedger(repository, { at }), /cut/);
      git(root, 'fsck', '--strict', '--full');
      assert.equal(git(root, 'cat-file', '--batch-check', '--batch-all-objects'), all);
      assert.equal(git(root, 'rev-list', '--count', tip), '10');
      await packLedger(repository);
      assert.equal(loose(root), '0');
      assert.equal(packsOf(root).length, 1);
      git(root, 'fsck', '--strict', '--full');
    });

  it('removes what killed processes left, but not what one is at', async () => {
    const { root, repository } = await sandbox.clone();
    const [old, fresh] = ['tmp_objdir-prompt-audit-00', 'tmp_objdir-prompt-audit-01'];
    for (const name of [old, fresh]) {
      mkdirSync(join(root, '.git/objects', name, 'pack'), { recursive: true });
      writeFileSync(join(root, '.git/objects', name, 'pack/tmp_pack_x'), 'half');
    }
    const yesterday = Date.now() / 1000 - 86_400;
    utimesSync(join(root, '.git/objects', old), yesterday, yesterday);
    await versions(repository, 1);
    assert.deepEqual(leftovers(root), [fresh]);
    // git's own collection knows such names.
    utimesSync(join(root, '.git/objects', fresh), yesterday, yesterday);
    git(root, 'prune', '--expire=now');
  });

  it('runs beside git gc and beside itself', async () => {
    const { root, repository } = await sandbox.clone();
    write(root, 'code.txt', 'one\n');
    commitAll(root);
    for (let round = 0; round < 4; round++) {
      const tip = await versions(repository, 6);
      const collect = import('node:child_process').then(
        ({ spawn }) =>
          new Promise((resolve) =>
            spawn('git', ['gc', '--quiet', '--prune=now'], { cwd: root }).once('close', resolve),
          ),
      );
      // One of them may find that the other was at it first.
      await Promise.allSettled([collect, packLedger(repository), packLedger(repository)]);
      git(root, 'fsck', '--strict', '--full');
      assert.equal(git(root, 'rev-list', '--count', tip), `${6 * (round + 1)}`);
    }
    await packLedger(repository);
    assert.equal(loose(root), '0');
  });

  it('works in a linked work tree and in a clone that borrows objects', async () => {
    const { root, repository } = await sandbox.clone();
    write(root, 'code.txt', 'one\n');
    commitAll(root);
    await versions(repository, 4);
    const tree = sandbox.folder('tree');
    git(root, 'worktree', 'add', '--quiet', '--detach', tree);
    assert.equal((await packLedger(await repositoryAt(tree))).objects, 12);
    assert.equal(loose(root), '3', 'those of the code');
    const borrower = sandbox.folder('borrower');
    git(borrower, 'clone', '--quiet', '--shared', '--no-checkout', root, '.');
    const other = await repositoryAt(borrower);
    git(
      borrower,
      'fetch',
      '--quiet',
      'origin',
      'refs/prompt-audit/ledger:refs/prompt-audit/ledger',
    );
    await versions(other, 4);
    const before = packsOf(root);
    assert.equal((await packLedger(other)).objects, 12);
    assert.deepEqual(packsOf(root), before);
    git(borrower, 'fsck', '--strict', '--full');
  });

  it('packs the promisor packs of a partial clone among themselves', async () => {
    const { root, bare, repository } = await sandbox.clone({ remote: true });
    git(bare, 'config', 'uploadpack.allowFilter', 'true');
    git(bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    write(root, 'code.txt', 'one\n');
    commitAll(root);
    git(root, 'push', '--quiet', 'origin', 'main');
    const partial = sandbox.folder('partial');
    const address = pathToFileURL(bare).href;
    git(partial, 'clone', '--quiet', '--filter=blob:none', address, '.');
    const other = await repositoryAt(partial);
    let tip = '';
    for (let i = 0; i < 10; i++) {
      const old = await repository.ledgerTip();
      tip = await versions(repository, 1);
      assert.equal(await repository.pushLedger('origin', branch, tip, old), 'pushed');
      // The user's own fetch, with their filter.
      git(partial, 'fetch', '--quiet', 'origin', `+${branch}:refs/prompt-audit/remotes/origin/x`);
    }
    await other.setLocalLedger(tip);
    const promised = (): string[] =>
      readdirSync(join(partial, '.git/objects/pack')).filter((name) => name.endsWith('.promisor'));
    // Two of them are of the code.
    assert.equal(promised().length, 12);
    await packLedger(other);
    assert.equal(promised().length, 3);
    assert.equal(git(partial, 'cat-file', 'blob', `${tip}:ledger.sqlite`).length > 0, true);
    git(partial, 'fsck');
  });

  it('carries nothing on that a purge let go of, and git gc drops it as the README says', async () => {
    const { root, repository } = await sandbox.clone();
    const secret = `sk-live-${randomBytes(12).toString('hex')}`;
    const holdsSecret = (): boolean =>
      git(root, 'cat-file', '--batch', '--batch-all-objects', '--unordered').includes(secret);
    const clean = bytes;
    bytes = Buffer.concat([bytes, Buffer.from(secret)]);
    await versions(repository, 5);
    await packLedger(repository);
    bytes = clean;
    const tip = await writeRootCommit(root, await versions(repository, 1), 'purged');
    await repository.setLocalLedger(tip);
    await forgetOldLedger(root, branch, tip);
    assert.equal(holdsSecret(), true);
    const before = packsOf(root);
    await versions(repository, 5);
    await packLedger(repository);
    const added = packsOf(root).filter((pack) => !before.includes(pack));
    assert.equal(added.length, 1);
    const alone = sandbox.folder('alone');
    git(alone, 'init', '--quiet');
    const files = join(root, '.git/objects/pack', added[0]!);
    for (const ending of ['pack', 'idx'])
      copyFileSync(
        files.replace(/pack$/, ending),
        join(alone, '.git/objects/pack', added[0]!.replace(/pack$/, ending)),
      );
    const there = git(alone, 'cat-file', '--batch', '--batch-all-objects', '--unordered');
    assert.equal(there.includes(secret), false);
    git(root, ...pruneCommand.split(' ').slice(1));
    assert.equal(holdsSecret(), false);
    git(root, 'fsck', '--strict', '--full');
  });

  it('leaves nothing of a commit that others outran', async () => {
    const { root, bare, repository } = await sandbox.clone({ remote: true });
    const base = await versions(repository, 1);
    assert.equal(await repository.pushLedger('origin', branch, base), 'pushed');
    const faster = git(root, 'commit-tree', '-p', base, '-m', 'faster', `${base}^{tree}`);
    git(root, 'push', '--quiet', 'origin', `${faster}:refs/heads/${branch}`);
    const all = (): string => git(root, 'cat-file', '--batch-check', '--batch-all-objects');
    const before = all();
    const files = new Map([['ledger.sqlite', new Uint8Array(randomBytes(1000))]]);
    const staged = await repository.stageLedger({ parent: base, files, message: 'late' });
    const { commit, env } = staged;
    assert.ok(
      typeof (await repository.pushLedger('origin', branch, commit, base, { env })) === 'object',
    );
    await staged.drop();
    assert.equal(all(), before);
    assert.deepEqual(leftovers(root), []);

    const again = await repository.stageLedger({ parent: faster, files, message: 'on top' });
    const pushed = await repository.pushLedger('origin', branch, again.commit, faster, {
      env: again.env,
    });
    assert.equal(pushed, 'pushed');
    // As a process that is killed here: no ref of this clone names what it does not have.
    assert.equal(all(), before);
    git(root, 'fsck', '--strict', '--full');
    await again.keep();
    await again.drop();
    await repository.setLocalLedger(again.commit);
    git(root, 'fsck', '--strict', '--full');
    assert.equal(git(bare, 'rev-parse', branch), again.commit);
    assert.equal(git(root, 'rev-parse', `refs/remotes/origin/${branch}`), faster, 'the user’s own');
    assert.equal(
      readFileSync(join(root, '.git/refs/prompt-audit/ledger'), 'utf8').trim(),
      again.commit,
    );
  });
});
