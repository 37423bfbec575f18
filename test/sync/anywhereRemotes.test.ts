import assert from 'node:assert/strict';
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { isSameRepository } from '../../src/git/splitRemote.js';
import { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';
import { begunClinic, newPrompt, person, prompt, roundTrip } from './anywhereFixture.js';

describe('sync anywhere: which remote it is', function () {
  this.timeout(60_000);
  let clinic: Clinic;
  beforeEach(async () => {
    clinic = await begunClinic();
    clinic.clone('rosa');
  });
  afterEach(() => clinic.dispose());

  const git = (...args: string[]): string => clinic.git('rosa', ...args);
  const bare = (name: string): string => {
    clinic.git('.', 'init', '--quiet', '--bare', '--initial-branch=main', name);
    return join(clinic.folder, name);
  };
  const tip = (repository: string): string =>
    clinic.git(repository, 'for-each-ref', '--format=%(objectname)', 'refs/heads/prompt-audit');

  it('a remote that is called something else, with odd settings', async () => {
    git('remote', 'rename', 'origin', 'the.hub/x');
    await roundTrip(clinic, 'rosa');
    git('config', '--add', 'remote.the.hub/x.fetch', '+refs/pull/*/head:refs/remotes/pr/*');
    git('config', '--add', 'remote.the.hub/x.fetch', '^refs/heads/prompt-audit');
    git('config', 'remote.the.hub/x.push', 'refs/heads/*:refs/heads/*');
    git('config', 'remote.the.hub/x.mirror', 'true');
    await roundTrip(clinic, 'rosa');
    git('config', '--unset-all', 'remote.the.hub/x.fetch');
    await roundTrip(clinic, 'rosa');
  });

  it('a mirror, of which a plain push would delete what others have', async () => {
    const before = clinic.git('remote.git', 'for-each-ref', 'refs/heads/main', 'refs/tags');
    git('remote', 'add', '--mirror=push', 'mirror', clinic.remote);
    git('config', 'prompt-audit.remote', 'mirror');
    await roundTrip(clinic, 'rosa');
    assert.equal(clinic.git('remote.git', 'for-each-ref', 'refs/heads/main', 'refs/tags'), before);
  });

  it('addresses that git rewrites, and remote.pushDefault', async () => {
    bare('other.git');
    git('remote', 'set-url', 'origin', 'hub:remote.git');
    git('config', `url.${clinic.folder}/.insteadOf`, 'hub:');
    git('remote', 'add', 'other', join(clinic.folder, 'other.git'));
    git('config', 'remote.pushDefault', 'other');
    git('config', 'branch.main.pushRemote', 'other');
    await roundTrip(clinic, 'rosa');
    git('remote', 'set-url', 'origin', 'read:remote.git');
    git('config', `url.${clinic.folder}/.insteadOf`, 'read:');
    git('config', `url.file://${clinic.folder}/.pushInsteadOf`, 'read:');
    await roundTrip(clinic, 'rosa');
    assert.equal(tip('other.git'), '');
  });

  it('several addresses to push to: the ledger goes where it is read', async () => {
    const copy = bare('copy.git');
    git('remote', 'set-url', '--add', '--push', 'origin', copy);
    git('remote', 'set-url', '--add', '--push', 'origin', clinic.remote);
    await roundTrip(clinic, 'rosa');
    assert.equal(tip('copy.git'), '');
  });

  it('a remote that is pushed to in another repository than it is read from', async () => {
    git('remote', 'set-url', '--push', 'origin', bare('fork.git'));
    const rosa = await clinic.open('rosa');
    await rosa.record([newPrompt(clinic, 'rosa')]);
    const { message, remedy } = await failure(rosa.sync(), 'sync.refused');
    assert.match(message, /reads from one repository and pushes to another.* Nothing was sent\./);
    assert.equal(tip('fork.git'), '', 'texts went nowhere');
    assert.match(remedy, /git config prompt-audit\.remote NAME/);
    assert.equal((await rosa.status()).unsent > 0, true);
    git('config', '--unset', 'remote.origin.pushurl');
    await rosa.sync();
    assert.equal((await rosa.status()).unsent, 0);
  });

  it('a new ledger that went to another repository: in which one, and how to delete it there', async () => {
    const own = new Clinic();
    try {
      own.clone('ana');
      own.git('.', 'init', '--quiet', '--bare', 'fork.git');
      own.git('ana', 'remote', 'set-url', '--push', 'origin', join(own.folder, 'fork.git'));
      own.write('ana', prompt, 'one\n');
      await own.init('ana');
      const { syncProblem } = await (await own.open('ana', { autoSync: false })).status();
      assert.match(syncProblem?.message ?? '', /texts of the trail, lies in \S+fork\.git now/);
      const command = /: (git push origin --delete prompt-audit)\./.exec(syncProblem!.remedy);
      own.shell('ana', command![1]!);
      assert.equal(own.git('fork.git', 'for-each-ref'), '');
    } finally {
      await own.dispose();
    }
  });

  it('two addresses of one repository', () => {
    const https = 'https://hub.example/clinic/prompts.git';
    for (const one of [
      'git@HUB.example:clinic/prompts',
      'ssh://git@hub.example:22/clinic/prompts/',
    ])
      assert.equal(isSameRepository(https, one), true, one);
    for (const other of ['git@hub.example:rosa/prompts.git', '/srv/clinic/prompts.git'])
      assert.equal(isSameRepository(https, other), false, other);
  });

  it('several remotes: origin, unless the branch or the setting names another', async () => {
    const other = bare('other.git');
    git('remote', 'add', 'aaa', other);
    const trip = await roundTrip(clinic, 'rosa');
    assert.equal(trip.report.remote, 'origin');
    assert.equal(tip('other.git'), '');
    // Pinned: a new upstream of the branch does not move the ledger.
    git('push', '--quiet', 'aaa', 'main');
    git('branch', '--quiet', '--set-upstream-to=aaa/main');
    assert.equal((await roundTrip(clinic, 'rosa')).report.remote, 'origin');
  });

  it('several remotes of which none stands out: one line says how to name it', async () => {
    git('remote', 'rename', 'origin', 'one');
    git('remote', 'add', 'two', bare('two.git'));
    git('checkout', '--quiet', '--detach');
    const missing = await failure(clinic.open('rosa'), 'ledger.missing');
    assert.match(missing.remedy, /git config prompt-audit\.remote NAME/);
    const { message: which, remedy: naming } = await failure(clinic.init('rosa'), 'ledger.missing');
    assert.match(which, /several remotes \(one, two\)/);
    assert.match(naming, /^Name it with: git config prompt-audit\.remote NAME\. Then run/);
    git('config', 'prompt-audit.remote', 'one');
    assert.equal((await roundTrip(clinic, 'rosa')).report.remote, 'one');
    git('config', 'prompt-audit.remote', 'none');
    const rosa = await clinic.open('rosa');
    const { message, remedy } = await failure(rosa.sync(), 'sync.noRemote');
    assert.match(message, /called none, which prompt-audit\.remote/);
    assert.match(remedy, /one, two/);
  });

  it('no remote at all: everything but sync works, and the ledger is kept in git', async () => {
    git('remote', 'remove', 'origin');
    const alone = new Clinic();
    try {
      alone.git('.', 'init', '--quiet', '-b', 'main', 'solo');
      person(alone, 'solo');
      alone.write('solo', prompt, 'one\n');
      await alone.init('solo');
      const solo = await alone.open('solo', { limits: { journalBytes: 0 } });
      const version = await solo.propose({ path: prompt, note: 'n' });
      assert.equal(version.label, 'v1');
      const { remedy } = await failure(solo.sync(), 'sync.noRemote');
      assert.match(remedy, /git remote add origin URL/);
      assert.equal((await solo.status()).syncProblem, null);
      // A remote that comes later and is empty gets all of it.
      alone.git('solo', 'remote', 'add', 'origin', alone.remote);
      const report = await solo.sync();
      assert.equal(report.sent, (await solo.point()).size);
      assert.deepEqual(alone.git('solo', 'for-each-ref', 'refs/heads', 'refs/remotes'), '');
    } finally {
      await alone.dispose();
    }
  });

  it('a remote that was renamed: said in one line, and the new name goes on', async () => {
    const first = await roundTrip(clinic, 'rosa');
    git('remote', 'rename', 'origin', 'hub');
    const rosa = await clinic.open('rosa', {});
    const { syncProblem } = await rosa.status();
    assert.match(syncProblem?.message ?? '', /no remote called origin/);
    assert.match(syncProblem?.remedy ?? '', /hub.*git config prompt-audit\.remote NAME/);
    const report = await rosa.sync({ remote: 'hub' });
    assert.equal(report.remote, 'hub');
    assert.equal((await rosa.status()).syncProblem, null);
    await rosa.close();
    assert.equal((await roundTrip(clinic, 'rosa')).report.remote, 'hub');
    assert.ok(first.point.size < (await (await clinic.open('rosa')).point()).size);
  });

  it('a remote whose address changed to a copy, to an older copy, to nothing', async () => {
    await roundTrip(clinic, 'rosa');
    clinic.git('.', 'clone', '--quiet', '--mirror', clinic.remote, 'older.git');
    await roundTrip(clinic, 'rosa');
    clinic.git('.', 'clone', '--quiet', '--mirror', clinic.remote, 'copy.git');
    git('remote', 'set-url', 'origin', join(clinic.folder, 'copy.git'));
    const rosa = await clinic.open('rosa');
    await rosa.record([newPrompt(clinic, 'rosa')]);
    assert.ok((await rosa.sync()).sent > 0);
    // Under the same name a beginning of the ledger is a rollback: people decide.
    git('remote', 'set-url', 'origin', join(clinic.folder, 'older.git'));
    await failure(rosa.sync(), 'sync.rewritten');
    git('remote', 'set-url', 'origin', bare('empty.git'));
    await failure(rosa.sync(), 'sync.rewritten');
    assert.equal(tip('empty.git'), '');
  });

  it('another remote that is named takes the place: an empty one, a beginning, one that is ahead', async () => {
    await roundTrip(clinic, 'rosa');
    clinic.git('.', 'clone', '--quiet', '--mirror', clinic.remote, 'older.git');
    await roundTrip(clinic, 'rosa');
    const rosa = await clinic.open('rosa');
    for (const name of ['empty', 'older']) {
      if (name === 'empty') bare('empty.git');
      git('remote', 'add', name, join(clinic.folder, `${name}.git`));
      await rosa.record([newPrompt(clinic, 'rosa')]);
      const report = await rosa.sync({ remote: name });
      assert.deepEqual([report.remote, (await rosa.status()).remote], [name, name]);
      // One line of commits, the same as before and one more.
      assert.equal(
        clinic.git(
          `${name}.git`,
          'merge-base',
          '--is-ancestor',
          tip('remote.git'),
          tip(`${name}.git`),
        ),
        '',
      );
      const { findings } = await rosa.verify();
      assert.deepEqual(
        findings.filter((f) => f.severity === 'error'),
        [],
      );
    }
    // Back again: the first one holds a beginning now.
    await rosa.sync({ remote: 'origin' });
    assert.equal(tip('remote.git'), tip('older.git'));
    // Of another ledger nothing is taken, and nothing is sent.
    const foreign = await begunClinic();
    try {
      git('remote', 'add', 'foreign', foreign.remote);
      const before = foreign.git('remote.git', 'rev-parse', 'refs/heads/prompt-audit');
      await failure(rosa.sync({ remote: 'foreign' }), 'ledger.foreign');
      assert.equal(foreign.git('remote.git', 'rev-parse', 'refs/heads/prompt-audit'), before);
      assert.equal((await rosa.status()).remote, 'origin');
    } finally {
      await foreign.dispose();
    }
  });

  it('a fork: the ledger is that of the original, once that is named', async () => {
    clinic.git('.', 'clone', '--quiet', '--bare', '--single-branch', clinic.remote, 'fork.git');
    clinic.git('.', 'clone', '--quiet', join(clinic.folder, 'fork.git'), 'mia');
    person(clinic, 'mia', 'mia');
    const { message, remedy } = await failure(clinic.open('mia'), 'ledger.missing');
    assert.match(message, /which the remote does not hold yet/);
    assert.match(remedy, /of a fork, the original.*git config prompt-audit\.remote NAME/);
    clinic.git('mia', 'remote', 'add', 'upstream', clinic.remote);
    clinic.git('mia', 'config', 'prompt-audit.remote', 'upstream');
    assert.equal((await roundTrip(clinic, 'mia')).report.remote, 'upstream');
    assert.equal(tip('fork.git'), '');
  });

  it('two people who run init at the same time, in both orders', async () => {
    for (const first of [0, 1]) {
      const own = new Clinic();
      try {
        const names = ['ana', 'ravi'];
        for (const name of names) {
          own.clone(name);
          own.write(name, prompt, `${name}\n`);
        }
        const order = first === 0 ? names : names.toReversed();
        await Promise.all(order.map((name) => own.init(name)));
        const trails = await Promise.all(names.map((name) => own.open(name)));
        for (const trail of trails) await trail.sync();
        await trails[0]!.sync();
        const [one, two] = await Promise.all(trails.map((trail) => trail.point()));
        assert.deepEqual(one, two);
      } finally {
        await own.dispose();
      }
    }
  });

  it('a folder that git does not trust: the line names the command', async function () {
    // Only root can give a folder away.
    if (process.getuid?.() !== 0) this.skip();
    chownSync(join(clinic.folder, 'rosa'), 4321, 4321);
    const { remedy } = await failure(clinic.open('rosa'), 'git.failed');
    assert.match(remedy, /git config --global --add safe\.directory/);
  });
});
