import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';

const path = 'prompts/triage.prompt.md';
const secret = 'sk-live-Zq7Xw3Vb9Kp2Rt5Yj8Mn4';
const ref = 'refs/prompt-audit/ledger';

describe('purge of the history of the ledger branch', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  beforeEach(() => (clinic = new Clinic()));
  afterEach(() => clinic.dispose());

  async function beginning(): Promise<void> {
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    clinic.commit('ana');
  }

  /** Ana's and Ravi's clones; v2 held a secret and was redacted. The code never had it. */
  async function begin(): Promise<{ ana: Trail; ravi: Trail; warnings: string[] }> {
    await clinic.made(beginning);
    const ana = await clinic.open('ana');
    await ana.propose({ path, note: 'first' });
    clinic.write('ana', path, `two ${secret}\n`);
    await ana.propose({ path, note: 'second' });
    clinic.clone('ravi');
    const warnings: string[] = [];
    const ravi = await clinic.open('ravi', { warn: (m) => void warnings.push(m) });
    await ravi.sync();
    await ana.redact({ target: `${path}@v2`, reason: 'a key leaked', identity: 'git' });
    clinic.write('ana', path, 'one\n');
    return { ana, ravi, warnings };
  }

  /** Whether any object of a repository, reachable or not, holds the secret. */
  function holdsSecret(repository: string): boolean {
    const cwd = join(clinic.folder, repository);
    const args = ['cat-file', '--batch', '--batch-all-objects', '--unordered'];
    const all = execFileSync('git', args, { cwd, maxBuffer: 1 << 28 });
    return all.includes(secret);
  }

  const tipOf = (repository: string, name: string): string =>
    clinic.git(repository, 'rev-parse', name);

  it('leaves nothing of the old commits in a fresh clone, here, and on a remote that collects', async () => {
    const { ana, ravi, warnings } = await begin();
    assert.ok(holdsSecret('ana') && holdsSecret('remote.git') && holdsSecret('ravi'));
    const old = tipOf('ana', ref);
    const commits = Number(clinic.git('ana', 'rev-list', '--count', old));
    const before = await ana.point();
    const report = await ana.purgeHistory({ reason: 'a key leaked', identity: 'git', prune: true });

    assert.equal(report.commits, commits);
    assert.equal(report.tip, old);
    assert.equal(report.pruned, true);
    const [root, ...others] = clinic
      .git('remote.git', 'rev-list', '--max-parents=0', 'prompt-audit')
      .split('\n');
    assert.equal(root, report.commit);
    assert.deepEqual(others, []);
    assert.equal(clinic.git('remote.git', 'rev-list', '--count', 'prompt-audit'), '2');
    const [purged] = await ana.log({ types: ['history.purged'] });
    assert.equal(purged?.id, report.event);
    assert.equal(purged?.summary, 'replaced the history of the ledger branch');
    assert.equal(purged?.note, 'a key leaked');
    assert.equal((await ana.point()).size, before.size + 1, 'no event is lost');
    const { findings } = await ana.verify();
    assert.deepEqual(findings, []);
    assert.equal(holdsSecret('ana'), false);

    clinic.git('remote.git', 'gc', '--quiet', '--prune=now');
    assert.equal(holdsSecret('remote.git'), false);
    clinic.clone('rosa');
    const rosa = await clinic.open('rosa');
    assert.equal(holdsSecret('rosa'), false);
    assert.deepEqual((await rosa.verify()).findings, []);

    await ravi.sync();
    assert.match(
      warnings.join('\n'),
      /^Ana purged the history .* because a key leaked\..* gc --prune=now$/m,
    );
    assert.deepEqual((await ravi.verify()).findings, []);
    assert.equal(tipOf('ravi', ref), tipOf('ana', ref));
    clinic.write('ravi', path, 'three\n');
    await ravi.propose({ path, note: 'work goes on' });
    await ana.sync();
    assert.equal((await ana.version(path)).label, 'v3');
    assert.equal(report.commands.length, 1);
    for (const command of report.commands) clinic.git('ravi', ...command.split(' ').slice(1));
    assert.equal(holdsSecret('ravi'), false);
  });

  it('changes no byte of the files', async () => {
    const { ana } = await begin();
    const tree = clinic.git('remote.git', 'rev-parse', 'prompt-audit^{tree}');
    const { commit } = await ana.purgeHistory({ reason: 'r', identity: 'git' });
    assert.equal(clinic.git('ana', 'rev-parse', `${commit}^{tree}`), tree);
  });

  it('keeps objects of the user that it was not asked to drop', async () => {
    const { ana } = await begin();
    clinic.write('ana', 'precious.txt', 'mine');
    const lost = clinic.git('ana', 'hash-object', '-w', 'precious.txt');
    const report = await ana.purgeHistory({ reason: 'r', identity: 'git' });
    assert.equal(report.pruned, false);
    assert.equal(clinic.git('ana', 'cat-file', '-t', lost), 'blob');
    assert.ok(report.stays.some((line) => line.includes('every other unreachable object')));
  });

  it('says what an administrator has to do where the host protects the branch, and changes nothing', async () => {
    const { ana } = await begin();
    const [tip, size] = [tipOf('ana', ref), (await ana.point()).size];
    clinic.git('remote.git', 'config', 'receive.denyNonFastForwards', 'true');
    const error = await failure(ana.purgeHistory({ reason: 'r', identity: 'git' }), 'sync.refused');
    assert.match(error.message, /Nothing was changed/);
    assert.match(error.remedy, /administrator.*force pushes/);
    assert.equal(tipOf('ana', ref), tip);
    assert.equal(tipOf('remote.git', 'prompt-audit'), tip);
    assert.equal((await ana.point()).size, size);
    assert.deepEqual(await ana.log({ types: ['history.purged'] }), []);
  });

  it('is refused to whom the policy does not name', async () => {
    const { ana, ravi } = await begin();
    const error = await failure(
      ravi.purgeHistory({ reason: 'r', identity: 'git' }),
      'redaction.refused',
    );
    assert.deepEqual(error.reasons, ['redactor.role']);
    await failure(ana.purgeHistory({ reason: '', identity: 'git' }), 'reason.missing');
  });

  it('warns of a history that somebody replaced without a record', async () => {
    const { ravi, warnings } = await begin();
    await ravi.sync();
    const tree = clinic.git('remote.git', 'rev-parse', 'prompt-audit^{tree}');
    const commit = clinic.git('ana', 'commit-tree', '-m', 'mine', tree);
    clinic.git('ana', 'push', '--quiet', '--force', 'origin', `${commit}:refs/heads/prompt-audit`);
    await ravi.sync();
    assert.match(
      warnings.join('\n'),
      /replaced by other commits.*The trail names nobody who was allowed to/,
    );
  });
});
