import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Trail } from '../../src/trail/api.js';
import { failure } from '../tools/failure.js';
import { headerOf, idOf, put, rebuildChain, type Tables } from '../tools/tamperTables.js';
import { Attacked, branch, localRef, path } from './attackFixture.js';

const act = { reason: 'INC-40: the team compared both', identity: 'git' } as const;

describe('going on after a decision about the ledger branch', function () {
  this.timeout(120_000);
  let team: Attacked;
  beforeEach(async () => (team = await Attacked.begin()));
  afterEach(() => team.clinic.dispose());

  const ids = async (trail: Trail): Promise<string[]> => (await trail.log()).map(({ id }) => id);
  const cut = ({ events }: Tables): void => void events.splice(-2);

  async function proposed(clone: string, note: string): Promise<Trail> {
    const trail = await team.open(clone, { autoSync: false });
    team.clinic.write(clone, path, `${note}\n`);
    await trail.propose({ path, note });
    return trail;
  }

  /** What the decision left behind: reviewed and never hidden, with both checkpoints, in every clone's trail. */
  async function assertReviewed(trail: Trail, event: string | null, words: RegExp): Promise<void> {
    const found = await team.finding(trail, 'sync.rewritten');
    assert.equal(found.reviewed?.event, event);
    const said = found.reviewed.disposition;
    assert.match(said, words);
    assert.match(said, /INC-40/);
    for (const point of [found.expected!, found.found!]) assert.ok(said.includes(point), said);
    assert.equal((await trail.verify()).intact, true);
    assert.equal((await trail.status()).syncProblem, null);
  }

  /** Everybody who may follow does, and then all have the same. */
  async function assertSame(...clones: string[]): Promise<void> {
    const points = [];
    for (const clone of clones) {
      const trail = await team.open(clone);
      await trail.sync();
      points.push(await trail.point());
      assert.equal((await trail.verify({ full: true })).intact, true, clone);
    }
    for (const point of points) assert.deepEqual(point, points[0]);
  }

  it('ours: the branch is put back, with what was new on both sides', async () => {
    const good = team.tip();
    team.rollBack(1);
    // Rosa has seen only what is left, and goes on from it.
    team.clinic.clone('rosa');
    const rosa = await proposed('rosa', 'of rosa');
    await rosa.sync();
    const bad = team.tip();
    const ana = await proposed('ana', 'of ana, not sent');
    const before = await ids(ana);
    const synced = before.length - (await ana.status()).unsent;
    await failure(ana.sync(), 'sync.rewritten');
    const plan = await ana.resolveRemote({ keep: 'ours', identity: 'git', dryRun: true });
    assert.deepEqual([plan.added > 0, plan.left, plan.event], [true, 0, null]);
    assert.deepEqual([plan.ours!.commit, plan.theirs!.commit], [good, bad]);
    assert.equal(team.tip(), bad, 'nothing was changed by it');
    assert.deepEqual(await ids(ana), before);

    const done = await ana.resolveRemote({ keep: 'ours', ...act, looked: bad });
    assert.deepEqual([done.added, done.left, done.todo], [plan.added, 0, []]);
    const after = await ids(ana);
    assert.deepEqual(after.slice(0, synced), before.slice(0, synced), 'as this clone saw it');
    const theirs = await ids(rosa);
    const rosas = theirs.filter((id) => !before.includes(id));
    assert.deepEqual(after.slice(synced, synced + rosas.length), rosas, 'then what was new there');
    assert.ok(before.every((id) => after.includes(id)));
    const line = team.clinic.git('remote.git', 'rev-list', branch).split('\n');
    assert.ok(line.includes(good) && !line.includes(bad));
    assert.ok(done.evidence.length === 2 && team.evidence('ana').includes(bad));
    await assertReviewed(ana, done.event, /kept what was seen here/);

    await assertSame('ana', 'ravi');
    const error = await failure(rosa.sync(), 'sync.rewritten');
    assert.match(
      error.remedy,
      /The branch itself says: .*INC-40.* On origin: [^.]*commit \w{40}, ledger \w+\./,
    );
    assert.equal(error.remedy.split('INC-40').length, 2, 'once');
    assert.match(error.remedy, /follow it: prompt-audit resolve --keep theirs -m REASON/);
    assert.match((await team.finding(rosa, 'sync.rewritten')).remedy, /resolve --keep theirs/);
    const followed = await rosa.resolveRemote({ keep: 'theirs', ...act });
    assert.equal(followed.left, 0);
    await assertSame('ana', 'rosa', 'ravi');
  });

  it('ours: a deleted branch is made again', async () => {
    const good = team.tip();
    team.delete();
    const ana = await proposed('ana', 'not sent');
    await failure(ana.sync(), 'sync.rewritten');
    await failure(ana.resolveRemote({ keep: 'theirs', ...act }), 'resolve.refused');
    const done = await ana.resolveRemote({ keep: 'ours', ...act });
    assert.equal(team.clinic.git('remote.git', 'merge-base', branch, good), good);
    await assertReviewed(ana, done.event, /On origin: no branch/);
    await assertSame('ana', 'ravi');
  });

  it('ours: nothing forged comes in beside the truth', async () => {
    const forged = await team.forge(({ events }) => {
      const old = events.map(idOf);
      const row = events.find((one) => headerOf(one)['type'] === 'review.decided')!;
      put(row, { ...headerOf(row), who: headerOf(events[0]!)['who']! });
      rebuildChain(events, old);
    });
    const ana = await team.open('ana');
    const before = await ids(ana);
    await failure(ana.sync(), 'sync.rewritten');
    const done = await ana.resolveRemote({ keep: 'ours', ...act });
    assert.equal(done.added, 0);
    assert.ok(done.left > 0);
    assert.deepEqual((await ids(ana)).slice(0, before.length), before);
    assert.equal((await ids(ana)).length, before.length + 1);
    assert.ok(team.evidence('ana').includes(forged.commit!));
    await assertSame('ana', 'ravi');
  });

  it('ours: only from the commit that was looked at', async () => {
    const shown = team.rollBack(1);
    const ana = await team.open('ana');
    await failure(ana.sync(), 'sync.rewritten');
    team.rollBack(1);
    const before = await ids(ana);
    await failure(ana.resolveRemote({ keep: 'ours', ...act, looked: shown.commit }), 'sync.busy');
    assert.deepEqual(await ids(ana), before);
  });

  it('ours: where the host forbids force, one line for the administrator, and nothing changed', async () => {
    await team.forge(cut);
    team.clinic.git('remote.git', 'config', 'receive.denyNonFastForwards', 'true');
    const bad = team.tip();
    const ana = await proposed('ana', 'not sent');
    const before = await ids(ana);
    const error = await failure(ana.resolveRemote({ keep: 'ours', ...act }), 'sync.refused');
    assert.match(error.remedy, /administrator has to permit force pushes .*then protect it again/);
    assert.equal(team.tip(), bad);
    assert.deepEqual(await ids(ana), before);
    team.clinic.git('remote.git', 'config', '--unset', 'receive.denyNonFastForwards');
    await ana.resolveRemote({ keep: 'ours', ...act });
    await assertSame('ana', 'ravi');
  });

  it('theirs: what the branch lacks is recorded again behind it', async () => {
    // A host that was restored from its backup, and people who went on with it.
    team.rollBack(1);
    team.clinic.clone('rosa');
    const rosa = await proposed('rosa', 'of rosa');
    await rosa.sync();
    const ana = await proposed('ana', 'of ana, not sent');
    const before = await ids(ana);
    const folder = join(team.clinic.folder, 'ana/.prompt-audit');
    await ana.fold();
    const file = readFileSync(join(folder, 'ledger.sqlite'));
    await failure(ana.sync(), 'sync.rewritten');
    const theirs = await ids(rosa);
    const done = await ana.resolveRemote({ keep: 'theirs', ...act });
    assert.equal(done.left, 0);
    const after = await ids(ana);
    assert.deepEqual(after.slice(0, theirs.length), theirs);
    assert.ok(
      before.every((id) => after.includes(id)),
      'nothing of before is missing',
    );
    const names = [...readdirSync(folder), ...readdirSync(privateOf('ana'))];
    assert.ok(done.copies.length >= 3);
    const copy = names.find((name) => /^ledger\.replaced-\w+\.sqlite$/.test(name))!;
    assert.deepEqual(readFileSync(join(folder, copy)), file);
    assert.ok(names.some((name) => /^journal\.replaced-/.test(name)));
    assert.doesNotMatch(team.clinic.git('ana', 'status', '--porcelain', '-uall'), /replaced/);
    await assertReviewed(ana, done.event, /kept what the remote shows/);

    // Ravi saw the old history: the same error, and the same way.
    const ravi = await team.open('ravi');
    const error = await failure(ravi.sync(), 'sync.rewritten');
    assert.match(error.remedy, /The branch itself says: .*INC-40.*--keep theirs/);
    await ravi.resolveRemote({ keep: 'theirs', ...act });
    await assertSame('ana', 'ravi', 'rosa');
    const warnings = (await ana.verify()).findings.filter((f) => f.reviewed === null);
    assert.deepEqual(warnings, []);
  });

  it('theirs: events that contradict it stay in the copies, and are counted', async () => {
    await team.forge(({ events }) => {
      const old = events.map(idOf);
      const row = events.find((one) => headerOf(one)['type'] === 'review.decided')!;
      put(row, { ...headerOf(row), at: '2026-01-01T00:00:00.000Z' });
      rebuildChain(events, old);
    });
    const ana = await proposed('ana', 'not sent');
    const writer = team.clinic.shell('ana', 'cat .git/prompt-audit/writer.json');
    const done = await ana.resolveRemote({ keep: 'theirs', ...act });
    assert.ok(done.left > 0);
    assert.notEqual(team.clinic.shell('ana', 'cat .git/prompt-audit/writer.json'), writer);
    team.clinic.write('ana', path, 'goes on\n');
    await ana.propose({ path, note: 'goes on' });
    await ana.sync();
    const again = await team.open('ana');
    const { findings, intact } = await again.verify({ full: true });
    assert.deepEqual([intact, findings.filter((f) => f.code === 'writer.fork')], [true, []]);
  });

  it('theirs: another ledger is taken, and ours never pushed over it', async () => {
    const { clinic } = team;
    const before = await (await team.open('ana')).point();
    team.delete();
    clinic.clone('mallory');
    rmSync(join(clinic.folder, 'mallory/.prompt-audit'), { recursive: true });
    await clinic.init('mallory');
    const tip = team.tip();
    const ana = await proposed('ana', 'not sent');
    const foreign = await failure(ana.resolveRemote({ keep: 'ours', ...act }), 'resolve.refused');
    assert.match(foreign.message, /never pushed over another one/);
    assert.equal(team.tip(), tip);
    const done = await ana.resolveRemote({ keep: 'theirs', ...act });
    assert.deepEqual([done.added, done.left > before.size], [0, true]);
    assert.match(done.todo.join(), /policy\.jsonc/);
    const again = await team.open('ana');
    assert.notEqual((await again.point()).id, before.id);
    assert.equal((await again.verify({ full: true })).intact, true);
    assert.ok((await team.finding(again, 'ledger.foreign')).reviewed);
    assert.equal((await again.status()).syncProblem, null);
  });

  it('theirs: in a clone with another worktree, whose file does not bring the old events back', async () => {
    const { clinic } = team;
    clinic.git('ana', 'worktree', 'add', '--quiet', '../ana-two');
    await (await proposed('ana-two', 'of the other worktree')).fold();
    assert.ok(existsSync(join(clinic.folder, 'ana-two/.prompt-audit/ledger.sqlite')));
    await team.forge(({ events }) => {
      const old = events.map(idOf);
      const row = events.find((one) => headerOf(one)['type'] === 'review.decided')!;
      put(row, { ...headerOf(row), at: '2026-01-01T00:00:00.000Z' });
      rebuildChain(events, old);
    });
    const ana = await team.open('ana');
    await ana.resolveRemote({ keep: 'theirs', ...act });
    const two = await team.open('ana-two');
    assert.deepEqual(await two.point(), await ana.point());
    const { findings } = await two.verify({ full: true });
    assert.deepEqual(
      findings.filter((f) => f.severity === 'error'),
      [],
    );
  });

  it('a branch that cannot be read is never taken', async () => {
    const file = join(team.clinic.folder, 'junk');
    writeFileSync(file, 'junk');
    await team.forge(({ events }) => void (events[2]!.header = '{}'));
    const ana = await team.open('ana');
    const before = await ana.point();
    await failure(ana.resolveRemote({ keep: 'theirs', ...act }), 'sync.rewritten');
    assert.deepEqual(await ana.point(), before);
    const done = await ana.resolveRemote({ keep: 'ours', ...act });
    assert.equal(done.added, 0);
    await assertSame('ana', 'ravi');
  });

  it('a refused decision is a problem that status tells, as after a sync', async () => {
    team.delete();
    const ana = await team.open('ana');
    await failure(ana.resolveRemote({ keep: 'theirs', ...act }), 'resolve.refused');
    const { syncProblem } = await ana.status();
    assert.equal(syncProblem?.code, 'sync.rewritten');
    assert.match(syncProblem.remedy, /resolve --keep ours/);
  });

  it('asks for a reason, and for something to decide', async () => {
    const ana = await team.open('ana');
    await failure(ana.resolveRemote({ keep: 'ours', ...act, reason: ' ' }), 'reason.missing');
    await failure(ana.resolveRemote({ keep: 'ours', ...act }), 'resolve.nothing');
    assert.equal(team.tip('ana', localRef), team.tip());
  });

  it('a purge lets go of the evidence, and keeps its checkpoints', async () => {
    const good = team.tip();
    team.rollBack(1);
    const ana = await team.open('ana');
    await failure(ana.sync(), 'sync.rewritten');
    team.force(good);
    await ana.purgeHistory({ reason: 'a key leaked', identity: 'git' });
    assert.deepEqual(team.evidence('ana'), []);
    await team.finding(ana, 'sync.rewritten');
  });

  const privateOf = (clone: string): string => join(team.clinic.folder, clone, '.git/prompt-audit');
});
