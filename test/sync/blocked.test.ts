import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PromptAuditError } from '../../src/core/errors.js';
import { isPassingSyncError } from '../../src/trail/sync.js';
import { failure } from '../tools/failure.js';
import { Attacked, branch, path } from './attackFixture.js';

describe('a push that is refused although nobody was faster', function () {
  this.timeout(120_000);
  let team: Attacked;
  let pushes: string;
  beforeEach(async () => (team = await Attacked.begin()));
  afterEach(() => team.clinic.dispose());

  const lock = (): string => join(team.clinic.remote, `${branch}.lock`);
  const count = (): number => (existsSync(pushes) ? readFileSync(pushes).length : 0);

  /** Runs a line of shell at the remote before each push of Ana, and counts them. */
  function beforePush(line: string): void {
    pushes = join(team.clinic.folder, 'pushes');
    const program = join(team.clinic.folder, 'receive');
    const text = `#!/bin/sh\nprintf x >>'${pushes}'\n${line}\nexec git-receive-pack "$@"\n`;
    writeFileSync(program, text, { mode: 0o755 });
    team.clinic.git('ana', 'config', 'remote.origin.receivepack', program);
  }

  async function assertRefused(most: number): Promise<PromptAuditError> {
    const ana = await team.open('ana', { autoSync: false });
    team.clinic.write('ana', path, 'three\n');
    await ana.propose({ path, note: 'third' });
    const before = await ana.point();
    const error = await failure(ana.sync(), 'sync.refused');
    assert.ok(count() <= most, `${count()} pushes`);
    assert.deepEqual(error.reasons, ['push.refused']);
    assert.equal(isPassingSyncError(error), false);
    assert.doesNotMatch(error.message + error.remedy, /\n/);
    assert.deepEqual(await ana.point(), before);
    const { syncProblem } = await ana.status();
    assert.deepEqual([syncProblem?.code, syncProblem?.passing], ['sync.refused', false]);
    return error;
  }

  it('names the branch that is in the way', async () => {
    // The first push of a ledger: nothing was there before.
    team.clinic.git('.', 'init', '--quiet', '--bare', 'new.git');
    team.clinic.git('ana', 'remote', 'set-url', 'origin', join(team.clinic.folder, 'new.git'));
    team.clinic.git('ana', 'push', '--quiet', 'origin', `HEAD:${branch}/x`);
    rmSync(join(team.clinic.folder, 'ana/.git/prompt-audit/clone.json'));
    beforePush('');
    const error = await assertRefused(1);
    assert.match(error.message, /cannot lock ref.*prompt-audit\/x' exists; cannot create/);
    assert.match(error.remedy, /git push origin --delete prompt-audit\/x/);
    team.clinic.git('ana', 'push', '--quiet', 'origin', '--delete', 'prompt-audit/x');
    await (await team.open('ana')).sync();
  });

  it('says that a lock is left at the remote', async () => {
    writeFileSync(lock(), '');
    beforePush('');
    const error = await assertRefused(3);
    assert.match(error.message, /cannot lock ref .*prompt-audit\.lock': File exists/);
    assert.match(error.remedy, /No other push moved the branch.*delete .*prompt-audit\.lock/);
    rmSync(lock());
    await (await team.open('ana')).sync();
  });

  it('says so too when a branch is to be put back', async () => {
    const ana = await team.open('ana');
    team.rollBack(1);
    await failure(ana.sync(), 'sync.rewritten');
    writeFileSync(lock(), '');
    const act = { keep: 'ours', reason: 'INC-41', identity: 'git' } as const;
    const before = await ana.point();
    const error = await failure(ana.resolveRemote(act), 'sync.refused');
    assert.match(error.remedy, /delete .*prompt-audit\.lock/);
    assert.doesNotMatch(error.remedy, /force/);
    assert.deepEqual(await ana.point(), before);
    rmSync(lock());
    await ana.resolveRemote(act);
    assert.equal((await ana.status()).unsent, 0);
  });

  it('a lock that somebody holds for a moment is waited for', async () => {
    writeFileSync(lock(), '');
    beforePush(`[ "$(cat '${join(team.clinic.folder, 'pushes')}')" = xx ] && rm -f '${lock()}'`);
    const ana = await team.open('ana', { autoSync: false });
    team.clinic.write('ana', path, 'three\n');
    await ana.propose({ path, note: 'third' });
    await ana.sync();
    assert.equal(count(), 2);
    assert.equal((await ana.status()).unsent, 0);
  });

  it('a branch that others move each time is a race, as before', async () => {
    // Each push is outrun: an empty commit is no ledger that goes on, so only the first refusal is looked at.
    const moved = `git --git-dir="$1" update-ref ${branch} "$(git --git-dir="$1" -c user.name=x -c user.email=x@y.example commit-tree -p ${branch} -m x '${branch}^{tree}')"`;
    beforePush(`[ "$(cat '${join(team.clinic.folder, 'pushes')}' | wc -c)" -lt 4 ] && ${moved}`);
    const ana = await team.open('ana', { autoSync: false });
    team.clinic.write('ana', path, 'three\n');
    await ana.propose({ path, note: 'third' });
    await ana.sync();
    assert.equal(count(), 4);
  });

  it('a remote that answers with an old copy is told as that', async () => {
    const { clinic } = team;
    clinic.git('.', 'clone', '--quiet', '--mirror', clinic.remote, 'mirror.git');
    const ravi = await team.open('ravi');
    clinic.write('ravi', path, 'of ravi\n');
    await ravi.propose({ path, note: 'third' });
    clinic.git('ana', 'config', 'remote.origin.url', join(clinic.folder, 'mirror.git'));
    clinic.git('ana', 'config', 'remote.origin.pushurl', clinic.remote);
    const ana = await team.open('ana', { autoSync: false });
    clinic.write('ana', path, 'three\n');
    await ana.propose({ path, note: 'third' });
    const error = await failure(ana.sync(), 'sync.refused');
    assert.match(error.message, /reads from one repository and pushes to another/);
  });
});
