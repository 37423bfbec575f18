import assert from 'node:assert/strict';
import { GateWorld, gateIn, letter, said, triage } from './support/gateWorld.js';
import { manager } from './support/world.js';

describe('gate --env', function () {
  this.timeout(120_000);
  let at: GateWorld;
  before(async () => {
    at = await GateWorld.begin('gate-release', (text) =>
      text.replace(
        '"production": {}',
        '"production": {"breakGlass": true, "approvals": {"required": 1}}',
      ),
    );
  });
  after(() => at.end());

  const judge = async (status: number, ...args: string[]): Promise<string[]> => {
    const ci = at.ci('refs/heads/main');
    const { ended, answer } = await gateIn(ci, '--env=production', ...args);
    assert.equal(ended.status, status, said(answer).join('\n'));
    return said(answer);
  };
  const merge = (file: string, text: string): void => {
    at.branch('next');
    at.ada.write(file, text);
    at.push();
    at.ada.git('push', '--quiet', 'origin', 'HEAD:main');
  };

  it('allows what may be deployed, and tells of how much', async () => {
    const { answer } = await gateIn(at.ada, '--env=production');
    assert.deepEqual(said(answer), [`allow present ${letter} v1`, `allow present ${triage} v1`]);
    assert.equal(answer.counts['active'], 0);
    assert.equal(answer.counts['prompts'], 2);
    assert.ok(answer.counts['files']! > 3);
    assert.equal((answer as unknown as { range: unknown }).range, null);
    const { out } = await at.ada.run('gate', '--env=production');
    assert.match(out, /2 prompts judged \(\d+ files of \w{12}, 0 deployments active\): 2 allowed/);
  });

  it('looks at what is active, too, and says when it was approved', async () => {
    await at.ada.ok('deploy', triage, '--env', 'production');
    const { answer } = await gateIn(at.ada, '--env=production');
    assert.deepEqual(said(answer), [`allow present ${letter} v1`, `allow active ${triage} v1`]);
    assert.deepEqual(
      answer.rows.map(({ order }) => order),
      ['before', 'before'],
    );
    assert.equal(answer.counts['active'], 1);
    merge(triage, 'Triage, not approved.\n');
    assert.deepEqual(await judge(1), [
      `deny present ${triage} -: bytes.unknown`,
      `allow present ${letter} v1`,
      `allow active ${triage} v1`,
    ]);
    assert.deepEqual(await judge(0, '--prompt=**/letter*'), [`allow present ${letter} v1`]);
    const old = await gateIn(at.ada, '--env=production', '--head=HEAD~1');
    assert.deepEqual(said(old.answer), [`allow present ${letter} v1`, `allow active ${triage} v1`]);
  });

  it('denies what was turned down after its deployment', async () => {
    await at.ravi.ok('reject', `${triage}@v1`, '-m', 'Too short', '--yes');
    const rows = await judge(1);
    assert.ok(
      rows.some((row) => row.startsWith(`deny active ${triage} v1: version.rejected`)),
      rows.join('\n'),
    );
    await at.ravi.ok('approve', `${triage}@v1`, '--yes');
    assert.ok((await judge(1)).includes(`allow active ${triage} v1`));
  });

  it('denies what came there by break-glass, until somebody approves it', async () => {
    await at.ada.ok('propose', triage, '-m', 'Urgent');
    const mira = at.world.clone(at.remote, 'mira', manager);
    await mira.ok('deploy', `${triage}@v2`, '--env', 'production', '--break-glass', 'INC-1');
    const [first] = await judge(1);
    assert.match(first!, /^deny active .*triage.* v2: approval\.missing.* breakGlass\.used$/);
    await at.ravi.ok('approve', `${triage}@v2`, '--yes');
    const rows = await judge(0);
    assert.ok(rows.includes(`allow active ${triage} v2: breakGlass.used`), rows.join('\n'));
  });

  it('counts the rules of an environment besides the general ones, for a range', async () => {
    at.branch('ranged');
    at.ada.write(letter, 'Letter, again.\n');
    at.push();
    const { ended, answer } = await gateIn(at.ada, '--base=main', '--env=production');
    assert.equal(ended.status, 1);
    assert.deepEqual(said(answer), [`deny changed ${letter} -: bytes.unknown`]);
    await at.approve(letter);
    assert.equal((await gateIn(at.ada, '--base=main', '--env=production')).ended.status, 0);
  });
});
