import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';

const path = 'prompts/triage.prompt.md';
const moved = 'prompts/intake.prompt.md';
const other = 'prompts/reply.prompt.md';
const long = Array.from({ length: 40 }, (_, i) => `Line ${i} of the prompt.\n`).join('');

const changes = [
  'prompt.registered',
  'prompt.moved',
  'prompt.removed',
  'revision.saved',
  'revision.observed',
] as const;

describe('what commits did, and what people do', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  let warnings: string[];
  beforeEach(() => {
    clinic = new Clinic();
    warnings = [];
  });
  afterEach(() => clinic.dispose());

  /** A ledger that begins before the first prompt, which Ana then commits. */
  const begin = (): Promise<void> => clinic.made(beginning);
  async function beginning(): Promise<void> {
    clinic.clone('ana');
    clinic.write('ana', 'notes.txt', 'x\n');
    clinic.commit('ana', 'before the trail');
    await clinic.init('ana');
    clinic.commit('ana', 'the policy');
    clinic.write('ana', path, long);
    clinic.write('ana', other, 'reply\n');
    clinic.commit('ana', 'two prompts');
  }

  function open(name: string): Promise<Trail> {
    return clinic.open(name, { warn: (message) => warnings.push(message) });
  }

  async function told(trail: Trail): Promise<string[]> {
    await trail.refresh();
    const rows = await trail.log({ types: changes });
    return rows.map((row) => `${row.type.replace(/^\w+\./, '')} ${row.path}`);
  }

  async function outcomes(trail: Trail, paths?: readonly string[]): Promise<string[]> {
    const results = await trail.record(paths);
    return results
      .filter(({ outcome }) => outcome !== 'unchanged')
      .map((result) => `${result.outcome} ${result.path}`);
  }

  const bothSeen = [
    ...[`observed ${other}`, `observed ${path}`],
    ...[`registered ${other}`, `registered ${path}`],
  ];

  it('are one set of events where three clones record one commit', async () => {
    await begin();
    const names = ['ana', 'ravi', 'mia'];
    for (const name of names.slice(1)) clinic.clone(name);
    const trails = await Promise.all(names.map(open));
    const found: string[] = [];
    for (const trail of trails) found.push(...(await outcomes(trail)));
    assert.deepEqual(found, [`recorded ${other}`, `recorded ${path}`], 'by the first one alone');
    for (const trail of trails) {
      await trail.sync();
      assert.deepEqual((await told(trail)).sort(), bothSeen);
    }
    clinic.git('ana', 'mv', path, moved);
    clinic.git('ana', 'rm', '--quiet', other);
    clinic.commit('ana', 'moved, and deleted');
    for (const name of names.slice(1)) clinic.git(name, 'pull', '--quiet');
    assert.deepEqual(await outcomes(trails[1]!, [moved]), [`moved ${moved}`]);
    for (const trail of trails) assert.deepEqual(await outcomes(trail), []);
    clinic.write('ana', other, 'again\n');
    clinic.commit('ana', 'restored');
    assert.deepEqual(await outcomes(trails[0]!), [`recorded ${other}`]);
    clinic.git('mia', 'pull', '--quiet');
    assert.deepEqual(await outcomes(trails[2]!), []);
    for (const trail of trails) await trail.sync();
    assert.deepEqual((await told(trails[2]!)).sort(), [
      `moved ${moved}`,
      ...[`observed ${other}`, `observed ${other}`, `observed ${path}`],
      ...[`registered ${other}`, `registered ${path}`, `removed ${other}`],
    ]);
    assert.deepEqual(warnings, []);
  });

  it('are left to the next sync where this one fails, and uncommitted work is recorded', async () => {
    await begin();
    const ana = await open('ana');
    await ana.sync();
    clinic.write('ana', path, `${long}two\n`);
    clinic.git('ana', 'rm', '--quiet', other);
    clinic.commit('ana', 'changed, and deleted');
    clinic.write('ana', 'prompts/new.prompt.md', 'new\n');
    renameSync(clinic.remote, `${clinic.remote}.away`);
    assert.deepEqual(await outcomes(ana), ['recorded prompts/new.prompt.md']);
    assert.equal(warnings.at(-1), '2 changes that commits made are recorded by the next sync.');
    assert.deepEqual(await outcomes(ana, [other]), [], 'its deletion is told');
    assert.equal(await ana.recordSave(path), null);
    clinic.write('ana', path, `${long}three\n`);
    assert.equal((await ana.recordSave(path))?.outcome, 'recorded');
    const before = await ana.log({ types: ['revision.observed', 'prompt.removed'] });
    assert.equal(before.length, 2, 'no save records what a commit did');
    clinic.write('ana', path, `${long}two\n`);
    // Who acts on them needs them now.
    const version = await ana.propose({ path, note: 'first' });
    assert.deepEqual(
      version.contributors.map(({ name }) => name),
      ['Ana'],
    );
    renameSync(`${clinic.remote}.away`, clinic.remote);
    await ana.sync();
    assert.deepEqual(
      (await told(ana)).filter((line) => line.startsWith('removed')),
      [`removed ${other}`],
    );
    assert.equal((await ana.log({ types: ['revision.observed'] })).length, 3);
  });

  it('a deletion that was undone is recorded as that, by who wrote the bytes', async () => {
    await begin();
    clinic.clone('ravi');
    const [ana, ravi] = [await open('ana'), await open('ravi')];
    await ana.sync();
    rmSync(join(clinic.folder, 'ravi', path));
    assert.deepEqual(await outcomes(ravi), [`removed ${path}`]);
    await ravi.sync();
    clinic.git('ravi', 'checkout', '--quiet', '--', path);
    const [row] = (await ravi.status()).prompts.filter((one) => one.path === path);
    assert.equal(row?.working, 'changed');
    assert.deepEqual(await outcomes(ravi), [`recorded ${path}`]);
    assert.deepEqual(await outcomes(ravi), []);
    const [last] = await ravi.log({ types: ['revision.observed'], newest: 1 });
    assert.match(last!.summary, /Ana committed/);
    await ravi.propose({ path, note: 'first' });
    assert.equal((await ravi.log({ types: ['revision.saved'] })).length, 0);
    // A commit that deletes it is none that was recorded before.
    clinic.git('ravi', 'rm', '--quiet', path);
    clinic.commit('ravi', 'gone');
    assert.deepEqual(await outcomes(ravi), [`removed ${path}`]);
    const report = await ravi.verify({ full: true });
    assert.deepEqual(
      report.findings.filter(({ severity }) => severity === 'error'),
      [],
    );
  });

  it('a deletion that was undone is seen by a save, in other clones, and by other bytes', async () => {
    await begin();
    clinic.clone('ravi');
    const [ana, ravi] = [await open('ana'), await open('ravi')];
    await ana.sync();
    const remove = async (): Promise<void> => {
      await ravi.sync();
      rmSync(join(clinic.folder, 'ravi', path));
      assert.deepEqual(await outcomes(ravi), [`removed ${path}`]);
      clinic.git('ravi', 'checkout', '--quiet', '--', path);
      await ravi.sync();
    };
    await remove();
    assert.equal((await ravi.recordSave(path))?.outcome, 'recorded');
    assert.equal((await ravi.status()).prompts.find((one) => one.path === path)?.working, 'draft');
    await remove();
    await ana.sync();
    assert.deepEqual(await outcomes(ana), [`recorded ${path}`]);
    await ana.sync();
    await remove();
    clinic.write('ravi', path, 'other\n');
    assert.deepEqual(await outcomes(ravi), [`recorded ${path}`]);
    assert.equal((await ravi.log({ types: ['revision.saved'] })).length, 1);
  });

  it('a file that a commit deleted on another branch is none that came back', async () => {
    await begin();
    const ana = await open('ana');
    clinic.git('ana', 'checkout', '--quiet', '-b', 'topic');
    clinic.git('ana', 'rm', '--quiet', path);
    clinic.git('ana', 'commit', '--quiet', '-m', 'gone');
    await ana.sync();
    clinic.git('ana', 'checkout', '--quiet', 'main');
    assert.deepEqual(await outcomes(ana), []);
    assert.equal((await ana.status()).prompts.find((one) => one.path === path)?.working, 'draft');
    assert.deepEqual(await outcomes(ana, [path]), []);
    await ana.propose({ path, note: 'still here' });
    assert.equal((await ana.log({ types: ['revision.saved'] })).length, 0);
  });

  for (const filter of ['blob:none', 'tree:0']) {
    it(`a partial clone (${filter}) leaves to others what it lacks`, async () => {
      await begin();
      const ana = await open('ana');
      await ana.sync();
      for (const round of ['two', 'three']) {
        clinic.write('ana', path, `${long}${round}\n`);
        clinic.commit('ana', round);
      }
      clinic.git('ana', 'mv', other, moved);
      clinic.write('ana', moved, 'reply\nmore\n');
      clinic.commit('ana', 'moved with a change');
      for (const key of ['allowFilter', 'allowAnySHA1InWant'])
        clinic.git('remote.git', 'config', `uploadpack.${key}`, 'true');
      clinic.git('.', 'clone', '--quiet', `--filter=${filter}`, `file://${clinic.remote}`, 'rosa');
      clinic.git('rosa', 'config', 'user.name', 'Rosa');
      clinic.git('rosa', 'config', 'user.email', 'rosa@clinic.example');
      await clinic.init('rosa');
      const rosa = await open('rosa');
      const before = await told(rosa);
      await rosa.status();
      await rosa.sync();
      assert.deepEqual(await told(rosa), before);
      clinic.write('rosa', 'prompts/new.prompt.md', 'new\n');
      await rosa.record();
      assert.deepEqual(
        warnings.map((line) => line.slice(0, 23)),
        ['This is a partial clone'],
      );
      const { contributors } = await rosa.propose({ path, note: 'first' });
      assert.deepEqual(contributors.map(({ name }) => name).sort(), ['Ana', 'Rosa']);
      await rosa.sync();
      await rosa.status();
      // It is not noted as done, and a whole clone has it all.
      await ana.sync();
      const all = await told(ana);
      assert.equal(all.filter((line) => line === `moved ${moved}`).length, 1);
      assert.equal(all.filter((line) => line === `observed ${path}`).length, 3);
      await rosa.sync();
      await rosa.status();
    });
  }

  it('warns of what is no prompt only where it does not record it', async () => {
    await begin();
    clinic.write('ana', 'prompts/mid.prompt.md', 'x'.repeat(5 * 1024 * 1024));
    clinic.write('ana', 'prompts/nul.prompt.md', 'a\0b\n');
    clinic.commit('ana', 'not quite prompts');
    const ana = await open('ana');
    assert.equal((await outcomes(ana)).length, 4);
    assert.deepEqual(warnings, []);
  });

  it('does not record the marks of a conflict', async () => {
    await begin();
    const ana = await open('ana');
    await ana.sync();
    clinic.git('ana', 'checkout', '--quiet', '-b', 'topic');
    clinic.write('ana', path, `topic\n${long}`);
    clinic.git('ana', 'commit', '--quiet', '-am', 'topic');
    clinic.git('ana', 'checkout', '--quiet', 'main');
    clinic.write('ana', path, `main\n${long}`);
    clinic.commit('ana', 'main');
    assert.throws(() => clinic.git('ana', 'rebase', '--quiet', 'topic'));
    await ana.sync();
    const before = await told(ana);
    assert.deepEqual(await outcomes(ana), []);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^Not merged yet, so not recorded: prompts\/triage/);
    assert.equal(await ana.recordSave(path), null);
    await assert.rejects(ana.propose({ path, note: 'x' }), { code: 'prompt.unreadable' });
    assert.deepEqual(await told(ana), before);
  });
});
