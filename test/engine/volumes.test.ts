import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';

const path = 'prompts/triage.prompt.md';
const limits = { sealBytes: 36_000, snapshotEvery: 8, journalBytes: 8_000 };

describe('volumes and git', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  beforeEach(() => (clinic = new Clinic()));
  afterEach(() => clinic.dispose());

  const open = (clone: string): Promise<Trail> => clinic.open(clone, { autoSync: false, limits });

  /** Records so many revisions of the prompt. */
  async function revise(trail: Trail, clone: string, count: number): Promise<void> {
    for (let at = 0; at < count; at++) {
      clinic.write(clone, path, `${clone} ${at} ${await trail.point().then((p) => p.size)}\n`);
      await trail.record([path]);
    }
  }

  const inCommit = (clone: string, commit = 'refs/prompt-audit/ledger'): string[] =>
    clinic.git(clone, 'ls-tree', '-r', '--name-only', commit).split('\n');

  const filesOf = (clone: string): string[] => {
    const folder = join(clinic.folder, clone, '.prompt-audit', 'volumes');
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  };

  it('travel on the ledger branch, each once, and every clone has the same ones', async () => {
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    clinic.commit('ana');
    clinic.clone('ravi');
    const ana = await open('ana');
    const ravi = await open('ravi');
    await ana.propose({ path, note: 'the first' });
    for (const round of [1, 2, 3]) {
      await revise(ana, 'ana', 12);
      await ana.sync();
      await revise(ravi, 'ravi', 4 * round);
      await ravi.sync();
    }
    await ana.sync();
    assert.deepEqual(await ana.point(), await ravi.point());
    const volumes = filesOf('ana');
    assert.ok(volumes.length >= 2, String(volumes));
    assert.deepEqual(filesOf('ravi'), volumes);
    const shared = inCommit('ana').filter((name) => name.startsWith('volumes/'));
    assert.deepEqual(
      shared.map((name) => name.slice('volumes/'.length)),
      volumes,
    );
    for (const name of volumes) {
      const sealed = clinic
        .git('ana', 'log', '--format=%H', 'refs/prompt-audit/ledger', '--', `volumes/${name}`)
        .split('\n');
      assert.equal(sealed.length, 1, `${name} was written once`);
      assert.ok(statSync(join(clinic.folder, 'ana/.prompt-audit/volumes', name)).size < 60_000);
    }
    assert.equal((await ana.version(`${path}@v1`)).note, 'the first');
    for (const trail of [ana, ravi]) {
      const { findings, intact } = await trail.verify();
      assert.deepEqual([findings, intact], [[], true]);
    }
    clinic.clone('fresh');
    const fresh = await open('fresh');
    assert.deepEqual(await fresh.point(), await ana.point());
    assert.deepEqual(filesOf('fresh'), volumes);
    assert.deepEqual(
      (await fresh.log()).map((row) => row.id),
      (await ana.log()).map((row) => row.id),
    );
    const { digest } = await fresh.version(`${path}@v1`);
    assert.equal(Buffer.from(await fresh.content(digest)).toString(), 'one\n');
  });

  it('follow, in a worktree that sealed elsewhere before it knew the shared order', async () => {
    const tight = { sealBytes: 34_000, snapshotEvery: 3 };
    const openTight = (clone: string): Promise<Trail> =>
      clinic.open(clone, { autoSync: false, limits: tight });
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    clinic.commit('ana');
    clinic.git('ana', 'worktree', 'add', '--quiet', join(clinic.folder, 'tree'));
    let [main, tree] = [await openTight('ana'), await openTight('tree')];
    for (let round = 0; round < 6; round++) {
      for (const [trail, name] of [
        [main, 'ana'],
        [tree, 'tree'],
      ] as const) {
        clinic.write(name, path, `${name} ${round} ${'text '.repeat(1200)}${round}\n`);
        await trail.propose({ path, note: `${name} ${round}` });
        await trail.fold();
      }
      if (round % 2 === 1) await tree.sync();
      [main, tree] = [await openTight('ana'), await openTight('tree')];
    }
    await main.sync();
    await tree.sync();
    for (const trail of [main, tree, await openTight('ana'), await openTight('tree')]) {
      const { findings, intact } = await trail.verify();
      assert.deepEqual([findings.filter((f) => f.severity === 'error'), intact], [[], true]);
      assert.deepEqual(await trail.point(), await main.point());
    }
    assert.equal((await main.versions(path)).length, 12);
  });

  it('and the journal stay small in a clone that has nobody to sync with', async () => {
    clinic.clone('ana');
    clinic.git('ana', 'remote', 'remove', 'origin');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    const ana = await open('ana');
    for (let round = 0; round < 4; round++) {
      await revise(ana, 'ana', 10);
      await ana.fold();
    }
    const journal = join(clinic.folder, 'ana/.git/prompt-audit/journal.jsonl');
    assert.ok(statSync(journal).size < limits.journalBytes * 2, String(statSync(journal).size));
    assert.ok(inCommit('ana').includes('volumes/000001.sqlite'));
    assert.equal((await ana.status()).unsent, 0);
    // What only the ref has comes back.
    clinic.git('ana', 'clean', '-fdxq');
    const again = await open('ana');
    assert.deepEqual(await again.point(), await ana.point());
    assert.equal((await again.verify()).intact, true);
    // A remote that is added later gets all of it.
    clinic.git('ana', 'remote', 'add', 'origin', clinic.remote);
    const { sent } = await again.sync();
    assert.ok(sent >= 0);
    clinic.clone('ravi');
    const ravi = await clinic.open('ravi', { limits }).catch(() => null);
    assert.equal(ravi, null, 'ravi has no policy yet, so nothing tells that there is a trail');
    assert.deepEqual(
      clinic.git('remote.git', 'ls-tree', '-r', '--name-only', 'prompt-audit').split('\n'),
      inCommit('ana'),
    );
  });
});
