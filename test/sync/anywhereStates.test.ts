import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clinic } from '../tools/clones.js';
import { begunClinic, gitFiles, hook, newPrompt, person, roundTrip } from './anywhereFixture.js';

describe('sync anywhere: whatever the work tree is in the middle of', function () {
  this.timeout(60_000);
  let clinic: Clinic;
  beforeEach(async () => {
    clinic = await begunClinic();
    clinic.clone('rosa');
  });
  afterEach(() => clinic.dispose());

  const git = (...args: string[]): string => clinic.git('rosa', ...args);
  const fails = (...args: string[]): void => void assert.throws(() => git(...args));
  /** Two branches that change one file in two ways, and a stash. */
  const conflict = (): void => {
    git('checkout', '--quiet', '-b', 'side');
    clinic.write('rosa', 'a.txt', 'side\n');
    git('add', 'a.txt');
    git('commit', '--quiet', '-m', 'side');
    git('checkout', '--quiet', 'main');
    clinic.write('rosa', 'a.txt', 'main\n');
    git('add', 'a.txt');
    git('commit', '--quiet', '-m', 'main');
    clinic.write('rosa', 'a.txt', 'stashed\n');
    git('stash');
  };

  it('a detached HEAD', async () => {
    git('checkout', '--quiet', '--detach');
    await roundTrip(clinic, 'rosa');
  });

  it('an unborn branch, and staged and changed files', async () => {
    git('checkout', '--quiet', '--orphan', 'fresh');
    clinic.write('rosa', 'staged.txt', 'x');
    git('add', 'staged.txt');
    clinic.write('rosa', 'staged.txt', 'y');
    await roundTrip(clinic, 'rosa');
  });

  it('a merge with conflicts', async () => {
    conflict();
    fails('merge', 'side');
    await roundTrip(clinic, 'rosa');
    assert.ok(existsSync(join(clinic.folder, 'rosa/.git/MERGE_HEAD')));
  });

  it('a rebase with conflicts, by either machinery', async () => {
    conflict();
    for (const how of ['--merge', '--apply']) {
      fails('rebase', how, 'side');
      await roundTrip(clinic, 'rosa');
      git('rebase', '--abort');
    }
  });

  it('a cherry-pick and a revert with conflicts', async () => {
    conflict();
    fails('cherry-pick', 'side');
    await roundTrip(clinic, 'rosa');
    git('cherry-pick', '--abort');
    clinic.write('rosa', 'a.txt', 'later\n');
    git('commit', '--quiet', '-am', 'later');
    fails('revert', 'HEAD~1');
    await roundTrip(clinic, 'rosa');
  });

  it('a bisect', async () => {
    conflict();
    git('bisect', 'start', 'HEAD', 'HEAD~1');
    await roundTrip(clinic, 'rosa');
  });

  it('an index that somebody else has locked', async () => {
    clinic.write('rosa', '.git/index.lock', '');
    await roundTrip(clinic, 'rosa');
  });

  it('hooks of every kind that fail, in .git/hooks and in core.hooksPath', async () => {
    const own = join(clinic.folder, 'own-hooks');
    const mark = join(clinic.folder, 'hook.ran');
    const names =
      'pre-push reference-transaction post-commit pre-commit commit-msg post-checkout post-merge ' +
      'post-rewrite pre-auto-gc post-index-change push-to-checkout fsmonitor-watchman';
    for (const name of names.split(' ')) {
      hook(own, name, `echo ${name} >> '${mark}'; exit 1`);
      hook(join(clinic.folder, 'rosa/.git/hooks'), name, `echo ${name} >> '${mark}'; exit 1`);
    }
    await roundTrip(clinic, 'rosa');
    git('config', 'core.hooksPath', own);
    await roundTrip(clinic, 'rosa');
    git('config', 'core.fsmonitor', join(own, 'fsmonitor-watchman'));
    await roundTrip(clinic, 'rosa');
    assert.equal(existsSync(mark), false);
  });

  it('the environment of a hook of git, in which another repository is meant', async () => {
    const elsewhere = join(clinic.folder, 'ana/.git');
    const hooked = {
      GIT_DIR: elsewhere,
      GIT_WORK_TREE: join(clinic.folder, 'ana'),
      GIT_INDEX_FILE: join(elsewhere, 'index.hooked'),
      GIT_OBJECT_DIRECTORY: join(elsewhere, 'objects'),
      GIT_QUARANTINE_PATH: elsewhere,
      GIT_COMMON_DIR: elsewhere,
      GIT_NAMESPACE: 'other',
      GIT_PREFIX: 'prompts/',
      GIT_EDITOR: ':',
      GIT_REFLOG_ACTION: 'hooked',
      GIT_TRACE: '1',
      GIT_CONFIG_PARAMETERS: "'core.hooksPath=/nowhere' 'push.gpgSign=true'",
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'remote.pushDefault',
      GIT_CONFIG_VALUE_0: 'nobody',
    };
    const before = gitFiles(elsewhere);
    const old = Object.fromEntries(Object.keys(hooked).map((name) => [name, process.env[name]]));
    Object.assign(process.env, hooked);
    try {
      await roundTrip(clinic, 'rosa');
    } finally {
      for (const [name, value] of Object.entries(old))
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    }
    assert.deepEqual(gitFiles(elsewhere), before);
  });

  it('signing of commits, tags and pushes with a program that cannot', async () => {
    for (const name of ['commit.gpgSign', 'tag.gpgSign', 'tag.forceSignAnnotated', 'push.gpgSign'])
      git('config', name, 'true');
    git('config', 'gpg.program', join(clinic.folder, 'no-such-gpg'));
    git('config', 'user.signingKey', '0xDEADBEEF');
    await roundTrip(clinic, 'rosa');
  });

  it('settings that make a plain fetch or push do more', async () => {
    git('tag', 'v1');
    clinic.git('ana', 'tag', 'theirs');
    clinic.git('ana', 'push', '--quiet', 'origin', 'theirs');
    const settings =
      'push.followTags=true push.default=matching push.autoSetupRemote=true push.recurseSubmodules=check ' +
      'fetch.prune=true fetch.pruneTags=true fetch.recurseSubmodules=true fetch.writeCommitGraph=true ' +
      'fetch.parallel=4 fetch.all=true fetch.fsckObjects=true transfer.fsckObjects=true gc.auto=1 ' +
      'maintenance.auto=true core.logAllRefUpdates=always core.autocrlf=true core.fsync=none ' +
      'remote.origin.tagOpt=--tags remote.origin.prune=true push.pushOption=ci.skip color.ui=always ' +
      'protocol.version=0 core.untrackedCache=true core.splitIndex=true log.showSignature=true';
    for (const one of settings.split(' ')) git('config', ...(one.split('=') as [string, string]));
    clinic.git('remote.git', 'config', 'receive.fsckObjects', 'true');
    await roundTrip(clinic, 'rosa');
    assert.equal(clinic.git('remote.git', 'tag'), 'theirs');
  });

  it('several work trees of one clone, at the same moment', async () => {
    git('worktree', 'add', '--quiet', '../rosa-two', '-b', 'two');
    const trails = await Promise.all(['rosa', 'rosa-two'].map((clone) => clinic.open(clone)));
    const paths = [newPrompt(clinic, 'rosa'), newPrompt(clinic, 'rosa-two')];
    await Promise.all(trails.map((trail, i) => trail.record([paths[i]!])));
    await Promise.all(trails.map((trail) => trail.sync()));
    for (const trail of trails) await trail.sync();
    const [one, two] = await Promise.all(trails.map((trail) => trail.point()));
    assert.deepEqual(one, two);
    for (const trail of trails) await trail.close();
    await roundTrip(clinic, 'rosa-two');
    await roundTrip(clinic, 'rosa');
  });

  it('a bare repository with work trees', async () => {
    clinic.git('.', 'clone', '--quiet', '--bare', clinic.remote, 'bare.git');
    person(clinic, 'bare.git');
    clinic.git('bare.git', 'worktree', 'add', '--quiet', '../tree', 'main');
    const bare = join(clinic.folder, 'bare.git');
    await roundTrip(clinic, 'tree', { also: () => gitFiles(bare) });
    // A bare clone takes all branches at once: the copy among them is no branch of ours, and stays.
    assert.notEqual(clinic.git('bare.git', 'rev-parse', 'refs/heads/prompt-audit'), '');
  });

  it('a submodule, and the repository around it', async () => {
    const allow = ['-c', 'protocol.file.allow=always'];
    clinic.git('.', 'init', '--quiet', '--bare', '--initial-branch=main', 'outer.git');
    clinic.git('.', 'clone', '--quiet', 'outer.git', 'outer');
    person(clinic, 'outer');
    clinic.git('outer', ...allow, 'submodule', '--quiet', 'add', clinic.remote, 'inner');
    person(clinic, 'outer/inner');
    clinic.commit('outer');
    const inner = join(clinic.folder, 'outer/.git/modules/inner');
    await roundTrip(clinic, 'outer/inner', { also: () => gitFiles(inner) });
    // The repository around it has a ledger of its own; prompts of the submodule are not its.
    clinic.write('outer', 'prompts/own.prompt.md', 'own\n');
    await clinic.init('outer');
    const trail = await clinic.open('outer');
    const recorded = await trail.record();
    assert.deepEqual(
      recorded.map(({ path }) => path),
      ['prompts/own.prompt.md'],
    );
    await trail.sync();
    assert.notEqual((await trail.point()).id, (await (await clinic.open('ravi')).point()).id);
    assert.deepEqual(
      readdirSync(join(clinic.folder, 'outer/.git/prompt-audit')).includes('clone.json'),
      true,
    );
  });
});
