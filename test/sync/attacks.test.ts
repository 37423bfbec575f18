import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepEvidenceRef } from '../../src/git/evidence.js';
import { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';
import { headerOf, idOf, put, rebuildChain, type Tables } from '../tools/tamperTables.js';
import { Attacked, branch, path } from './attackFixture.js';

const absent = { commit: null, size: null, root: null };

const renumber = ({ events }: Tables): void => {
  for (const [at, row] of events.entries()) row.seq = at + 1;
};

/** Every approval becomes the author's own, and all that builds on it is made to fit. */
function recompute({ events }: Tables): void {
  const old = events.map(idOf);
  const row = events.find((one) => headerOf(one)['type'] === 'review.decided')!;
  put(row, { ...headerOf(row), who: headerOf(events[0]!)['who']! });
  rebuildChain(events, old);
}

describe('attacks on the ledger branch', function () {
  this.timeout(120_000);
  let team: Attacked;
  beforeEach(async () => (team = await Attacked.begin()));
  afterEach(() => team.clinic.dispose());

  it('a rollback to an old commit', async () => {
    const shown = team.rollBack(1);
    await team.assertFound('ana', shown);
  });

  it('the newest events cut off, by a force push and by a normal one', async () => {
    const cut = ({ events }: Tables): void => void events.splice(-2);
    await team.assertFound('ana', await team.forge(cut, true));
    team.force(`${branch}~1`);
    await team.assertFound('ravi', await team.forge(cut));
  });

  it('events in another order', async () => {
    // A person and a prompt that had not seen each other could stand either way, but not once they were synced.
    const swap = (tables: Tables): void => {
      tables.events.splice(-2, 2, tables.events.at(-1)!, tables.events.at(-2)!);
      renumber(tables);
    };
    const { message } = await team.assertFound('ana', { ...(await team.forge(swap)) });
    assert.match(message, /so its checkpoint claims; the events cannot be read/);
  });

  it('the whole ledger recomputed', async () => {
    await team.assertFound('ana', await team.forge(recompute));
  });

  it('a branch that is no ledger', async () => {
    const file = join(team.clinic.folder, 'junk');
    writeFileSync(file, 'junk');
    const blob = team.clinic.git('remote.git', 'hash-object', '-w', file);
    const options = { cwd: team.clinic.remote, input: `100644 blob ${blob}\tledger.sqlite\n` };
    const tree = execFileSync('git', ['mktree'], options).toString().trim();
    const who = ['-c', 'user.name=x', '-c', 'user.email=x@y.example'];
    team.force(team.clinic.git('remote.git', ...who, 'commit-tree', '-m', 'x', tree));
    await team.assertFound('ana', { ...absent, commit: team.tip() });
  });

  it('the branch deleted', async () => {
    team.delete();
    await team.assertFound('ana', absent);
  });

  it('the branch deleted, and made again by somebody with another ledger', async () => {
    team.delete();
    team.clinic.clone('mallory');
    rmSync(join(team.clinic.folder, 'mallory/.prompt-audit'), { recursive: true });
    await team.clinic.init('mallory');
    const error = await team.assertFound('ana', team.shown(), 'ledger.foreign');
    assert.match(error.remedy, /correct the address.*resolve --keep theirs/i);
  });

  it('a text withheld is put back and told', async () => {
    const { clinic } = team;
    const good = team.tip();
    const shown = await team.forge(({ contents }) => void contents.splice(-1), true);
    const ana = await team.open('ana');
    await ana.sync();
    const found = await team.finding(ana, 'sync.withheld');
    assert.match(found.message, /is withheld there, of #\d+\. .*puts it back/);
    assert.ok(found.expected!.includes(good) && found.found!.includes(shown.commit!));
    assert.ok(team.evidence('ana').includes(shown.commit!));
    assert.ok(team.warnings.some((text) => /withheld/.test(text) && text.includes('There now:')));
    assert.equal(
      clinic.git('remote.git', 'rev-parse', `${branch}~1`),
      shown.commit,
      'on top of it',
    );
    clinic.clone('rosa');
    assert.deepEqual((await (await team.open('rosa')).verify()).findings, []);
    const tip = team.tip();
    await ana.sync();
    assert.equal(team.tip(), tip, 'and only once');
  });

  it('a body withheld is put back although this clone reads its snapshot', async () => {
    const ana = await team.open('ana', { limits: { snapshotEvery: 1 } });
    await ana.sync();
    await ana.close();
    const ravi = await team.open('ravi');
    team.clinic.write('ravi', path, 'of ravi\n');
    await ravi.propose({ path, note: 'third' });
    await team.forge(({ events }) => void (events[5]!.body = null), true);
    const again = await team.open('ana', { autoSync: false, limits: { snapshotEvery: 1 } });
    team.clinic.write('ana', path, 'not sent\n');
    await again.propose({ path, note: 'goes behind what is new' });
    await again.fold();
    await again.sync();
    await team.finding(again, 'sync.withheld');
    assert.equal((await again.verify({ full: true })).intact, true);
    team.clinic.clone('rosa');
    assert.deepEqual((await (await team.open('rosa')).verify()).findings, []);
  });

  it('a text withheld of an event that nobody here has seen', async () => {
    const ravi = await team.open('ravi');
    team.clinic.write('ravi', path, 'of ravi\n');
    await ravi.propose({ path, note: 'third' });
    const shown = await team.forge(({ contents }) => void contents.splice(-1), true);
    await team.assertFound('ana', shown);
  });

  it('the history replaced by one commit, with all events', async () => {
    const good = team.tip();
    const shown = await team.forge(() => undefined);
    const ana = await team.open('ana');
    await ana.sync();
    const found = await team.finding(ana, 'sync.replaced');
    assert.ok(found.expected!.includes(good) && found.found!.includes(shown.commit!));
    assert.deepEqual([...team.evidence('ana')].sort(), [good, shown.commit!].sort());
    assert.ok(team.warnings.some((text) => /was replaced .*The trail names nobody/.test(text)));
  });

  it('two clones that were shown different histories, and meet', async () => {
    const { clinic } = team;
    const other = join(clinic.folder, 'other.git');
    cpSync(clinic.remote, other, { recursive: true });
    clinic.git('ravi', 'remote', 'set-url', 'origin', other);
    const [ana, ravi] = [await team.open('ana'), await team.open('ravi')];
    clinic.write('ravi', path, 'of ravi\n');
    await ravi.sync();
    await ravi.propose({ path, note: 'ravi sees this' });
    clinic.write('ana', path, 'of ana\n');
    await ana.propose({ path, note: 'ana sees that' });
    clinic.git('ravi', 'remote', 'set-url', 'origin', clinic.remote);
    await team.assertFound('ravi', team.shown());
  });

  it('a branch set back in the moment of a push', async () => {
    const ana = await team.open('ana', { autoSync: false });
    await ana.propose({ path, note: 'third' }).catch(() => undefined);
    team.clinic.write('ana', path, 'three\n');
    await ana.propose({ path, note: 'third' });
    const [old, good] = [team.tip('remote.git', `${branch}~1`), team.tip()];
    // Runs when the push begins, which is after the fetch.
    const program = join(team.clinic.folder, 'receive');
    const line = `git --git-dir="$1" update-ref ${branch} ${old}`;
    writeFileSync(program, `#!/bin/sh\n${line}\nexec git-receive-pack "$@"\n`, { mode: 0o755 });
    team.clinic.git('ana', 'config', 'remote.origin.receivepack', program);
    const error = await failure(ana.sync(), 'sync.rewritten');
    assert.match(error.message, /set the branch prompt-audit on origin back during the sync/);
    assert.match(error.remedy, /then sync again/);
    assert.equal(
      team.tip('remote.git', `${branch}~1`),
      good,
      'it is put back, with the new events',
    );
    team.clinic.git('ana', 'config', '--unset', 'remote.origin.receivepack');
    await ana.sync();
    await team.finding(ana, 'sync.rewritten');
  });

  it('what was there for a while stays a finding, until somebody reviews it', async () => {
    const good = team.tip();
    team.rollBack(1);
    const ana = await team.open('ana');
    await failure(ana.sync(), 'sync.rewritten');
    team.force(good);
    await ana.sync();
    assert.equal((await ana.status()).syncProblem, null);
    const { key } = await team.finding(ana, 'sync.rewritten');
    await ana.disposeFindings({
      keys: [key],
      disposition: 'The host was restored',
      identity: 'git',
    });
    const after = await team.finding(ana, 'sync.rewritten');
    assert.equal(after.reviewed?.disposition, 'The host was restored');
    const { outcome, warnings, reviewed } = (await ana.verify()).verdicts.completeness;
    assert.deepEqual([outcome, warnings, reviewed], ['doubtful', 1, 1]);
  });

  it('keeps a bounded number: the first and the newest', async () => {
    const { clinic } = team;
    const who = ['-c', 'user.name=x', '-c', 'user.email=x@y.example'];
    const made: string[] = [];
    for (let i = 0; i < 18; i++) {
      made.push(clinic.git('ana', ...who, 'commit-tree', '-m', `${i}`, 'HEAD^{tree}'));
      const at = new Date(Date.UTC(2026, 0, 1, 0, i));
      await keepEvidenceRef(join(clinic.folder, 'ana'), made[i]!, at);
    }
    const kept = team.evidence('ana');
    assert.deepEqual(kept, [...made.slice(0, 8), ...made.slice(10)]);
  });

  it('two people who began a ledger each are no attack', async () => {
    const other = new Clinic();
    try {
      for (const name of ['ana', 'ravi']) {
        other.clone(name);
        other.write(name, path, 'one\n');
        other.git(name, 'remote', 'remove', 'origin');
        await other.init(name);
        other.git(name, 'remote', 'add', 'origin', other.remote);
      }
      const ana = await other.open('ana');
      await ana.sync();
      const ravi = await other.open('ravi');
      await failure(ravi.sync(), 'ledger.foreign');
      assert.equal((await ravi.verify()).findings.length, 1);
      assert.equal(other.git('ravi', 'for-each-ref', 'refs/prompt-audit/evidence/'), '');
    } finally {
      await other.dispose();
    }
  });
});
