import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';
import { Attacked } from './attackFixture.js';

describe('a contradiction of a remote that does not hold the ledger of this clone', function () {
  this.timeout(120_000);
  let team: Attacked;
  beforeEach(async () => (team = await Attacked.begin()));
  afterEach(() => team.clinic.dispose());

  it('after a mistyped remote of another ledger: the way back, and a review is all that is left', async () => {
    const { clinic } = team;
    const foreign = new Clinic();
    try {
      foreign.clone('mallory');
      await foreign.init('mallory');
      clinic.git('ana', 'remote', 'add', 'two', foreign.remote);
      const ana = await team.open('ana');
      const point = await ana.point();
      const { message, remedy } = await failure(ana.sync({ remote: 'two' }), 'ledger.foreign');
      assert.match(message, /has its ledger on origin, not on two/);
      assert.match(remedy, /prompt-audit sync --remote origin/);
      assert.doesNotMatch(remedy, /--keep/);
      const found = await team.finding(ana, 'ledger.foreign');
      assert.match(found.remedy, /on origin, so nothing is to be decided about two.*dispose KEY/);
      assert.doesNotMatch(found.remedy, /resolve/);
      await ana.sync();
      assert.deepEqual(await ana.point(), point);
      const { syncProblem, remote } = await ana.status();
      assert.deepEqual([syncProblem, remote], [null, 'origin']);
      const report = await ana.disposeFindings({
        keys: [found.key],
        disposition: 'A slip',
        identity: 'git',
      });
      assert.equal(report.findings.find(({ key }) => key === found.key)?.settled, true);
    } finally {
      await foreign.dispose();
    }
  });

  it('after the team has moved: the old remote leaves nothing to decide', async () => {
    const { clinic } = team;
    await team.forge(({ events }) => void events.splice(-2));
    const ana = await team.open('ana');
    await failure(ana.sync(), 'sync.rewritten');
    const { key, remedy } = await team.finding(ana, 'sync.rewritten');
    assert.match(remedy, /resolve --keep ours\|theirs/);
    clinic.git('.', 'init', '--quiet', '--bare', 'new.git');
    clinic.git('ana', 'remote', 'add', 'new', join(clinic.folder, 'new.git'));
    await ana.sync({ remote: 'new' });
    const found = await team.finding(ana, 'sync.rewritten');
    assert.equal(found.key, key, 'the finding stays the same one');
    assert.match(found.remedy, /on new, so nothing is to be decided about origin.*dispose KEY/);
    assert.doesNotMatch(found.remedy, /resolve/);
    // Who goes back there is told again, and that the ledger is elsewhere.
    const again = await failure(ana.sync({ remote: 'origin' }), 'sync.rewritten');
    assert.match(again.remedy, /prompt-audit sync --remote new/);
  });
});
