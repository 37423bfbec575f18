import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPolicy, parsePolicy } from '../../src/core/policyFile.js';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';

const path = 'prompts/triage.prompt.md';
const policyPath = '.prompt-audit/policy.jsonc';

describe('the policy in force', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  beforeEach(() => (clinic = new Clinic()));
  afterEach(() => clinic.dispose());

  const edit = (clone: string, from: string, to: string): void => {
    const file = join(clinic.folder, clone, policyPath);
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(from));
    writeFileSync(file, text.replace(from, to));
  };
  const adoptions = async (trail: Trail): Promise<number> =>
    (await trail.log({ types: ['policy.adopted'] })).length;
  const approve = (trail: Trail) =>
    trail.decide({ target: path, decision: 'approved', identity: 'git' });
  const deploy = (trail: Trail) =>
    trail.deploy({ target: path, env: 'production', identity: 'git' });

  /** Alice shares a ledger and a policy; the others clone it. */
  async function beginning(): Promise<void> {
    clinic.clone('alice');
    clinic.write('alice', path, 'one\n');
    await clinic.init('alice');
    clinic.commit('alice');
    for (const name of ['bob', 'carl']) clinic.clone(name);
  }

  async function begin(): Promise<Trail> {
    await clinic.made(beginning);
    return clinic.open('alice');
  }

  /** From now on two approvals are needed; Carl knows and gives the first, Bob has fetched nothing. */
  async function twoApprovals(): Promise<{ alice: Trail; bob: Trail; carl: Trail }> {
    const alice = await begin();
    edit('alice', '"required": 1', '"required": 2');
    clinic.commit('alice', 'two approvals');
    await alice.propose({ path, note: 'first' });
    clinic.git('carl', 'fetch', '--quiet');
    const carl = await clinic.open('carl');
    await approve(carl);
    assert.equal(await adoptions(carl), 2);
    return { alice, bob: await clinic.open('bob'), carl };
  }

  it('stays when a clone that has not fetched deploys', async () => {
    const { bob } = await twoApprovals();
    const before = clinic.git('bob', 'for-each-ref', 'refs/remotes/origin/main', 'refs/heads');
    const { reasons } = await failure(deploy(bob), 'deployment.refused');
    assert.deepEqual(reasons, ['approval.missing']);
    assert.equal(await adoptions(bob), 2);
    await failure(deploy(bob), 'deployment.refused');
    assert.equal(await adoptions(bob), 2, 'nor once the commit is known');
    assert.equal(
      clinic.git('bob', 'for-each-ref', 'refs/remotes/origin/main', 'refs/heads'),
      before,
    );
  });

  it('is one that this clone cannot compare while the remote does not answer', async () => {
    const { bob } = await twoApprovals();
    await bob.sync();
    clinic.git('bob', 'remote', 'set-url', 'origin', join(clinic.folder, 'nowhere.git'));
    const error = await failure(deploy(bob), 'policy.missing');
    assert.match(error.message, /comes from commit [0-9a-f]{12}, which this clone does not have/);
    assert.match(error.remedy, /git fetch origin/);
    assert.equal(await adoptions(bob), 2);
  });

  it('follows the branch onwards, also after its history was rewritten', async () => {
    const { alice, carl } = await twoApprovals();
    edit('alice', '"required": 2', '"required": 3');
    clinic.commit('alice', 'three approvals');
    await failure(deploy(alice), 'deployment.refused');
    assert.equal(await adoptions(alice), 3, 'a later commit');
    edit('alice', '"required": 3', '"required": 1');
    clinic.git('alice', 'commit', '--quiet', '--all', '--amend', '-m', 'another history');
    clinic.git('alice', 'push', '--quiet', '--force', 'origin', 'HEAD:main');
    await deploy(alice);
    assert.equal(await adoptions(alice), 4, 'a commit beside the adopted one');
    await carl.sync();
    assert.equal(await adoptions(carl), 4);
  });

  it('follows a rewritten branch also where the adopted commit is gone, and says so', async () => {
    await twoApprovals();
    const warnings: string[] = [];
    const bob = await clinic.open('bob', { warn: (message) => warnings.push(message) });
    edit('alice', '"required": 2', '"required": 0');
    clinic.git('alice', 'commit', '--quiet', '--all', '--amend', '-m', 'another history');
    clinic.git('alice', 'push', '--quiet', '--force', 'origin', 'HEAD:main');
    clinic.git('bob', 'fetch', '--quiet');
    await bob.sync();
    await deploy(bob);
    assert.equal(await adoptions(bob), 3);
    assert.match(warnings.join(), /came from commit [0-9a-f]{12}, which is not on the protected/);
  });

  it('goes on where the adopted commit never left the clone of who recorded it', async () => {
    const { alice } = await twoApprovals();
    edit('alice', '"required": 2', '"required": 0');
    clinic.git('alice', 'commit', '--quiet', '--all', '-m', 'of nobody else');
    clinic.git('alice', 'update-ref', 'refs/remotes/origin/main', 'HEAD');
    await deploy(alice);
    await alice.sync();
    const bob = await clinic.open('bob');
    await bob.sync();
    assert.equal(await adoptions(bob), 3);
    const { reasons } = await failure(deploy(bob), 'deployment.refused');
    assert.deepEqual(reasons, ['approval.missing']);
    assert.equal(await adoptions(bob), 4, 'that of the branch again');
  });

  it('is not followed by a shallow clone that cannot reach the adopted commit', async () => {
    const { alice } = await twoApprovals();
    await alice.sync();
    for (const name of ['a', 'b', 'c']) {
      clinic.write('alice', `${name}.txt`, name);
      clinic.commit('alice');
    }
    edit('alice', '"required": 2', '"required": 0');
    clinic.commit('alice', 'later');
    const url = `file://${clinic.remote}`;
    clinic.git('.', 'clone', '--quiet', '--depth=1', '--no-single-branch', url, 'shallow');
    clinic.git('shallow', 'config', 'user.email', 'dora@clinic.example');
    clinic.git('shallow', 'config', 'user.name', 'Dora');
    const dora = await clinic.open('shallow');
    await failure(deploy(dora), 'policy.missing');
    assert.equal(await adoptions(dora), 2);
  });

  it('is never that of the working tree once the protected branch had one', async () => {
    const { alice } = await twoApprovals();
    clinic.git('alice', 'rm', '--quiet', '--cached', policyPath);
    clinic.git('alice', 'commit', '--quiet', '-m', 'no policy');
    clinic.git('alice', 'push', '--quiet', 'origin', 'HEAD:main');
    edit('alice', '"required": 2', '"required": 0');
    const gone = await failure(deploy(alice), 'policy.missing');
    assert.match(gone.message, /"main" of origin has no \.prompt-audit\/policy\.jsonc/);
    clinic.git('alice', 'remote', 'remove', 'origin');
    const { remedy } = await failure(deploy(alice), 'policy.missing');
    assert.match(remedy, /git remote add origin URL/);
    assert.equal(await adoptions(alice), 2);
  });

  it('is that of the working tree as long as no branch had one', async () => {
    clinic.clone('alice');
    clinic.write('alice', path, 'one\n');
    await clinic.init('alice');
    const alice = await clinic.open('alice');
    await alice.propose({ path, note: 'first' });
    edit('alice', '"required": 1', '"required": 0');
    await deploy(alice);
    assert.equal(await adoptions(alice), 2);
  });

  it('is written again by init where its file is gone', async () => {
    const alice = await begin();
    const file = join(alice.root, policyPath);
    const text = readFileSync(file);
    rmSync(file);
    assert.match((await failure(alice.status(), 'policy.missing')).remedy, /prompt-audit init/);
    const events = (await alice.log()).length;
    await clinic.init('alice');
    assert.deepEqual(readFileSync(file), text);
    assert.equal((await alice.log()).length, events);
    await failure(clinic.init('alice'), 'ledger.exists');
  });

  it('may begin with a byte order mark', async () => {
    const alice = await begin();
    const file = join(alice.root, policyPath);
    const text = `\uFEFF${readFileSync(file, 'utf8')}`;
    writeFileSync(file, text);
    clinic.commit('alice', 'BOM');
    await alice.propose({ path, note: 'first' });
    await failure(approve(alice), 'decision.refused');
    const [, adopted] = await alice.log({ types: ['policy.adopted'] });
    const body = JSON.parse((await alice.detail(adopted!.id))!.bodyText!) as { policy: string };
    assert.equal(body.policy, text, 'the adopted bytes are those of the file');
    assert.equal(parsePolicy('\uFEFF{"version":1,"environments":{"a":{}}}').environments.length, 1);
    assert.equal(
      checkPolicy('\uFEFF{"version":1,"x":1,"environments":{"a":{}}}').problems[0]?.offset,
      14,
    );
  });
});
