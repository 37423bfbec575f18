import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { BreakGlassRow, ManifestPrompt, RetiredRow } from '../../src/core/deploymentRows.js';
import type { Explanation } from '../../src/core/explainRows.js';
import type { ActiveRow, EventRow } from '../../src/core/rows.js';
import { assertFailed, envelopeOf } from './support/program.js';
import { author, manager, reviewer, World, type Clone } from './support/world.js';

const path = 'prompts/triage.prompt.md';
const other = 'prompts/intake.prompt.md';

describe('deployments on the command line', function () {
  this.timeout(120_000);
  let world: World;
  let ada: Clone;
  let ravi: Clone;
  let mira: Clone;
  beforeEach(async () => {
    world = new World('deployments');
    ada = world.repository('ada', author);
    [ravi, mira] = [ada.as(reviewer), ada.as(manager)];
    ada.write(path, 'one\n');
    ada.write(other, 'hello\n');
    await ada.ok('init', '--yes');
  });
  afterEach(() => world.remove());

  const policy = (environments: object, more: object = {}): void =>
    ada.write('.prompt-audit/policy.jsonc', JSON.stringify({ version: 1, environments, ...more }));

  async function approved(text = 'one\n'): Promise<void> {
    ada.write(path, text);
    await ada.ok('propose', path, '-m', 'n');
    await ravi.ok('approve', path, '--yes');
  }

  it('promotes from one environment to the next, and nothing else comes there', async () => {
    policy({ staging: {}, production: { after: 'staging' } });
    await approved();
    const refused = await mira.run('deploy', path, '--env', 'production');
    assertFailed(refused, 1, /was not deployed with success to the environment before/);
    const promote = ['deploy', path, '--promote-from', 'staging', '--env', 'production'];
    const nowhere = ['deploy', path, '--promote-from', 'stagin', '--env', 'production'];
    assertFailed(await mira.run(...nowhere), 1, /no environment "stagin"/);
    assertFailed(await mira.run(...promote), 1, /Nothing of .*triage.* is active in staging/);
    const [first] = (await mira.json<ActiveRow>('deploy', path, '--env', 'staging')).rows;
    // What is active in staging, not the newest version.
    await approved('two\n');
    const [row] = (
      await mira.json<ActiveRow>(...promote, '--release', '1.2', '--pipeline', 'run 7')
    ).rows;
    assert.deepEqual(
      [row?.version, row?.promotedFrom, row?.release, row?.pipeline],
      ['v1', first?.deployment, '1.2', 'run 7'],
    );
    const named = await mira.run(
      ...['deploy', `${path}@v2`, '--promote-from', 'staging', '--env', 'production'],
    );
    assertFailed(named, 1, /bytes of .*triage.* were not deployed to staging/);
    const [denied] = (await ada.json<EventRow>('log', '--type', 'attempt.denied')).rows;
    const explained = await ada.run('explain', denied!.id, '--json');
    assert.equal(explained.status, 1);
    const [why] = envelopeOf<Explanation>(explained).rows;
    assert.deepEqual(why?.reasons, ['deployment.notPromoted']);
  });

  it('records what failed, which changes nothing of what is active', async () => {
    await approved();
    await mira.ok('deploy', path, '--env', 'production');
    await approved('two\n');
    assert.match(
      await mira.ok('deploy', path, '--env', 'production', '--outcome', 'failed', '--ref', 'run 3'),
      /^Recorded that .*triage.* v2 .* could not be deployed to production\. What is active there stays\.\n$/,
    );
    const [active, ...more] = (await ada.json<ActiveRow>('active', path)).rows;
    assert.equal(more.length, 0);
    assert.equal(active?.version, 'v1');
    assert.deepEqual(
      active?.failed?.map(({ version }) => version),
      ['v2'],
    );
    assert.match(await ada.ok('active', path), /Note: .* v2 failed there at /);
    assert.match(await ada.ok('log', path), /failed to deploy v2 to production/);
    const both = ['deploy', path, '--env', 'production', '--failed', '--outcome', 'succeeded'];
    assertFailed(await mira.run(...both), 3, /contradict/);
    const wrong = ['deploy', path, '--env', 'production', '--outcome', 'maybe'];
    assertFailed(await mira.run(...wrong), 3, /--outcome "maybe" is unknown/);
  });

  it('rolls back by what is approved today, and says what it leaves', async () => {
    policy({ production: {} });
    await approved();
    await mira.ok('deploy', path, '--env', 'production');
    await approved('two\n');
    await mira.ok('deploy', path, '--env', 'production');
    assert.match(
      await mira.ok('rollback', path, '--env', 'production', '-m', 'too long'),
      /^Rolled back to .*triage.* v1 .* in production, which leaves v2, active since /,
    );
    const first = ['--env', 'production', '-m', 'r'];
    assertFailed(await mira.run('rollback', path, '--to', '1', ...first), 1, /--to v1/);
    for (const words of [
      ['rollback', `${path}@v1`, ...first],
      ['undeploy', `${path}@v1`, ...first],
      ['show', `${path}@v1`, '--env', 'production'],
    ])
      assertFailed(await mira.run(...words), 1, /names a version where a prompt is meant/);
    // Today's policy wants two.
    policy({ production: { approvals: { required: 2 }, breakGlass: { review: '1h' } } });
    await ada.ok('propose', other, '-m', 'n');
    const back = ['rollback', path, '--env', 'production', '--to', 'v2', '-m', 'r'];
    assertFailed(await mira.run(...back), 1, /not have enough approvals/);
    const [row] = (await mira.json<ActiveRow>(...back, '--break-glass')).rows;
    assert.deepEqual([row?.version, row?.breakGlass, row?.leaves?.version], ['v2', true, 'v1']);
  });

  it('ends what is active, by who may deploy', async () => {
    policy(
      { staging: {}, production: { deployers: ['release'] } },
      { roles: { release: [manager.email] } },
    );
    await approved();
    await mira.ok('deploy', path, '--env', 'production');
    const end = ['undeploy', path, '--env', 'production'];
    assertFailed(await mira.run(...end), 3, /undeploy needs a reason/);
    assertFailed(await ravi.run(...end, '-m', 'r'), 1, /none of the roles that may deploy/);
    const [denied] = (await ada.json<EventRow>('log', '--type', 'attempt.denied')).rows;
    assert.equal(
      denied?.summary,
      'tried to end the deployment of v1 in production and was refused',
    );
    const why = (await ada.run('explain', denied.id)).out;
    assert.match(why, /^To undeploy v1 in production was refused: /);
    assertFailed(await mira.run('undeploy', path, '--env', 'staging', '-m', 'r'), 1, /Nothing of/);
    const before = new Date(Date.now() - 1).toISOString();
    assert.match(
      await mira.ok(...end, '-m', 'switched off'),
      /^Undeployed .*triage.* v1 .* in production, where it was active since /,
    );
    const empty = await ada.ok('active', path, '--env', 'production');
    assert.match(empty, /^Nothing of .*triage.* is active in production\.\n/);
    assert.match(empty, /It was undeployed .* by Mira Manager: switched off/);
    const [then] = (await ada.json<ActiveRow>('active', path, '--at', before)).rows;
    assert.equal(then?.ended?.reason, 'switched off');
    const back = await mira.run('rollback', path, '--env', 'production', '-m', 'r');
    assertFailed(back, 1, /it was undeployed/);
    const [ended] = (await ada.json<EventRow>('log', '--type', 'deployment.ended')).rows;
    const [explained] = (await ada.json<Explanation>('explain', ended!.id)).rows;
    assert.equal(explained?.allowed, true);
    await ada.ok('verify');
  });

  it('retires what is active nowhere, for good', async () => {
    await approved();
    await mira.ok('deploy', path, '--env', 'staging');
    assertFailed(await ada.run('retire', path, '-m', 'r'), 1, /it is active in staging/);
    await mira.ok('undeploy', path, '--env', 'staging', '-m', 'r');
    const [row] = (await ada.json<RetiredRow>('retire', path, '-m', 'the form replaces it')).rows;
    assert.deepEqual([row?.path, row?.reason], [path, 'the form replaces it']);
    assertFailed(await ada.run('retire', path, '-m', 'r'), 1, /retired already/);
    const refused = await mira.run('deploy', `${path}@v1`, '--env', 'staging');
    assertFailed(refused, 1, /the prompt was retired/);
    assert.match(await ada.ok('log', path), /retired the prompt/);
    // What is recorded there later is another prompt.
    ada.write(path, 'new\n');
    assert.match(await ada.ok('propose', path, '-m', 'n'), / v1 /);
    const prompts = (await ada.json<EventRow>('log', '--type', 'prompt.registered')).rows;
    assert.deepEqual(
      prompts.map((row) => row.path),
      [path, path],
    );
  });

  it('ends what is active in an environment that the policy has no more', async () => {
    await approved();
    await mira.ok('deploy', path, '--env', 'staging');
    policy({ production: {} });
    await approved('two\n');
    for (const asked of [
      ['active'],
      ['baseline', '--env', 'staging'],
      ['show', path, '--env', 'staging'],
    ])
      assert.match(await ada.ok(...asked), /the policy has no environment "staging" any more/);
    const manifest = await ada.run('manifest', '--env', 'staging');
    assert.match(manifest.err, /the policy has no environment "staging" any more/);
    assertFailed(await mira.run('undeploy', path, '--env', 'stagin', '-m', 'r'), 1, /Nothing of/);
    await mira.ok('undeploy', path, '--env', 'staging', '-m', 'r');
    await ada.ok('retire', path, '-m', 'r');
    await ada.ok('verify');
  });

  it('tells of a retired prompt by its path, and that another came there', async () => {
    await approved();
    await mira.ok('deploy', path, '--env', 'staging');
    await mira.ok('undeploy', path, '--env', 'staging', '-m', 'r');
    await ada.ok('retire', path, '-m', 'r');
    assert.match(await ada.ok('trail', path), /retired the prompt/);
    assert.match(await ada.ok('show', path), /triage.prompt.md \(retired\)/);
    assert.match(await ada.ok('identify', '--file', path), /The prompt was retired/);
    assert.match(await ada.ok('exceptions', 'deployments', path), /0 of 1/);
    await ada.ok('rollbacks', path);
    for (const [what, out] of [
      ['export', 'evidence'],
      ['report', 'evidence.html'],
    ] as const)
      assert.match((await ada.run(what, '--prompt', path, '--out', out)).out, /1 deployment/);
    const more = /More prompts had the path prompts\/triage/;
    assert.doesNotMatch(await ada.ok('log', path), more);
    ada.write(path, 'new\n');
    await ada.ok('propose', path, '-m', 'n');
    for (const asked of [
      ['log', path],
      ['trail', path],
      ['exceptions', 'deployments', path],
    ])
      assert.match(await ada.ok(...asked), more, asked[0]);
    assert.match(await ada.ok('exceptions', 'deployments', path), /0 of 0/);
  });

  it('acts on no prompt by a former name of it where another file is now', async () => {
    await approved();
    const moved = 'prompts/renamed.prompt.md';
    ada.git('add', '-A');
    ada.git('commit', '--quiet', '-m', 'all');
    ada.git('mv', path, moved);
    ada.git('commit', '--quiet', '-m', 'moved');
    await ada.ok('record');
    assert.match(await mira.ok('deploy', path, '--env', 'staging'), /renamed/);
    ada.write(path, 'quite another\n');
    const before = (await ada.json('log')).rows.length;
    for (const [who, ...words] of [
      [mira, 'deploy', path, '--env', 'staging'],
      [mira, 'deploy', `${path}@v1`, '--env', 'production'],
      [mira, 'deploy', path, '--promote-from', 'staging', '--env', 'production'],
      [mira, 'rollback', path, '--env', 'staging', '-m', 'r'],
      [mira, 'undeploy', path, '--env', 'staging', '-m', 'r'],
      [ada, 'retire', path, '-m', 'r'],
      [ravi, 'reject', path, '-m', 'r', '--yes'],
      [ravi, 'revoke', path, '-m', 'r', '--yes'],
      [ada, 'withdraw', path, '-m', 'r', '--yes'],
      [ada, 'request-review', path, reviewer.email],
    ] as const)
      assertFailed(
        await who.run(...words),
        1,
        /not recorded yet; the path was a former name of prompts\/renamed/,
      );
    assert.equal((await ada.json('log')).rows.length, before);
    assert.match(await ada.ok('show', path), /renamed/);
  });

  it('has break-glass deployments reviewed by somebody else', async () => {
    policy(
      { production: { breakGlass: { review: '24h', reviewers: ['compliance'] } } },
      { roles: { compliance: [reviewer.email, manager.email] } },
    );
    await ada.ok('propose', path, '-m', 'n');
    const glass = await mira.ok(
      ...['deploy', path, '--env', 'production', '--break-glass', 'fire', '-m', 'run 7'],
    );
    const [glassed] = (await ada.json<EventRow>('log', '--type', 'deployment.recorded')).rows;
    assert.equal(glassed?.note, 'fire\n\nrun 7');
    assert.match(glass, /Somebody else with the role compliance has to review it by /);
    assert.match(await ada.ok('status'), /Break-glass to review\n.*triage.*"fire.*run 7".*due /);
    const review = ['review-deployment', path, '--env', 'production', '-m', 'right', '--yes'];
    assertFailed(await mira.run(...review), 1, /you deployed it yourself/);
    assertFailed(await ada.run(...review), 1, /none of the roles whose reviews count/);
    assertFailed(await ravi.run(...review.slice(0, 4)), 3, /needs findings/);
    const [row] = (await ravi.json<BreakGlassRow>(...review, '--outcome', 'objected')).rows;
    assert.deepEqual([row?.state, row?.review?.findings], ['objected', 'right']);
    assert.match(await ada.ok('status'), /Break-glass to review\n.*triage.*Ravi Reviewer objected/);
    assert.match(
      await ravi.ok('review-deployment', path, '-m', 'settled', '--yes'),
      /^Accepted the break-glass deployment of .*triage.* v1 to production by Mira Manager: "fire.*run 7"\.\n$/,
    );
    assert.doesNotMatch(await ada.ok('status'), /Break-glass to review/);
    assertFailed(await ravi.run(...review), 1, /No break-glass deployment .* waits/);
    const denied = (await ada.json<EventRow>('log', '--type', 'attempt.denied')).rows;
    const why = (await ada.run('explain', denied[0]!.id)).out;
    assert.match(why, /was refused: it is by who had deployed it/);
    const [done] = (await ada.json<EventRow>('log', '--type', 'deployment.reviewed')).rows;
    assert.match(await ada.ok('explain', done!.id), /counts by the policy of that deployment/);
    await ravi.ok('approve', path, '--yes');
    const needless = await ravi.json<ActiveRow>(
      ...['deploy', path, '--env', 'production', '--break-glass', 'fire'],
    );
    const [plain] = needless.rows;
    assert.match(needless.caveats.join(), /Break-glass was not needed: it was by the rules/);
    const event = plain!.deployment;
    assertFailed(await mira.run('review-deployment', event, '-m', 'x', '--yes'), 1, /by the rules/);
    await ada.ok('verify');
  });

  it('prints what a runtime loads, the same bytes for the same prompts', async () => {
    await approved('Grüße, "Ana"\n');
    await mira.ok('deploy', path, '--env', 'production');
    const text = await ada.ok('manifest', '--env', 'production', '--texts');
    assert.equal(text, await mira.ok('manifest', '--env', 'production', '--texts'));
    const document = JSON.parse(text) as { format: string; prompts: ManifestPrompt[] };
    assert.equal(document.format, 'prompt-audit-manifest/1');
    const [prompt] = document.prompts;
    assert.equal(prompt?.text, 'Grüße, "Ana"\n');
    const sum = (of: string): string => createHash('sha256').update(of).digest('hex');
    assert.equal(prompt.digest, `sha256:${sum(prompt.text)}`);
    const envelope = await ada.json<ManifestPrompt>('manifest', '--env', 'production', '--texts');
    assert.deepEqual(envelope.rows, document.prompts);
    assert.equal((envelope as unknown as { digest: string }).digest, `sha256:${sum(text)}`);
    const file = await ada.ok('manifest', '--env', 'production', '--texts', '--out', 'm.json');
    assert.equal(file, `m.json: 1 prompt, sha256:${sum(text)}\n`);
    assert.equal(ada.read('m.json').toString(), text);
    // Others' events change nothing of it.
    await ada.ok('propose', other, '-m', 'n');
    assert.equal(await ada.ok('manifest', '--env', 'production', '--texts'), text);
    assert.match(await ada.ok('manifest', '--env', 'staging'), /"prompts":\[\]/);
    assertFailed(await ada.run('manifest', '--env', 'prod'), 1, /no environment "prod"/);
    const early = await ada.run('manifest', '--env', 'production', '--at', '2020-01-01');
    assert.match(early.out, /"prompts":\[\]/);
  });

  it('says in a manifest that a text was redacted', async () => {
    policy({ production: {} }, { roles: { r: ['*'] }, redaction: { roles: ['r'] } });
    await approved('secret\n');
    await mira.ok('deploy', path, '--env', 'production');
    await ada.ok('redact', `${path}@v1`, '-m', 'secret', '--yes');
    const ended = await ada.run('manifest', '--env', 'production', '--texts', '--json');
    assert.equal(ended.status, 1, ended.err);
    const { rows, caveats } = envelopeOf<ManifestPrompt>(ended);
    assert.deepEqual([rows[0]?.text, rows[0]?.absent], [undefined, 'redacted']);
    assert.match(caveats.join(), /triage.* v1 is redacted/);
  });
});
