import assert from 'node:assert/strict';
import type { Explanation } from '../../src/core/explainRows.js';
import type { EventRow, VersionRow } from '../../src/core/rows.js';
import type { DecidedRow } from '../../src/trail/reviewApi.js';
import { run } from '../../src/cli/run.js';
import { fakeEngine, fakeVersion } from './support/fakeTrail.js';
import { fakeTerminal } from './support/fakeTerminal.js';
import { assertFailed, envelopeOf } from './support/program.js';
import { author, manager, reviewer, World, type Clone } from './support/world.js';

const path = 'prompts/triage.prompt.md';
const other = 'prompts/intake.prompt.md';

describe('reviews on the command line', function () {
  this.timeout(120_000);
  let world: World;
  let ada: Clone;
  let ravi: Clone;
  let mira: Clone;
  beforeEach(async () => {
    world = new World('review');
    ada = world.repository('ada', author);
    [ravi, mira] = [ada.as(reviewer), ada.as(manager)];
    ada.write(path, 'You sort messages.\n');
    ada.write(other, 'You greet people.\n');
    await ada.ok('init', '--yes');
  });
  afterEach(() => world.remove());

  const policy = (more: object): void =>
    ada.write(
      '.prompt-audit/policy.jsonc',
      JSON.stringify({ version: 1, environments: { staging: {}, production: {} }, ...more }),
    );

  it('approves several versions at once, each judged on its own', async () => {
    await ada.ok('propose', path, '-m', 'first');
    await ravi.ok('propose', other, '-m', 'first');
    const ended = await ravi.run('approve', path, other, '--yes', '--json');
    assert.equal(ended.status, 1, ended.err);
    const { rows, counts } = envelopeOf<DecidedRow>(ended);
    assert.deepEqual(
      rows.map((row) => [row.version.path, row.event !== null, row.refused]),
      [
        [path, true, []],
        [other, false, ['approver.contributed']],
      ],
    );
    assert.equal(counts['refused'], 1);
    const denied = await ada.json<EventRow>('log', '--type', 'attempt.denied');
    assert.equal(denied.rows.length, 1);
    const both = await mira.ok('approve', path, other, '--yes');
    assert.match(both, /^Approved .*triage.*\nApproved .*intake.*\n$/);
  });

  it('takes back an own decision, and nobody else does', async () => {
    await ada.ok('propose', path, '-m', 'first');
    await ravi.ok('approve', path, '--yes');
    assertFailed(await mira.run('revoke', path, '-m', 'no', '--yes'), 1, /You have no decision/);
    const [approval] = (await ada.json<EventRow>('log', '--type', 'review.decided')).rows;
    assertFailed(
      await mira.run('revoke', approval!.id.slice(0, 9), '-m', 'no', '--yes'),
      1,
      /is by Ravi Reviewer/,
    );
    assertFailed(await ravi.run('revoke', path, '--yes'), 3, /needs a reason/);
    assert.match(
      await ravi.ok('revoke', path, '-m', 'wrong file', '--yes'),
      /^Revoked your decision on .* v1 .*: waiting, 0 of 1 approvals\.\n$/,
    );
    assertFailed(
      await ravi.run('revoke', approval!.id, '-m', 'again', '--yes'),
      1,
      /revoked already/,
    );
    assert.match(await ada.ok('show', path), /Decision .*Ravi Reviewer.*revoked/);
    assertFailed(await ada.run('deploy', path, '--env', 'production'), 1, /revoked/);
  });

  it('withdraws a version by who wrote it', async () => {
    await ada.ok('propose', path, '-m', 'first');
    assertFailed(
      await ravi.run('withdraw', path, '-m', 'no', '--yes'),
      1,
      /neither proposed .* nor contributed/,
    );
    assert.match(await ada.ok('withdraw', path, '-m', 'too early', '--yes'), /^Withdrew .* v1/);
    assertFailed(await ada.run('withdraw', path, '-m', 'x', '--yes'), 1, /withdrawn already/);
    assertFailed(await ravi.run('approve', path, '--yes'), 1, /it was withdrawn/);
    await ada.ok('propose', path, '-m', 'again');
    assert.match(await ravi.ok('approve', `${path}@v2`, '--yes'), /^Approved/);
  });

  it('asks people for reviews, first when it proposes', async () => {
    policy({
      people: {
        ravi: { emails: ['ravi@clinic.example', 'ravi@home.example'], handles: ['@ravi'] },
        bot: { emails: ['bot@clinic.example'], kind: 'service' },
      },
      groups: { '@clinic/safety': ['ravi', 'mira@clinic.example', 'bot'] },
    });
    // The policy of the working tree is adopted with the first decision; names are looked up in that one.
    await ada.ok('propose', other, '-m', 'first');
    await mira.ok('approve', other, '--yes');
    assertFailed(
      await ada.run('propose', path, '-m', 'first', '--reviewer', 'nobody here'),
      1,
      /Nobody is called nobody here/,
    );
    const said = await ada.ok('propose', path, '-m', 'first', '--reviewer', 'ravi@home.example');
    assert.match(said, /Asked to review it: ravi\.\n$/);
    assertFailed(
      await ada.run('request-review', path, 'bot@clinic.example'),
      1,
      /programs do not approve/,
    );
    const asked = await ada.json<VersionRow>('request-review', path, '@clinic/safety', '-m', 'x');
    assert.deepEqual(
      asked.rows[0]?.requested?.map(({ email }) => email),
      ['ravi@home.example', 'mira@clinic.example'],
    );
    assert.match(await ravi.ok('status'), /Waiting for your decision\n.*triage.*you are asked/);
    await ravi.ok('approve', path, '--yes');
    const left = await ada.json<VersionRow>('show', path);
    assert.deepEqual(
      left.rows[0]?.requested?.map(({ name }) => name),
      ['Mira Manager'],
    );
    assert.match(await mira.ok('status'), /Waiting for your decision\n.*triage.*you are asked/);
  });

  it('wants the words that the policy wants, and takes approvals for an environment', async () => {
    policy({
      approvals: { reason: true, meanings: ['medical review'] },
      environments: { staging: {}, production: { approvals: { scoped: true } } },
    });
    await ada.ok('propose', path, '-m', 'first');
    const refused = await ravi.run('approve', path, '--yes');
    assertFailed(refused, 1, /asks for a reason[\s\S]*meanings[\s\S]*"medical review"/);
    const words = ['-m', 'read it', '--meaning', 'medical review', '--yes'];
    assertFailed(
      await ravi.run('approve', path, '--env', 'moon', ...words),
      1,
      /no environment "moon"/,
    );
    await ravi.ok('approve', path, ...words);
    assert.match(await ada.ok('deploy', path, '--env', 'staging'), /^Deployed/);
    assertFailed(
      await ada.run('deploy', path, '--env', 'production'),
      1,
      /not given for this environment/,
    );
    assert.match(
      await mira.ok('approve', path, '--env', 'production', ...words),
      / for production: approved/,
    );
    assert.match(await ada.ok('deploy', path, '--env', 'production'), /^Deployed/);
  });

  it('explains a deployment by what stood before it, with what came later beside it', async () => {
    await ada.ok('propose', path, '-m', 'first');
    await ravi.ok('approve', path, '--yes');
    await ada.ok('deploy', path, '--env', 'production');
    await ravi.ok('revoke', path, '-m', 'wrong file', '--yes');
    const [deployed] = (await ada.json<EventRow>('log', '--type', 'deployment.recorded')).rows;
    const id = deployed!.id;
    const said = await ada.ok('explain', id.slice(0, 8));
    assert.match(
      said,
      /^The deployment of v1 to production was allowed by the policy of that time/,
    );
    assert.match(said, /people who approve it +pass +1 person +1/);
    assert.doesNotMatch(said, /not asked/);
    assert.match(await ada.ok('explain', id, '--all'), /· with a reason +not asked/);
    assert.match(said, /by a person, not a program +pass +yes/);
    assert.match(said, /approved v1 +Ravi Reviewer .* before +counts/);
    assert.match(
      said,
      /Later, and no part of the verdict\n.*\n.*revoked.* after +a decision on it/,
    );
    const { rows } = await ada.json<Explanation>('explain', id);
    assert.deepEqual([rows[0]?.allowed, rows[0]?.reasons], [true, []]);
    assert.equal(rows[0]?.policy.source, 'working-tree');
    assert.match(await ada.ok('active', path), /production .* proven/);
  });

  it('explains refusals, decisions and versions, and says where nothing judges', async () => {
    await ada.ok('propose', path, '-m', 'first');
    const { out } = await ada.run('explain', path);
    assert.match(out, /· by a person, not a program +- +yes/, 'there is no approval to look at');
    assertFailed(await ada.run('explain', 'zzz'), 1, /zzz.*neither an event nor a prompt/);
    await ada.run('approve', path, '--yes');
    await ada.run('deploy', path, '--env', 'production');
    await ravi.ok('approve', path, '--yes');
    const denied = (await ada.json<EventRow>('log', '--type', 'attempt.denied')).rows;
    const why = async (id: string): Promise<[number | null, Explanation]> => {
      const ended = await ada.run('explain', id, '--json');
      return [ended.status, envelopeOf<Explanation>(ended).rows[0]!];
    };
    const [status, decision] = await why(denied[0]!.id);
    assert.equal(status, 1);
    assert.deepEqual(decision.reasons, ['approver.contributed']);
    const [, deployment] = await why(denied[1]!.id);
    assert.deepEqual(deployment.reasons, ['approval.missing']);
    assert.match(deployment.later.at(-1)?.text ?? '', /somebody approved it/);
    assert.match(await ada.ok('explain', path), /has the approvals for development, staging, prod/);
    const [approved] = (await ada.json<EventRow>('log', '--type', 'review.decided')).rows;
    assert.match(await ada.ok('explain', approved!.id), /^This decision on v1 was allowed/);
    const [first] = (await ada.json<EventRow>('log')).rows;
    assert.match(await ada.ok('explain', first!.id), /No policy judges such an event/);
    assertFailed(await ada.run('explain', '0123456'), 1, /No event begins with 0123456/);
  });
});

