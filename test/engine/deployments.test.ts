import assert from 'node:assert/strict';
import { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';

const path = 'prompts/triage.prompt.md';
const environments = {
  staging: {},
  production: { after: 'staging', breakGlass: { review: '1h' } },
};

describe('deployments of a team', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  beforeEach(async () => {
    clinic = new Clinic();
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    const policy = JSON.stringify({ version: 1, approvals: { required: 0 }, environments });
    clinic.write('ana', '.prompt-audit/policy.jsonc', policy);
    clinic.commit('ana');
    clinic.clone('ravi');
  });
  afterEach(() => clinic.dispose());

  const to = (env: string) => ({ target: path, env, identity: 'git' }) as const;

  it('by two clones at once: the agreed order decides, and both rows say so', async () => {
    const ana = await clinic.open('ana', { autoSync: false });
    await ana.propose({ path, note: 'n' });
    await ana.sync();
    const ravi = await clinic.open('ravi', { autoSync: false });
    await ravi.sync();
    const first = await ana.deploy(to('staging'));
    const second = await ravi.deploy(to('staging'));
    await ana.sync();
    await ravi.sync();
    await ana.sync();
    for (const trail of [ana, ravi]) {
      const [active, ...more] = await trail.active(path, 'staging');
      assert.equal(more.length, 0);
      assert.equal(active?.deployment, second.deployment);
      assert.deepEqual(active?.unseen, [first.deployment]);
      assert.equal(
        (await trail.verify()).findings.some((f) => f.severity === 'error'),
        false,
      );
    }
    // Both came before it, so either is a promotion.
    const row = await ana.deploy(to('production'));
    assert.equal(row.promotedFrom, second.deployment);
  });

  it('ended in one clone while another one deploys: what is newer stays', async () => {
    const ana = await clinic.open('ana', { autoSync: false });
    await ana.propose({ path, note: 'n' });
    await ana.deploy(to('staging'));
    await ana.sync();
    const ravi = await clinic.open('ravi', { autoSync: false });
    await ravi.sync();
    const newer = await ravi.deploy(to('staging'));
    await ravi.sync();
    await ana.undeploy({ path, env: 'staging', reason: 'r', identity: 'git' });
    await ana.sync();
    const [active] = await ana.active(path, 'staging');
    assert.equal(active?.deployment, newer.deployment);
    // So it is not retired either.
    const input = { path, reason: 'r', identity: 'git' } as const;
    assert.match((await failure(ana.retire(input), 'retire.active')).message, /in staging/);
  });

  it('with reviews that are the same from the cache and after a sealed volume', async () => {
    const limits = { sealBytes: 40_000, snapshotEvery: 5 };
    const ana = await clinic.open('ana', { limits });
    await ana.propose({ path, note: 'n' });
    const glass = await ana.deploy({ ...to('production'), breakGlass: 'outage' });
    const failed = await ana.deploy({ ...to('staging'), outcome: 'failed' });
    const ravi = await clinic.open('ravi', { limits });
    const [open] = await ravi.breakGlassReviews({ waiting: true });
    assert.equal(open?.deployment, glass.deployment);
    assert.equal((await ravi.status()).breakGlass?.length, 1);
    const review = { deployment: glass.deployment, identity: 'git' } as const;
    await failure(ana.reviewDeployment({ ...review, findings: 'mine' }), 'review.refused');
    await failure(
      ana.reviewDeployment({ ...review, deployment: failed.deployment, findings: 'f' }),
      'review.notBreakGlass',
    );
    const done = await ravi.reviewDeployment({ ...review, findings: 'right' });
    assert.equal(done.state, 'accepted');
    for (let i = 0; i < 40; i++) {
      clinic.write('ravi', path, `${i}\n`);
      await ravi.recordSave(path);
    }
    await ravi.sync();
    await ravi.close();
    const again = await clinic.open('ravi', { limits });
    const rows = await again.breakGlassReviews();
    assert.deepEqual(rows, await again.breakGlassReviews({ path }));
    assert.deepEqual(
      rows.map((row) => [row.deployment, row.state, row.review?.by.name, row.review?.findings]),
      [[glass.deployment, 'accepted', 'Ravi', 'right']],
    );
    assert.equal((await again.status()).breakGlass, undefined);
    const [active] = await again.active(path, 'production');
    assert.equal(active?.breakGlass, true);
    assert.deepEqual(await again.active(path, 'staging'), []);
    const { findings } = await again.verify({ full: true });
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['policy.neverProtected'],
    );
    const manifest = await again.manifest({ env: 'production', texts: true });
    await ana.sync();
    assert.equal((await ana.manifest({ env: 'production', texts: true })).text, manifest.text);
  });
});
