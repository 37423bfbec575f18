import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Trail } from '../../src/trail/api.js';
import { initTrail } from '../../src/trail/openTrail.js';
import { failure } from '../tools/failure.js';
import type { Tables } from '../tools/tamperTables.js';
import { Attacked, branch, path } from './attackFixture.js';

const act = { reason: 'INC-40: the team compared both', identity: 'git' } as const;

describe('a decision about the ledger branch, in the clones of the others', function () {
  this.timeout(120_000);
  let team: Attacked;
  beforeEach(async () => (team = await Attacked.begin()));
  afterEach(() => team.clinic.dispose());

  const cut = ({ events }: Tables): void => void events.splice(-2);

  async function completeness(trail: Trail) {
    const { verdicts, findings } = await trail.verify();
    const open = findings.filter(({ severity, settled }) => severity !== 'info' && !settled);
    return { outcome: verdicts.completeness.outcome, open: open.map(({ code }) => code) };
  }

  /** The history behind what Ravi saw is replaced, by the decision of Ana to take a branch that was set back. */
  async function replaced(identity: 'git' | 'unattended' = 'git') {
    const ravi = await team.open('ravi');
    await ravi.sync();
    const good = team.tip();
    team.rollBack(1);
    const ana = await team.open('ana');
    await failure(ana.sync(), 'sync.rewritten');
    const done = await ana.resolveRemote({ keep: 'theirs', reason: act.reason, identity });
    return { ravi, good, event: done.event };
  }

  it('a replaced history is told with who decided it, and why', async () => {
    const { ravi, good, event } = await replaced();
    team.warnings.length = 0;
    await ravi.sync();
    const [told = ''] = team.warnings.filter((text) => /was replaced/.test(text));
    assert.match(told, /The trail says who decided it: Ana on 20.*INC-40/);
    assert.doesNotMatch(told, /names nobody/);
    const found = await team.finding(ravi, 'sync.replaced');
    assert.deepEqual([found.severity, found.reviewed?.event], ['info', event]);
    assert.match(found.reviewed!.disposition, /kept what the remote shows.*INC-40/);
    assert.ok(found.expected!.includes(good) && found.found!.includes(team.tip()));
    assert.ok(team.evidence('ravi').includes(good));
    assert.deepEqual(await completeness(ravi), { outcome: 'holds', open: [] });
    await ravi.sync();
    assert.deepEqual(await completeness(ravi), { outcome: 'holds', open: [] });
  });

  it('a clone that followed the other side is told the same when the branch is put back', async () => {
    const good = team.tip();
    const forged = await team.forge(cut);
    team.clinic.clone('rosa');
    const rosa = await team.open('rosa');
    await rosa.sync();
    const ana = await team.open('ana');
    await failure(ana.sync(), 'sync.rewritten');
    const done = await ana.resolveRemote({ keep: 'ours', ...act });
    await rosa.sync();
    const found = await team.finding(rosa, 'sync.replaced');
    assert.deepEqual([found.severity, found.reviewed?.event], ['info', done.event]);
    assert.ok(found.expected!.includes(forged.commit!));
    assert.deepEqual((await completeness(rosa)).open, []);
    assert.ok(team.clinic.git('remote.git', 'rev-list', branch).includes(good));
  });

  it('a review that nobody confirmed is shown, and does not count', async () => {
    const { ravi, event } = await replaced('unattended');
    team.warnings.length = 0;
    await ravi.sync();
    assert.ok(team.warnings.some((text) => /INC-40.* Nobody confirmed that review/.test(text)));
    const found = await team.finding(ravi, 'sync.replaced');
    assert.deepEqual([found.severity, found.settled], ['warning', false]);
    assert.deepEqual([found.reviewed?.event, found.reviewed?.notCounting], [event, 'unattended']);
    const report = await ravi.disposeFindings({
      keys: [found.key],
      disposition: 'Ana was asked',
      identity: 'git',
    });
    assert.deepEqual(
      report.findings.filter((one) => !one.settled && one.severity !== 'info'),
      [],
    );
  });

  it('an older decision does not explain that the history is replaced again', async () => {
    const { ravi } = await replaced();
    await ravi.sync();
    await team.forge(() => undefined);
    team.warnings.length = 0;
    await ravi.sync();
    assert.ok(team.warnings.some((text) => /The trail names nobody/.test(text)));
    const found = await team.findings(ravi, 'sync.replaced');
    assert.deepEqual(found.map(({ severity, settled }) => `${severity} ${settled}`).sort(), [
      'info true',
      'warning false',
    ]);
    assert.doesNotMatch(found.find((f) => !f.settled)!.remedy, /resolve/);
    assert.equal((await completeness(ravi)).outcome, 'doubtful');
  });

  it('nor where both happened while a clone was away', async () => {
    const { ravi } = await replaced();
    await team.forge(() => undefined);
    await ravi.sync();
    const found = await team.finding(ravi, 'sync.replaced');
    assert.deepEqual([found.severity, found.reviewed], ['warning', null]);
  });

  it('a clone that only met the attack has nothing to do once it is resolved elsewhere', async () => {
    const ravi = await team.open('ravi', { autoSync: false });
    // It saw less than Ana, so its finding is another one than hers.
    const first = await team.open('ana');
    team.clinic.write('ana', path, 'three\n');
    await first.propose({ path, note: 'third' });
    const bad = team.rollBack(2);
    await failure(ravi.sync(), 'sync.rewritten');
    assert.deepEqual((await completeness(ravi)).open, ['sync.rewritten']);
    assert.match((await team.finding(ravi, 'sync.rewritten')).remedy, /resolve --keep ours/);
    await failure(first.sync(), 'sync.rewritten');
    const done = await first.resolveRemote({ keep: 'ours', ...act });
    await ravi.sync();
    const found = await team.finding(ravi, 'sync.rewritten');
    assert.deepEqual([found.reviewed?.event, found.settled], [done.event, true]);
    assert.notEqual(found.key, (await team.finding(first, 'sync.rewritten')).key);
    assert.ok(found.found!.includes(bad.commit!) && team.evidence('ravi').includes(bad.commit!));
    assert.deepEqual((await completeness(ravi)).open, []);
    assert.equal((await ravi.status()).syncProblem, null);
  });

  it('also where the other side had gone on since', async () => {
    const ravi = await team.open('ravi', { autoSync: false });
    const bad = team.rollBack(1);
    await failure(ravi.sync(), 'sync.rewritten');
    team.clinic.clone('rosa');
    const rosa = await team.open('rosa');
    team.clinic.write('rosa', path, 'of rosa\n');
    await rosa.propose({ path, note: 'of rosa' });
    const ana = await team.open('ana');
    await failure(ana.sync(), 'sync.rewritten');
    const done = await ana.resolveRemote({ keep: 'ours', ...act });
    await ravi.sync();
    const found = await team.finding(ravi, 'sync.rewritten');
    assert.ok(found.found!.includes(bad.commit!));
    assert.equal(found.reviewed?.event, done.event);
  });

  it('where the branch is good again and nobody says why, a review is all that is left to do', async () => {
    const good = team.tip();
    team.rollBack(1);
    const ravi = await team.open('ravi');
    await failure(ravi.sync(), 'sync.rewritten');
    const { key } = await team.finding(ravi, 'sync.rewritten');
    team.force(good);
    await ravi.sync();
    const found = await team.finding(ravi, 'sync.rewritten');
    assert.equal(found.key, key, 'the finding stays the same one');
    assert.match(found.remedy, /goes on from what this clone saw again.*dispose KEY/);
    assert.doesNotMatch(found.remedy, /resolve/);
    assert.deepEqual([found.severity, found.settled], ['warning', false]);

    team.rollBack(1);
    await failure(ravi.sync(), 'sync.rewritten');
    const again = await team.findings(ravi, 'sync.rewritten');
    assert.equal(again.length, 1, 'the same attack again is to be resolved again');
    assert.match(again[0]!.remedy, /resolve --keep ours/);
  });

  describe('a fresh clone at a damaged branch', () => {
    const way =
      /never saw that branch good.*in a clone that has seen it good, run: prompt-audit resolve --keep ours/;

    const spoil = (): Promise<unknown> =>
      team.forge(({ events }) => void (events[2]!.header = '{}'));

    it('is told where it has to be mended', async () => {
      await spoil();
      team.clinic.clone('rosa');
      const error = await failure(team.open('rosa'), 'sync.rewritten');
      assert.match(error.remedy, way);
      assert.doesNotMatch(error.remedy, /theirs/);
    });

    it('where it cannot be taken, resolve says so', async () => {
      await spoil();
      const ana = await team.open('ana');
      const told = await failure(ana.resolveRemote({ keep: 'theirs', ...act }), 'sync.rewritten');
      assert.match(told.remedy, /cannot be taken.*seen it good.*resolve --keep ours/);
    });

    it('also by init', async () => {
      await spoil();
      team.clinic.clone('rosa');
      rmSync(join(team.clinic.folder, 'rosa/.prompt-audit'), { recursive: true });
      const folder = join(team.clinic.folder, 'rosa');
      const init = initTrail({ folder, tool: 'test/1', source: 'cli' }, { preset: 'team' });
      assert.match((await failure(init, 'sync.rewritten')).remedy, way);
    });

    it('a clone that has seen the good one is not offered to take it', async () => {
      await spoil();
      const { remedy } = await failure((await team.open('ana')).sync(), 'sync.rewritten');
      assert.match(remedy, /--keep ours/);
      assert.doesNotMatch(remedy, /--keep theirs/);
    });
  });
});
