import assert from 'node:assert/strict';
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { digestOf } from '../../src/core/hash.js';
import { HookedClone, prompt, snapshot } from './hooksFixture.js';

const sha = (text: string): string => digestOf(Buffer.from(text));

describe('hooks of git', function () {
  this.timeout(240_000);
  let clone: HookedClone;
  beforeEach(async () => (clone = await HookedClone.make()));
  afterEach(() => clone.dispose());

  function hooksFolder(): Record<string, string> {
    return snapshot(clone.at('.git/hooks'));
  }

  it('record what is staged, and not what the file holds by then', async () => {
    await clone.succeeds('hooks', 'install');
    clone.write(prompt, 'staged\n');
    clone.git('.', 'add', '--all');
    clone.write(prompt, 'work tree\n');
    clone.git('.', 'commit', '--quiet', '-m', 'two');
    assert.deepEqual(await clone.saved(), [sha('staged\n')]);
    // -a and PATH commit another index than the one of the clone.
    clone.git('.', 'commit', '--quiet', '-am', 'three');
    clone.write(prompt, 'four\n');
    clone.write('prompts/other.prompt.md', 'staged, and not committed\n');
    clone.git('.', 'add', 'prompts/other.prompt.md');
    clone.git('.', 'commit', '--quiet', '-m', 'four', '--', prompt);
    assert.deepEqual(await clone.saved(), ['staged\n', 'work tree\n', 'four\n'].map(sha));
    // Nothing is new to the trail, whatever else is committed.
    const before = await clone.succeeds('log');
    clone.write('readme.md', 'x\n');
    clone.git('.', 'add', 'readme.md');
    clone.git('.', 'commit', '--quiet', '-m', 'five', '--', 'readme.md');
    assert.equal(await clone.succeeds('log'), before);
    clone.git('.', 'commit', '--quiet', '-m', 'six');
    assert.equal((await clone.saved()).at(-1), sha('staged, and not committed\n'));
  });

  it('give a staged rename its prompt, and leave deletions to the commit', async () => {
    await clone.succeeds('record');
    await clone.succeeds('hooks', 'install', '--pre-commit');
    clone.git('.', 'mv', prompt, 'prompts/intake.prompt.md');
    clone.git('.', 'commit', '--quiet', '-m', 'moved');
    assert.equal((await clone.events()).at(-1), 'prompt.moved');
    const before = await clone.events();
    clone.git('.', 'rm', '--quiet', 'prompts/intake.prompt.md');
    clone.git('.', 'commit', '--quiet', '-m', 'gone');
    assert.deepEqual(await clone.events(), before);
  });

  it('sync before a push', async () => {
    await clone.succeeds('hooks', 'install');
    clone.write(prompt, 'two\n');
    clone.git('.', 'commit', '--quiet', '-am', 'two');
    const unsent = clone.git(clone.remote, 'rev-parse', 'prompt-audit');
    assert.equal(clone.git('.', 'push', '--quiet'), '');
    assert.notEqual(clone.git(clone.remote, 'rev-parse', 'prompt-audit'), unsent);
    assert.match(await clone.succeeds('status'), /in sync with origin/);
  });

  it('leave to observation what others wrote', async () => {
    await clone.succeeds('record');
    await clone.succeeds('hooks', 'install');
    const before = await clone.saved();
    const others = ['--author', 'Ravi <ravi@clinic.example>'];
    clone.write(prompt, 'by ravi\n');
    clone.git('.', 'commit', '--quiet', '-am', 'for ravi', ...others);
    clone.write(prompt, 'by ravi, amended\n');
    clone.git('.', 'commit', '--quiet', '-a', '--amend', '--no-edit');
    // A merge with a conflict that takes the bytes of one side.
    clone.git('.', 'switch', '--quiet', '-c', 'side', 'HEAD~1');
    clone.write(prompt, 'side\n');
    clone.git('.', 'commit', '--quiet', '--no-verify', '-am', 'side');
    clone.git('.', 'switch', '--quiet', 'main');
    assert.notEqual(clone.run('git', ['merge', 'side']).status, 0);
    clone.git('.', 'checkout', '--theirs', prompt);
    clone.git('.', 'commit', '--quiet', '-am', 'merged');
    // A pick with a conflict is its author's, whoever makes it fit.
    clone.git('.', 'switch', '--quiet', '-c', 'picks', 'HEAD~1');
    assert.notEqual(clone.run('git', ['cherry-pick', 'side']).status, 0);
    clone.write(prompt, 'made to fit\n');
    clone.git('.', 'commit', '--quiet', '-a', '--no-edit');
    clone.git('.', 'merge', '--quiet', '--squash', '-X', 'theirs', 'side');
    clone.git('.', 'commit', '--quiet', '--allow-empty', '-m', 'squashed');
    assert.deepEqual(await clone.saved(), before);
    // Bytes of a merge that none of its sides has are who merges them's.
    clone.git('.', 'switch', '--quiet', '-c', 'evil', 'main~1');
    assert.notEqual(clone.run('git', ['merge', 'side']).status, 0);
    clone.write(prompt, 'of both\n');
    clone.git('.', 'commit', '--quiet', '-am', 'merged');
    assert.deepEqual((await clone.saved()).slice(before.length), [sha('of both\n')]);
  });

  it('are no trouble for rebase, amend, --no-verify and work trees', async () => {
    await clone.succeeds('hooks', 'install');
    clone.write(prompt, 'two\n');
    clone.git('.', 'commit', '--quiet', '--no-verify', '-am', 'two');
    assert.deepEqual(await clone.saved(), []);
    clone.write(prompt, 'three\n');
    clone.git('.', 'commit', '--quiet', '-a', '--amend', '-m', 'three');
    clone.git('.', 'switch', '--quiet', '-c', 'topic', 'HEAD~1');
    clone.write('prompts/topic.prompt.md', 'topic\n');
    clone.git('.', 'add', '--all');
    clone.git('.', 'commit', '--quiet', '-m', 'topic');
    clone.git('.', 'rebase', '--quiet', 'main');
    clone.git('.', 'worktree', 'add', '--quiet', '../tree', '-b', 'tree');
    clone.write('../tree/prompts/tree.prompt.md', 'tree\n');
    clone.git('../tree', 'add', '--all');
    clone.git('../tree', 'commit', '--quiet', '-m', 'tree');
    assert.deepEqual(await clone.saved(), ['three\n', 'topic\n', 'tree\n'].map(sha));
    const rows = await clone.hooks('status', '--cwd', '../tree');
    assert.deepEqual(
      rows.map(({ state, file }) => [state, file]),
      ['pre-commit', 'pre-push'].map((hook) => ['installed', clone.at('.git/hooks', hook)]),
    );
  });

  it('do nothing, and say nothing, where the recorder is paused or no trail is', async () => {
    await clone.succeeds('hooks', 'install');
    await clone.succeeds('recorder', 'pause', '-m', 'A move');
    clone.write(prompt, 'two\n');
    assert.equal(clone.git('.', 'commit', '--quiet', '-am', 'two'), '');
    assert.deepEqual(await clone.saved(), []);
    const bare = await HookedClone.make({ withTrail: false });
    try {
      await bare.succeeds('hooks', 'install');
      bare.write(prompt, 'two\n');
      assert.equal(bare.git('.', 'commit', '--quiet', '-am', 'two'), '');
      assert.equal(bare.git('.', 'push', '--quiet'), '');
      // git works on another repository than the one that is at the folder.
      const dir = { GIT_DIR: bare.at('.git'), GIT_WORK_TREE: clone.folder };
      await clone.succeeds('recorder', 'resume');
      clone.write(prompt, 'of the other\n');
      clone.git('.', 'hash-object', '-w', prompt);
      const ended = clone.run('git', ['commit', '--quiet', '-am', 'there'], '.', dir);
      assert.deepEqual([ended.status, ended.err], [0, '']);
      assert.deepEqual(await clone.saved(), []);
    } finally {
      bare.dispose();
    }
  });

  it('are installed twice as once, and removed without a trace', async () => {
    for (const path of ['.git/hooks', 'none']) {
      if (path === 'none') rmSync(clone.at('.git/hooks'), { recursive: true });
      const before = snapshot(clone.at('.git'));
      const first = await clone.hooks('install');
      assert.deepEqual(
        first.map(({ hook, state, isNew, strict }) => [hook, state, isNew, strict]),
        [
          ['pre-commit', 'installed', true, false],
          ['pre-push', 'installed', true, false],
        ],
      );
      const once = snapshot(clone.at('.git'));
      assert.deepEqual(
        (await clone.hooks('install')).map(({ isNew }) => isNew),
        [false, false],
      );
      assert.deepEqual(snapshot(clone.at('.git')), once);
      assert.equal((await clone.prompted('hooks', 'status')).status, 0);
      await clone.succeeds('hooks', 'remove');
      assert.deepEqual(snapshot(clone.at('.git')), before);
      await clone.succeeds('hooks', 'remove');
      assert.deepEqual(snapshot(clone.at('.git')), before);
      assert.equal((await clone.prompted('hooks', 'status')).status, 1);
    }
  });

  it('come after a script of the user, which gets its arguments, its input and its say', async () => {
    const log = clone.at('../log');
    clone.env = { ...clone.env, LOG: log };
    clone.write(
      '.git/hooks/pre-commit',
      '#!/usr/bin/env -S bash -eu\necho late > prompts/triage.prompt.md\ngit add -u\nexec true\n',
      0o750,
    );
    clone.write(
      '.git/hooks/pre-push',
      '#!/bin/sh -e\n# \xe9\r\nprintf "%s\\n" "$@" > "$LOG"; cat >> "$LOG"\nbasename "$0" >> "$LOG"\n[ ! -f stop ] || exit 3\nexit 0',
      0o755,
    );
    const before = hooksFolder();
    await clone.succeeds('hooks', 'install');
    clone.write(prompt, 'two\n');
    clone.git('.', 'commit', '--quiet', '-am', 'two');
    // What its script made of it was committed.
    assert.deepEqual(await clone.saved(), [sha('late\n')]);
    clone.git('.', 'push', '--quiet');
    const [name, url, refs, self] = clone.read('../log').split('\n');
    assert.deepEqual([name, url, self], ['origin', clone.remote, 'pre-push']);
    assert.match(refs!, /^refs\/heads\/main [0-9a-f]{40} refs\/heads\/main [0-9a-f]{40}$/);
    clone.write('stop', '');
    clone.git('.', 'commit', '--quiet', '--allow-empty', '-m', 'three');
    assert.notEqual(clone.run('git', ['push']).status, 0);
    clone.write(
      '.git/hooks/pre-commit',
      clone.read('.git/hooks/pre-commit').replace('exec true', 'exit 7'),
    );
    assert.equal(clone.run(clone.at('.git/hooks/pre-commit'), []).status, 7);
    clone.write(
      '.git/hooks/pre-commit',
      clone.read('.git/hooks/pre-commit').replace('exit 7', 'exec true'),
    );
    await clone.succeeds('hooks', 'remove');
    assert.deepEqual(hooksFolder(), before);
  });

  it('come after a hook that is no script of a shell, a link, or one that is switched off', async () => {
    clone.env = { ...clone.env, LOG: clone.at('../log') };
    const python =
      '#!/usr/bin/env python3\nimport os, sys\nopen(os.environ["LOG"], "a").write(os.path.basename(sys.argv[0]) + " " + sys.stdin.read())\nsys.exit(3 if os.path.exists("stop") else 0)\n';
    clone.write('.git/hooks/pre-push', python, 0o755);
    clone.write('scripts/all hooks', '#!/bin/sh\necho "link $(basename "$0")" >> "$LOG"\n', 0o755);
    symlinkSync('../../scripts/all hooks', clone.at('.git/hooks/pre-commit'));
    const before = hooksFolder();
    const script = clone.read('scripts/all hooks');
    await clone.succeeds('hooks', 'install');
    const once = hooksFolder();
    await clone.succeeds('hooks', 'install');
    assert.deepEqual(hooksFolder(), once);
    clone.write(prompt, 'two\n');
    clone.git('.', 'commit', '--quiet', '-am', 'two');
    clone.git('.', 'push', '--quiet');
    assert.match(clone.read('../log'), /^link pre-commit\npre-push refs\/heads\/main /);
    assert.deepEqual(await clone.saved(), [sha('two\n')]);
    clone.write('stop', '');
    clone.git('.', 'commit', '--quiet', '--allow-empty', '-m', 'three');
    assert.notEqual(clone.run('git', ['push']).status, 0);
    await clone.succeeds('hooks', 'remove');
    assert.deepEqual(hooksFolder(), before);
    assert.equal(clone.read('scripts/all hooks'), script);

    rmSync(clone.at('.git/hooks/pre-commit'));
    clone.write('.git/hooks/pre-commit', '#!/bin/sh\nexit 9\n', 0o644);
    const off = hooksFolder();
    await clone.succeeds('hooks', 'install');
    clone.write(prompt, 'three\n');
    clone.git('.', 'commit', '--quiet', '-am', 'four');
    await clone.succeeds('hooks', 'remove');
    assert.deepEqual(hooksFolder(), off);
  });

  it('go on where another program put its own in the place of theirs, and lose nothing', async () => {
    const python = (text: string): string => `#!/usr/bin/env python3\nprint(${text})\n`;
    const at = (name: string): string => `.git/hooks/${name}`;
    const kept = clone.at('.git/hooks/prompt-audit');
    for (const [again, text] of [
      ['program', python('2')],
      ['script', '#!/bin/sh\necho 2\n'],
    ] as const) {
      const before = `pre-commit.before-prompt-audit${again === 'program' ? '' : '-2'}`;
      clone.write(at('pre-commit'), python('1'), 0o755);
      await clone.succeeds('hooks', 'install', '--pre-commit');
      clone.write(at('pre-commit'), text, 0o755);
      const [row] = await clone.hooks('install', '--pre-commit');
      assert.deepEqual([row?.state, row?.isNew], ['installed', true]);
      assert.match(row?.advice ?? '', /nothing runs it/);
      assert.equal(clone.read(at(before)), python('1'));
      assert.equal(clone.git('.', 'commit', '--allow-empty', '--quiet', '-m', 'x'), '2');
      assert.deepEqual(
        (await clone.hooks('install', '--pre-commit')).map(({ isNew, advice }) => [isNew, advice]),
        [[false, null]],
      );
      await clone.succeeds('hooks', 'remove');
      assert.equal(clone.read(at('pre-commit')), text);
      assert.ok(!existsSync(kept));
    }
    // Replaced, and removed at once.
    await clone.succeeds('hooks', 'install', '--pre-commit');
    clone.write(at('pre-commit'), python('1'), 0o755);
    await clone.succeeds('hooks', 'install', '--pre-commit');
    clone.write(at('pre-commit'), python('3'), 0o755);
    assert.match(await clone.succeeds('hooks', 'remove'), /pre-commit\.before-prompt-audit-3 now/);
    assert.equal(clone.read(at('pre-commit')), python('3'));
    assert.equal(clone.read(at('pre-commit.before-prompt-audit-3')), python('1'));
    assert.ok(!existsSync(kept));
    assert.doesNotMatch(await clone.succeeds('hooks', 'remove'), /nothing runs it/);
  });

  it('leave what somebody wrote beside the lines', async () => {
    clone.write('.git/hooks/pre-push', '#!/usr/bin/env python3\n', 0o755);
    await clone.succeeds('hooks', 'install');
    for (const hook of ['pre-commit', 'pre-push'])
      clone.write(`.git/hooks/${hook}`, `${clone.read(`.git/hooks/${hook}`)}echo mine\n`);
    assert.match(clone.git('.', 'commit', '--allow-empty', '-m', 'x'), /^mine$/m);
    await clone.succeeds('hooks', 'remove');
    assert.equal(clone.read('.git/hooks/pre-commit'), '#!/bin/sh\necho mine\n');
    // The hook that was there goes on being called.
    assert.match(clone.read('.git/hooks/pre-push'), /exec "\$\{0%\/\*\}\/prompt-audit\/pre-push"/);
    assert.doesNotMatch(clone.read('.git/hooks/pre-push'), />>>/);
    assert.ok(existsSync(clone.at('.git/hooks/prompt-audit/pre-push')));
    clone.git('.', 'commit', '--allow-empty', '-m', 'y');
    clone.git('.', 'push', '--quiet');
  });

  it('let git go on, with one line, where the program is gone', async () => {
    await clone.succeeds('hooks', 'install');
    const launcher = clone.read('.git/prompt-audit/hooks/run');
    clone.write('.git/prompt-audit/hooks/run', launcher.replace(/^script=.*$/m, "script='/none'"));
    clone.write(prompt, 'two\n');
    const line =
      /^prompt-audit: the program was not found, so this pre-commit hook did nothing\..*$/;
    assert.match(clone.git('.', 'commit', '--quiet', '-am', 'two'), line);
    rmSync(clone.at('.git/prompt-audit/hooks'), { recursive: true });
    clone.write(prompt, 'three\n');
    assert.match(clone.git('.', 'commit', '--quiet', '-am', 'three'), line);
    await clone.succeeds('hooks', 'install');
    // Another Node.js than at the installation is as good.
    clone.write('.git/prompt-audit/hooks/run', launcher.replace(/^node=.*$/m, "node='/none'"));
    clone.write(prompt, 'four\n');
    assert.equal(clone.git('.', 'commit', '--quiet', '-am', 'four'), '');
    assert.deepEqual(await clone.saved(), [sha('four\n')]);
  });

  it('push all the same where the sync fails, unless they are strict', async () => {
    const refuses =
      '#!/bin/sh\n[ "$1" != refs/heads/prompt-audit ] || { echo "no" >&2; exit 1; }\n';
    clone.write('../remote.git/hooks/update', refuses, 0o755);
    await clone.succeeds('hooks', 'install', '--pre-push');
    clone.write(prompt, 'two\n');
    clone.git('.', 'commit', '--quiet', '-am', 'two');
    await clone.succeeds('record');
    const said = clone.git('.', 'push', '--quiet');
    assert.match(said, /^prompt-audit: not synced: \S.*$/);
    assert.equal(clone.git(clone.remote, 'rev-parse', 'main'), clone.git('.', 'rev-parse', 'HEAD'));
    assert.ok(!existsSync(clone.at('.git/hooks/pre-commit')));

    const [row] = await clone.hooks('install', '--pre-push', '--strict');
    assert.deepEqual([row?.isNew, row?.strict], [true, true]);
    clone.git('.', 'commit', '--quiet', '--allow-empty', '-m', 'three');
    const ended = clone.run('git', ['push', '--quiet']);
    assert.notEqual(ended.status, 0);
    assert.match(ended.err, /not synced: .*git push --no-verify/);
    clone.git('.', 'push', '--quiet', '--no-verify');
  });

  it('take what they cannot understand as a mistake', async () => {
    for (const args of [[], ['run'], ['run', 'update'], ['remove', '--strict'], ['status', 'x']])
      assert.equal((await clone.prompted('hooks', ...args)).status, 3, args.join(' '));
    const args = ['install', '--pre-commit', '--strict'];
    assert.equal((await clone.prompted('hooks', ...args)).status, 3);
    assert.equal((await clone.prompted('hooks', 'install', '--cwd', '..')).status, 2);
  });
});