describe('asking for several decisions', () => {
  const two = [fakeVersion(), fakeVersion({ id: 'f'.repeat(64) as VersionRow['id'], path: other })];

  it('lists them all in one question, and asks for the words that the policy wants', async () => {
    const given: unknown[] = [];
    const { engine } = fakeEngine({
      version: async (name) => (name.includes('intake') ? two[1]! : two[0]!),
      approvalAsks: async () => ({ reason: true, meanings: ['safe', 'medical'], scoped: [] }),
      explain: async () => null,
      decideAll: async (input) => {
        given.push(input);
        return two.map((version) => ({ version, event: version.id, refused: [] }));
      },
    });
    const terminal = fakeTerminal({ answers: ['y', 'read them', '2'] });
    assert.equal(await run(['approve', `${path}@v12`, `${other}@v12`], terminal, engine), 0);
    assert.deepEqual(terminal.asked, [
      'Approve as Ravi Reviewer <ravi@example.org>:\n' +
        '  prompts/triage.prompt.md v12 (3f9c21d)\n' +
        '  prompts/intake.prompt.md v12 (3f9c21d)\n' +
        'All 2? Recorded permanently. [y/N] ',
      'Reason: ',
      'What it means:\n  1  safe\n  2  medical\nNumber: ',
    ]);
    assert.deepEqual(given, [
      {
        targets: two.map(({ id }) => id),
        decision: 'approved',
        identity: 'git',
        reason: 'read them',
        meaning: 'medical',
      },
    ]);
  });
});
