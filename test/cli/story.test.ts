import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { ActiveRow, EventRow, VersionRow } from '../../src/core/rows.js';
import type { SyncReport } from '../../src/trail/syncApi.js';
import { assertFailed } from './support/program.js';
import { author, manager, reviewer, World, type Clone } from './support/world.js';

const prompt = 'prompts/triage.prompt.md';
const firstText = '---\nmode: ask\n---\nYou triage patients. Ask for symptoms.\n';
const secondText = '---\nmode: ask\n---\nYou triage patients. Ask for allergies, then symptoms.\n';

describe('the story of three clones', function () {
  this.timeout(60_000);
  const world = new World('story', true);
  let ada: Clone;
  let ravi: Clone;
  let mira: Clone;

  before(async () => {
    const remote = world.remote('remote.git');
    ada = world.clone(remote, 'ada', author);
    ada.write(prompt, firstText);
    ada.write('README.md', 'Our clinic\n');
    ada.git('add', '.');
    ada.git('commit', '--quiet', '-m', 'First prompt');
    ada.git('push', '--quiet', 'origin', 'HEAD');
    await ada.ok('init', '--yes');
    ada.git('add', '.prompt-audit');
    ada.git('commit', '--quiet', '-m', 'Start the audit trail');
    ada.git('push', '--quiet', 'origin', 'HEAD');
    await ada.ok('sync');
    ravi = world.clone(remote, 'ravi', reviewer);
    mira = world.clone(remote, 'mira', manager);
  });
  after(() => world.remove());

  it('the author proposes the first version', async () => {
    const { rows } = await ada.json<VersionRow>('propose', prompt, '-m', 'First version');
    assert.equal(rows.length, 1);
    assert.equal(rows[0]?.label, 'v1');
    assert.equal(rows[0]?.state, 'waiting');
    assert.equal(rows[0]?.digest, digestOf(firstText));
  });

  it("the author's own approval is refused, and so is a deployment before an approval", async () => {
    assertFailed(
      await ada.run('approve', prompt, '--yes'),
      1,
      /triage\.prompt\.md/,
      /you contributed to this version/,
    );
    assertFailed(
      await ada.run('deploy', prompt, '--env', 'production'),
      1,
      /triage\.prompt\.md/,
      /not have enough approvals/,
    );
    const denied = (await ada.json<EventRow>('log', prompt, '--type', 'attempt.denied')).rows;
    assert.deepEqual(
      denied.map((row) => [row.who.name, row.version]),
      [
        ['Ada Author', 'v1'],
        ['Ada Author', 'v1'],
      ],
    );
  });

  it('the reviewer sees it in a fresh clone', async () => {
    const status = await ravi.json<{ path: string; waitsForMe: boolean }>('status');
    assert.deepEqual(
      status.rows.map((row) => [row.path, row.waitsForMe]),
      [[prompt, true]],
    );
    assert.equal(status.counts['waitingForMe'], 1);
    assert.match(
      await ravi.ok('status'),
      /Waiting for your decision\n {2}prompts\/triage\.prompt\.md +v1/,
    );
  });

  it('the reviewer approves it', async () => {
    const { rows } = await ravi.json<VersionRow>('approve', `${prompt}@v1`, '--yes', '-m', 'Safe');
    assert.equal(rows[0]?.state, 'approved');
    assert.deepEqual(
      rows[0]?.decisions.map((one) => [one.by.name, one.reason, one.unattended]),
      [['Ravi Reviewer', 'Safe', true]],
    );
  });

  it('the release manager deploys it', async () => {
    const { rows } = await mira.json<ActiveRow>(
      'deploy',
      prompt,
      '--env',
      'production',
      '-m',
      'Go',
    );
    assert.equal(rows[0]?.version, 'v1');
    assert.equal(rows[0]?.order, 'proven');
    assert.equal(rows[0]?.to, null);
  });

  it('a second version goes the same way, and is rolled back', async () => {
    ada.write(prompt, secondText);
    const recorded = await ada.json<{ outcome: string }>('record');
    assert.deepEqual(recorded.counts, { rows: 1, recorded: 1, unchanged: 0 });
    assert.match(await ada.ok('record'), /^Nothing to record: 1 prompt unchanged\./);
    assert.match(await ada.ok('propose', prompt, '-m', 'Ask for allergies'), /^Proposed .* v2 \(/);
    assert.match(await ravi.ok('approve', `${prompt}@v2`, '--yes'), /^Approved .* v2 .*unattended/);
    await mira.ok(
      'deploy',
      `${prompt}@${digestOf(secondText).slice(7, 14)}`,
      '--env',
      'production',
    );
    const { rows } = await mira.json<ActiveRow>(
      'rollback',
      prompt,
      '--env',
      'production',
      '-m',
      'Too long',
    );
    assert.equal(rows[0]?.version, 'v1');
    assert.equal(rows[0]?.rollback, true);
  });

  it('all three hold the same ledger after a sync', async () => {
    const points = [];
    for (const clone of [ada, ravi, mira]) {
      points.push((await clone.json<SyncReport>('sync')).ledger);
    }
    assert.deepEqual(points[1], points[0]);
    assert.deepEqual(points[2], points[0]);
    const { ledger, rows } = await ravi.json('verify');
    assert.deepEqual(ledger, points[0]);
    assert.deepEqual(rows, []);
  });

  it('the log says who did what, in one order for all', async () => {
    const mine = (await ada.json<EventRow>('log', prompt)).rows;
    const others = (await mira.json<EventRow>('log', prompt)).rows;
    assert.deepEqual(mine, others);
    const told = mine
      .filter((row) => /^(version|review|deployment)\./.test(row.type))
      .map((row) => [row.who.name, row.who.email, row.type, row.version, row.note]);
    assert.deepEqual(told, [
      ['Ada Author', 'ada@clinic.example', 'version.proposed', 'v1', 'First version'],
      ['Ravi Reviewer', 'ravi@clinic.example', 'review.decided', 'v1', 'Safe'],
      ['Mira Manager', 'mira@clinic.example', 'deployment.recorded', 'v1', 'Go'],
      ['Ada Author', 'ada@clinic.example', 'version.proposed', 'v2', 'Ask for allergies'],
      ['Ravi Reviewer', 'ravi@clinic.example', 'review.decided', 'v2', null],
      ['Mira Manager', 'mira@clinic.example', 'deployment.recorded', 'v2', null],
      ['Mira Manager', 'mira@clinic.example', 'deployment.recorded', 'v1', 'Too long'],
    ]);
    const seqs = mine.map((row) => row.seq);
    assert.deepEqual(
      seqs,
      [...seqs].sort((a, b) => a - b),
    );
    for (const row of mine) {
      for (const member of [
        'seq',
        'id',
        'type',
        'at',
        'who',
        'path',
        'version',
        'refs',
        'parents',
      ]) {
        assert.ok(member in row, member);
      }
    }
  });

  it('tells what was active at a moment, and who stands behind it', async () => {
    const at = async (time: string): Promise<readonly ActiveRow[]> =>
      (await ravi.json<ActiveRow>('active', prompt, '--env', 'production', '--at', time)).rows;
    const deployed = await ravi.json<EventRow>('log', prompt, '--type', 'deployment.recorded');
    const [first, second, third] = deployed.rows.map((row) => row.at) as [string, string, string];
    const told = async (time: string): Promise<unknown> =>
      (await at(time)).map((row) => [row.version, row.from, row.to]);
    assert.deepEqual(await told(justBefore(first)), []);
    assert.deepEqual(await told(first), [['v1', first, second]]);
    assert.deepEqual(await told(justBefore(second)), [['v1', first, second]]);
    assert.deepEqual(await told(second), [['v2', second, third]]);
    assert.deepEqual(await told(third), [['v1', third, null]]);
    const now = await ravi.json<ActiveRow>('active', prompt, '--env', 'production');
    assert.deepEqual(now.rows, await at(third));
    assert.ok(now.caveats.some((caveat) => caveat.includes('L2')));
    const [two] = await at(second);
    assert.deepEqual(
      [two?.path, two?.digest, two?.order, two?.deployedBy.email],
      [prompt, digestOf(secondText), 'proven', 'mira@clinic.example'],
    );
    assert.deepEqual(
      two?.authors.map((person) => person.name),
      ['Ada Author'],
    );
    assert.deepEqual(
      two?.approvers.map((person) => person.name),
      ['Ravi Reviewer'],
    );
  });

  it('shows the exact bytes of every version in every clone', async () => {
    assert.equal(await ravi.ok('show', `${prompt}@v1`, '--raw'), firstText);
    assert.equal(await mira.in('prompts').ok('show', 'triage.prompt.md@v2', '--raw'), secondText);
  });

  it('tells months later why an answer to a patient changed, proves it, and goes back', async () => {
    const [first, second, third] = (
      await ravi.json<EventRow>('log', prompt, '--type', 'deployment.recorded')
    ).rows as [EventRow, EventRow, EventRow];
    // The logs of the service hold the text that the model got that afternoon.
    ravi.write('incident.txt', secondText);
    const identified = await ravi.ok('identify', '--file', 'incident.txt');
    assert.match(identified, /triage\.prompt\.md v2 /);
    assert.match(identified, /production/);
    const [then, before] = [second.at, first.at];
    const shown = await ravi.ok('show', prompt, '--env', 'production', '--at', then, '--raw');
    assert.equal(shown, secondText);
    const changed = await ravi.ok(
      ...['diff', prompt, '--env', 'production', '--from', before, '--to', then],
    );
    assert.match(changed, /\{\+allergies, then ?\+\}/);
    assert.match(changed, /Ada Author/);
    const words = ['--grep', 'allergies', '--env', 'production'];
    const blamed = await ravi.ok('blame', `${prompt}@v2`, ...words);
    for (const word of ['v2', 'Ada Author', 'Ravi Reviewer']) assert.ok(blamed.includes(word));
    const trail = await ravi.json<EventRow>('trail', second.id);
    assert.deepEqual(
      trail.rows.map((row) => row.type).filter((type) => /^(version|review|depl)/.test(type)),
      ['version.proposed', 'review.decided', 'deployment.recorded', 'deployment.recorded'],
    );
    const exceptions = await ravi.run('exceptions', 'deployments', '--env', 'production');
    assert.equal(exceptions.status, 0);
    assert.match(exceptions.out, /3 deployments/);
    assert.deepEqual((await ravi.json('verify', '--full')).rows, []);
    const asked = ['report', '--deployment', second.id, '--out', 'incident.html'];
    const report = await ravi.run(...asked);
    // Ravi approved within seconds, which a report does not hide.
    assert.deepEqual([report.status, /1 exception/.test(report.out)], [1, true]);
    const again = await mira.json<ActiveRow>(
      ...['deploy', `${prompt}@v1`, '--env', 'production', '-m', 'As approved before'],
    );
    assert.deepEqual(
      again.rows.map(({ version, order }) => [version, order]),
      [['v1', 'proven']],
    );
    assert.notEqual(again.rows[0]?.deployment, third.id);
  });

  it('knows that nothing more waits', async () => {
    const { counts } = await ravi.json('status');
    assert.equal(counts['waiting'], 0);
    assert.equal(counts['unsent'], 0);
    assert.match(
      await ravi.ok('status'),
      /\nActive\n {2}production {2}prompts\/triage\.prompt\.md {2}v1 /,
    );
  });
});

function justBefore(time: string): string {
  return new Date(Date.parse(time) - 1).toISOString();
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
