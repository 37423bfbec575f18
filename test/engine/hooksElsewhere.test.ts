import assert from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { digestOf } from '../../src/core/hash.js';
import { HookedClone, prompt, snapshot } from './hooksFixture.js';

const sha = (text: string): string => digestOf(Buffer.from(text));

describe('hooks of git that others manage', function () {
  this.timeout(240_000);
  let clone: HookedClone;
  beforeEach(async () => (clone = await HookedClone.make()));
  afterEach(() => clone.dispose());

  function commits(text: string): string {
    clone.write(prompt, text);
    return clone.git('.', 'commit', '--quiet', '-am', text);
  }

  /** What husky 9 writes: git runs `.husky/_/HOOK`, that runs `.husky/HOOK` with `sh -e`. */
  function husky(): void {
    clone.write(
      '.husky/_/h',
      '#!/usr/bin/env sh\nn=$(basename "$0")\ns=$(dirname "$(dirname "$0")")/$n\n[ ! -f "$s" ] && exit 0\nexport PATH="node_modules/.bin:$PATH"\nsh -e "$s" "$@"\nc=$?\n[ $c != 0 ] && echo "husky - $n script failed (code $c)"\nexit $c\n',
    );
    for (const hook of ['pre-commit', 'pre-push'])
      clone.write(`.husky/_/${hook}`, '#!/usr/bin/env sh\n. "$(dirname "$0")/h"\n', 0o755);
    clone.write('.husky/_/.gitignore', '*');
    clone.git('.', 'config', 'core.hooksPath', '.husky/_');
  }

  it('get the lines from husky, where its users look for them', async () => {
    husky();
    clone.write('.husky/pre-commit', 'echo linted');
    const before = snapshot(clone.at('.husky'));
    const rows = await clone.hooks('install');
    assert.deepEqual(
      rows.map(({ state, file }) => [state, file]),
      [
        ['installed', clone.at('.husky/pre-commit')],
        ['installed', clone.at('.husky/pre-push')],
      ],
    );
    assert.match(rows[0]?.advice ?? '', /commit it/);
    const once = snapshot(clone.at('.husky'));
    assert.deepEqual(
      (await clone.hooks('install')).map(({ isNew }) => isNew),
      [false, false],
    );
    assert.deepEqual(snapshot(clone.at('.husky')), once);
    assert.equal(commits('two\n'), 'linted');
    assert.equal(clone.git('.', 'push', '--quiet'), '');
    assert.deepEqual(await clone.saved(), [sha('two\n')]);
    // The file is everybody's: it names no path of this machine, and says nothing to who has no prompt-audit.
    assert.ok(!clone.read('.husky/pre-commit').includes(process.execPath));
    clone.git('.', 'clone', '--quiet', clone.remote, '../other');
    const inOther = clone.run('sh', ['-e', clone.at('.husky/pre-commit')], '../other');
    assert.deepEqual([inOther.status, inOther.out, inOther.err], [0, 'linted\n', '']);
    await clone.succeeds('hooks', 'remove');
    assert.deepEqual(snapshot(clone.at('.husky')), before);
    assert.ok(!existsSync(clone.at('.git/prompt-audit/hooks')));
  });

  it('go into a tracked folder as lines that everybody can use', async () => {
    clone.write('.githooks/pre-commit', '#!/bin/sh\necho checked\nexit 0\n', 0o755);
    clone.write('.githooks/pre-push', '#!/usr/bin/env python3\n', 0o755);
    clone.git('.', 'config', 'core.hooksPath', '.githooks');
    const before = snapshot(clone.at('.githooks'));
    const ended = await clone.prompted('hooks', 'install');
    assert.equal(ended.status, 1);
    assert.match(ended.out, /Let it run: prompt-audit hooks run pre-push/);
    assert.equal(commits('two\n'), 'checked');
    assert.deepEqual(await clone.saved(), [sha('two\n')]);
    await clone.succeeds('hooks', 'remove');
    assert.deepEqual(snapshot(clone.at('.githooks')), before);
  });

  it('are not written where other repositories would run them', async () => {
    const shared = clone.at('../shared hooks');
    mkdirSync(shared);
    symlinkSync(shared, clone.at('.githooks'));
    for (const [scope, path] of [
      ['--global', shared],
      ['--global', '~/shared hooks'],
      ['--local', shared],
      ['--local', '.githooks'],
      ['--local', '/dev/null'],
    ] as const) {
      clone.git('.', 'config', scope, 'core.hooksPath', path);
      const before = snapshot(clone.at('.git'));
      const ended = await clone.prompted('hooks', 'install');
      assert.equal(ended.status, 1, path);
      assert.match(
        ended.out,
        /outside this repository .*Add this line to a hook pre-commit there:/,
      );
      assert.deepEqual(snapshot(shared), {});
      assert.deepEqual(snapshot(clone.at('.git')), before);
      clone.git('.', 'config', scope, '--unset', 'core.hooksPath');
    }
    // An own folder beside the shared one: its owner told git so.
    clone.git('.', 'config', '--global', 'core.hooksPath', shared);
    clone.git('.', 'config', 'core.hooksPath', clone.at('.git/hooks'));
    await clone.succeeds('hooks', 'install');
    commits('two\n');
    assert.deepEqual(await clone.saved(), [sha('two\n')]);
    clone.git('.', 'config', '--unset', 'core.hooksPath');
    // They are found again though git looks elsewhere now.
    await clone.succeeds('hooks', 'remove');
    assert.ok(!existsSync(clone.at('.git/hooks/pre-commit')));
  });

  it('are left to lefthook and pre-commit, with what to add', async () => {
    const managers = [
      ['lefthook.yml', 'pre-commit:\n', /Add to lefthook\.yml under "pre-commit"/],
      ['.pre-commit-config.yaml', 'repos: []\n', /Add to \.pre-commit-config\.yaml under "repos"/],
    ] as const;
    for (const [file, text, advice] of managers) {
      clone.write(file, text);
      const before = snapshot(clone.at('.git/hooks'));
      const ended = await clone.prompted('hooks', 'install');
      assert.equal(ended.status, 1);
      assert.match(ended.out, advice);
      assert.deepEqual(snapshot(clone.at('.git/hooks')), before);
      assert.equal((await clone.prompted('hooks', 'status')).status, 1);
      const lines = ['pre-commit', 'pre-push'].map((hook) => `# prompt-audit hooks run ${hook}\n`);
      clone.write(file, text + lines.join(''));
      assert.equal((await clone.prompted('hooks', 'status')).status, 0);
      const removed = await clone.prompted('hooks', 'remove');
      assert.match(removed.out, /take that line out again/);
      clone.git('.', 'clean', '--quiet', '--force', file);
    }
    // A hook of theirs, without their configuration.
    clone.write('.git/hooks/pre-commit', '#!/bin/sh\ncall_lefthook run "pre-commit" "$@"\n', 0o755);
    assert.match((await clone.prompted('hooks', 'install')).out, /lefthook manages/);
  });

  it('stay with who put a hook of its own before them', async () => {
    clone.write('.git/hooks/pre-commit', '#!/bin/sh\necho mine\n', 0o755);
    const before = snapshot(clone.at('.git/hooks'));
    await clone.succeeds('hooks', 'install');
    // So does pre-commit with a hook that it finds.
    clone.git(
      '.',
      'config',
      'alias.legacy',
      '!mv .git/hooks/pre-commit .git/hooks/pre-commit.legacy',
    );
    clone.git('.', 'legacy');
    clone.write(
      '.git/hooks/pre-commit',
      '#!/bin/sh\nexec .git/hooks/pre-commit.legacy "$@"\n',
      0o755,
    );
    assert.equal(commits('two\n'), 'mine');
    assert.deepEqual(await clone.saved(), [sha('two\n')]);
    await clone.succeeds('hooks', 'remove');
    const { 'pre-commit.legacy': legacy } = snapshot(clone.at('.git/hooks'));
    assert.equal(legacy, before['pre-commit']);
  });
});
