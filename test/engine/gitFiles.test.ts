import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isPromptAuditError } from '../../src/core/errors.js';
import { git } from '../tools/git.js';
import { commitAll, gitSandbox, userState, write, type Clone } from './gitFixture.js';

const oddNames = [
  'with space.md',
  'it\'s "quoted".md',
  'new\nline.md',
  'tab\tand\\back.md',
  'приветствие.md',
  '挨拶/プロンプト.md',
  '-rf.md',
  '--help',
  ':(glob)**.md',
  'star*[a].md',
  '"starts quoted".md',
  'a,b;c:d.md',
];

/** Object id of a blob with these bytes, computed without git. */
function blobId(bytes: Uint8Array, algorithm: 'sha1' | 'sha256' = 'sha1'): string {
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

async function stored({ repository }: Clone, path: string): Promise<string> {
  const bytes = (await repository.storedBytes([path])).get(path);
  assert.ok(bytes instanceof Uint8Array, String(bytes));
  return Buffer.from(bytes).toString('latin1');
}

/** What git itself has in the index after `git add`, in a repository of its own state. */
function added(root: string, path: string): string {
  git(root, 'add', '-f', '--', `:(literal)${path}`);
  return git(root, 'ls-files', '-s', '-z', '--', `:(literal)${path}`).split(' ')[1] ?? '';
}

describe('files of a git repository', () => {
  const sandbox = gitSandbox();

  it('lists tracked and new files by any name, without ignored and deleted ones', async () => {
    const clone = await sandbox.clone();
    oddNames.forEach((name, i) => write(clone.root, name, `${i}\n`));
    write(clone.root, '.gitignore', 'secret*\n');
    write(clone.root, 'secret.md', 'x');
    write(clone.root, 'gone.md', 'x');
    commitAll(clone.root);
    rmSync(join(clone.root, 'gone.md'));
    write(clone.root, 'sub folder/new ☂.md', 'x');
    const listed = await clone.repository.listFiles();
    assert.deepEqual([...listed].sort(), [...oddNames, '.gitignore', 'sub folder/new ☂.md'].sort());
  });

  it('lists a conflicted file once, no submodule, and of a sparse checkout only what is there', async () => {
    const clone = await sandbox.clone();
    write(clone.root, 'p.md', 'base\n');
    write(clone.root, 'away/q.md', 'q\n');
    const inner = join(clone.root, 'inner');
    write(clone.root, 'inner/x.md', 'x');
    git(inner, 'init', '-q');
    git(inner, 'config', 'user.name', 'x');
    git(inner, 'config', 'user.email', 'x@example.org');
    commitAll(inner);
    commitAll(clone.root);
    git(clone.root, 'checkout', '-q', '-b', 'other');
    write(clone.root, 'p.md', 'other\n');
    commitAll(clone.root);
    git(clone.root, 'checkout', '-q', 'main');
    write(clone.root, 'p.md', 'main\n');
    commitAll(clone.root);
    assert.throws(() => git(clone.root, 'merge', '-q', 'other'));
    git(clone.root, 'update-index', '--skip-worktree', 'away/q.md');
    assert.deepEqual([...(await clone.repository.listFiles())].sort(), ['away/q.md', 'p.md']);
    rmSync(join(clone.root, 'away/q.md'));
    assert.deepEqual(await clone.repository.listFiles(), ['p.md']);
  });

  it('leaves out names that are not UTF-8, and says so', async function () {
    const clone = await sandbox.clone();
    const name = Buffer.concat([Buffer.from(`${clone.root}/caf`), Buffer.from([0xe9])]);
    try {
      writeFileSync(name, 'x');
    } catch {
      this.skip();
    }
    write(clone.root, 'good.md', 'x');
    const said: string[] = [];
    const { findRepository } = await import('../../src/git/repository.js');
    const repository = await findRepository(clone.root, (message) => said.push(message));
    assert.deepEqual(await repository?.listFiles(), ['good.md']);
    assert.match(said.join(), /1 files were left out/);
  });

  for (const sha256 of [false, true]) {
    it(`gives the bytes git stores for any name (${sha256 ? 'SHA-256' : 'SHA-1'})`, async () => {
      const clone = await sandbox.clone({ sha256 });
      write(clone.root, '.gitattributes', '* text=auto\n');
      for (const name of oddNames) write(clone.root, name, `a ${name}\r\nb\r\n`);
      const bytes = await clone.repository.storedBytes(oddNames);
      for (const name of oddNames) {
        const got = bytes.get(name);
        assert.ok(got instanceof Uint8Array, String(got));
        assert.equal(Buffer.from(got).toString('utf8'), `a ${name}\nb\n`);
        assert.equal(blobId(got, sha256 ? 'sha256' : 'sha1'), added(clone.root, name), name);
      }
    });
  }

  const rules: readonly [title: string, attributes: string, config: readonly string[]][] = [
    ['nothing', '', []],
    ['autocrlf=true', '', ['core.autocrlf=true']],
    ['autocrlf=input', '', ['core.autocrlf=input']],
    ['autocrlf=true, safecrlf=true', '', ['core.autocrlf=true', 'core.safecrlf=warn']],
    ['text=auto', '* text=auto', []],
    ['eol=crlf', '* text eol=crlf', []],
    ['eol=lf', '*.md eol=lf', []],
    ['-text', '* -text', ['core.autocrlf=true']],
    ['binary', '*.md binary', ['core.autocrlf=true']],
    ['ident', '* ident', []],
    ['UTF-16', '* text working-tree-encoding=UTF-16LE', []],
    ['a filter', '* filter=upper', ['filter.upper.clean=tr a-z A-Z']],
    ['a filter that is not there', '* filter=absent', []],
  ];
  const contents: readonly [title: string, bytes: Buffer][] = [
    ['LF', Buffer.from('one\ntwo\n')],
    ['CRLF', Buffer.from('one\r\ntwo\r\n')],
    ['mixed', Buffer.from('one\r\ntwo\nthree\rfour')],
    ['empty', Buffer.alloc(0)],
    ['keyword', Buffer.from('$Id: something$\n')],
    ['binary', Buffer.from([0, 13, 10, 255, 254, 13, 10, 0])],
    ['UTF-16', Buffer.from('one\r\ntwo ü\r\n', 'utf16le')],
    ['not UTF-8', Buffer.from([0xff, 0xe9, 10, 0xc3, 0x28])],
  ];
  for (const [title, attributes, config] of rules) {
    it(`agrees with git add: ${title}`, async () => {
      const clone = await sandbox.clone();
      for (const line of config) git(clone.root, 'config', ...line.split(/=(.*)/s).slice(0, 2));
      if (attributes !== '') write(clone.root, '.gitattributes', `${attributes}\n`);
      const paths = contents.map(([name]) => `${name}.md`);
      contents.forEach(([, bytes], i) => write(clone.root, paths[i] ?? '', bytes));
      const got = await clone.repository.storedBytes(paths);
      for (const path of paths) {
        const bytes = got.get(path);
        let expected: string | null;
        try {
          expected = added(clone.root, path);
        } catch {
          expected = null; // No valid UTF-16, say: git refuses it too.
        }
        assert.equal(bytes instanceof Uint8Array ? blobId(bytes) : null, expected, path);
      }
    });
  }

  it('leaves CRLF alone where the index has it, as git does', async () => {
    const clone = await sandbox.clone();
    write(clone.root, 'old.md', 'a\r\nb\r\n');
    commitAll(clone.root);
    git(clone.root, 'config', 'core.autocrlf', 'true');
    write(clone.root, 'old.md', 'a\r\nb\r\nc\r\n');
    assert.equal(await stored(clone, 'old.md'), 'a\r\nb\r\nc\r\n');
    write(clone.root, 'fresh.md', 'a\r\n');
    assert.equal(await stored(clone, 'fresh.md'), 'a\n');
  });

  it('reads the disk also where the index is told not to look, or has the same size and time', async () => {
    const clone = await sandbox.clone();
    write(clone.root, '.gitattributes', '* text=auto\n');
    for (const name of ['skip.md', 'assume.md', 'racy.md']) write(clone.root, name, 'one\r\n');
    commitAll(clone.root);
    git(clone.root, 'update-index', '--skip-worktree', 'skip.md');
    git(clone.root, 'update-index', '--assume-unchanged', 'assume.md');
    const { atime, mtime } = statSync(join(clone.root, 'racy.md'));
    for (const name of ['skip.md', 'assume.md', 'racy.md']) write(clone.root, name, 'two\r\n');
    utimesSync(join(clone.root, 'racy.md'), atime, mtime);
    utimesSync(join(clone.root, '.git/index'), atime, mtime);
    for (const name of ['skip.md', 'assume.md', 'racy.md'])
      assert.equal(await stored(clone, name), 'two\n', name);
  });

  it('gives an error for each file that cannot be read, and the bytes of the others', async () => {
    const clone = await sandbox.clone();
    git(clone.root, 'config', 'filter.broken.clean', 'false');
    git(clone.root, 'config', 'filter.broken.required', 'true');
    write(clone.root, '.gitattributes', 'broken*.md filter=broken\n*.md text=auto\n');
    for (const name of ['broken1.md', 'good.md', 'broken2.md', 'big.md', 'better.md'])
      write(clone.root, name, `${name}\r\n`);
    write(clone.root, 'big.md', 'x'.repeat(2000));
    symlinkSync('/etc/hostname', join(clone.root, 'link.md'));
    const outside = [
      'link.md',
      'missing.md',
      '../x',
      '/etc/hostname',
      '.git/config',
      'a/../good.md',
      '',
    ];
    const wanted = ['broken1.md', 'good.md', 'broken2.md', 'big.md', 'better.md', ...outside];
    const got = await clone.repository.storedBytes(wanted, { maxBytes: 1000 });
    assert.deepEqual([...got.keys()].sort(), [...wanted].sort());
    for (const name of ['broken1.md', 'broken2.md', ...outside])
      assert.ok(isPromptAuditError(got.get(name), 'prompt.unreadable'), name);
    assert.ok(isPromptAuditError(got.get('big.md'), 'prompt.tooLarge'));
    for (const name of ['good.md', 'better.md'])
      assert.deepEqual(got.get(name), new Uint8Array(Buffer.from(`${name}\n`)));
  });

  it('changes nothing of the user, also with CRLF, a split index and a file in place of a folder', async () => {
    const clone = await sandbox.clone();
    git(clone.root, 'config', 'core.splitIndex', 'true');
    git(clone.root, 'config', 'core.autocrlf', 'true');
    write(clone.root, 'a.md', 'one\n');
    write(clone.root, 'folder', 'a file\n');
    commitAll(clone.root);
    rmSync(join(clone.root, 'folder'));
    write(clone.root, 'folder/in.md', 'x\r\n');
    write(clone.root, 'a.md', 'two\r\n');
    const before = userState(clone.root);
    const index = readFileSync(join(clone.root, '.git/index'));
    const objects = git(clone.root, 'count-objects');
    assert.equal(await stored(clone, 'folder/in.md'), 'x\n');
    assert.equal(await stored(clone, 'a.md'), 'two\n');
    assert.deepEqual(readFileSync(join(clone.root, '.git/index')), index);
    assert.equal(git(clone.root, 'count-objects'), objects);
    assert.deepEqual(userState(clone.root), before);
  });

  it('reads a folder that git may not write', async function () {
    if (process.getuid?.() === 0 || process.platform === 'win32') this.skip();
    const clone = await sandbox.clone();
    git(clone.root, 'config', 'core.autocrlf', 'true');
    write(clone.root, 'a.md', 'one\r\n');
    chmodSync(join(clone.root, '.git/objects'), 0o555);
    assert.equal(await stored(clone, 'a.md'), 'one\n');
  });
});
