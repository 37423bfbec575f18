import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { isPromptAuditError } from '../../src/core/errors.js';
import type { Progress } from '../../src/core/watch.js';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';

const asked = { tags: ['v*'], env: 'production' };

describe('the import where others may import too', function () {
  this.timeout(240_000);
  let clinic: Clinic;

  beforeEach(() => {
    clinic = new Clinic();
    clinic.clone('ana');
  });
  afterEach(() => clinic.dispose());

  /** Commits of Ana, one a text, with a tag each. */
  function write(texts: readonly string[], at = '2020-01-01T00:00:00Z'): void {
    for (const [i, text] of texts.entries()) {
      clinic.write('ana', 'triage.prompt.md', text);
      clinic.commit('ana', text);
      const name = `v${i + 1}`;
      const date = at.replace('2020', String(2020 + i));
      clinic.shell('ana', `GIT_COMMITTER_DATE=${date} git tag -m ${name} ${name}`);
    }
    clinic.git('ana', 'push', '--quiet', 'origin', '--tags');
  }

  const bodies = async (trail: Trail, type: string): Promise<Record<string, unknown>[]> =>
    Promise.all(
      (await trail.log({ types: [type as 'revision.observed'] })).map(
        async ({ id }) =>
          JSON.parse((await trail.detail(id))!.bodyText!) as Record<string, unknown>,
      ),
    );

  it('records everything once when two clones import at the same time', async () => {
    write(['one\n', 'two\n', 'three\n']);
    await clinic.init('ana');
    clinic.commit('ana', 'policy');
    clinic.clone('ravi');
    const [ana, ravi] = [await clinic.open('ana'), await clinic.open('ravi')];
    const reports = await Promise.all([ana.importHistory(asked), ravi.importHistory(asked)]);
    for (const one of [ana, ravi, ana]) assert.deepEqual((await one.sync()).renumbered, []);
    const facts = (await bodies(ana, 'revision.observed')).map(
      ({ commit, path }) => `${String(commit)} ${String(path)}`,
    );
    assert.equal(facts.length, 3);
    assert.equal(new Set(facts).size, facts.length);
    assert.equal((await ana.log({ types: ['version.proposed'] })).length, 3);
    assert.equal((await ana.log({ types: ['deployment.recorded'] })).length, 3);
    assert.equal(
      reports.reduce((sum, { versions }) => sum + versions, 0),
      3,
    );
    assert.deepEqual(await ana.point(), await ravi.point());
    const { findings } = await ana.verify({ full: true });
    assert.deepEqual(
      findings.filter(({ severity }) => severity === 'error'),
      [],
    );
  });

  it('records nothing while the remote does not answer', async () => {
    write(['one\n']);
    await clinic.init('ana');
    const trail = await clinic.open('ana', { autoSync: false });
    const { size } = await trail.point();
    renameSync(clinic.remote, `${clinic.remote}.away`);
    await assert.rejects(
      trail.importHistory(asked),
      (error) =>
        isPromptAuditError(error) &&
        error.code.startsWith('sync.') &&
        /Nothing was imported/.test(error.message) &&
        /[Ii]mport again/.test(error.remedy),
    );
    assert.equal((await trail.point()).size, size);
    renameSync(`${clinic.remote}.away`, clinic.remote);
    assert.equal((await trail.importHistory(asked)).totals.revisions, 1);
  });

  it('leaves out what was recorded by hand before it was committed', async () => {
    write(['one\n']);
    clinic.write('ana', 'gone.prompt.md', 'gone\n');
    clinic.commit('ana', 'gone');
    clinic.git('ana', 'remote', 'remove', 'origin');
    await clinic.init('ana');
    const trail = await clinic.open('ana');
    clinic.write('ana', 'triage.prompt.md', 'two\n');
    await trail.record();
    clinic.git('ana', 'mv', 'triage.prompt.md', 'sorting.prompt.md');
    clinic.git('ana', 'rm', '--quiet', 'gone.prompt.md');
    await trail.recordFileChanges([
      { kind: 'moved', from: 'triage.prompt.md', to: 'sorting.prompt.md' },
      { kind: 'removed', path: 'gone.prompt.md' },
    ]);
    clinic.git('ana', 'add', '--all');
    clinic.git('ana', 'commit', '--quiet', '-m', 'by hand');
    const dry = await trail.importHistory({ dryRun: true });
    const done = await trail.importHistory();
    assert.deepEqual({ ...dry, dryRun: false }, done);
    const head = clinic.git('ana', 'rev-parse', 'HEAD');
    for (const type of ['revision.observed', 'prompt.moved', 'prompt.removed'])
      assert.ok(
        (await bodies(trail, type)).every(({ commit }) => commit !== head),
        type,
      );
    // What was before the trail is recorded all the same.
    const commits = (await bodies(trail, 'revision.observed')).map(({ commit }) => commit);
    assert.deepEqual(
      commits.sort(),
      [clinic.git('ana', 'rev-parse', 'HEAD~1'), clinic.git('ana', 'rev-parse', 'HEAD~2')].sort(),
    );
    assert.ok(done.alreadyKnown > 0);
  });

  it('refuses a partial clone before it records anything', async () => {
    write(['one\n', 'two\n']);
    await clinic.init('ana');
    clinic.commit('ana', 'policy');
    clinic.git('.', '--git-dir', clinic.remote, 'config', 'uploadpack.allowFilter', 'true');
    rmSync(join(clinic.folder, 'ana'), { recursive: true, force: true });
    clinic.git('.', 'clone', '--quiet', '--filter=blob:none', `file://${clinic.remote}`, 'part');
    clinic.git('part', 'config', 'user.name', 'Ravi');
    clinic.git('part', 'config', 'user.email', 'ravi@clinic.example');
    const trail = await clinic.open('part');
    const { size } = await trail.point();
    for (const dryRun of [true, false])
      await assert.rejects(trail.importHistory({ dryRun }), (error) =>
        isPromptAuditError(error, 'history.incomplete'),
      );
    assert.equal((await trail.point()).size, size);
  });

  it('makes nobody an author of versions who only imported their tags', async () => {
    write(['one\n', 'two\n', 'three\n']);
    await clinic.init('ana');
    clinic.commit('ana', 'policy');
    clinic.clone('bob');
    const trail = await clinic.open('bob');
    await trail.importHistory(asked);
    const [row] = await trail.active(null, null);
    assert.deepEqual(
      row!.authors.map(({ name }) => name),
      ['Ana'],
    );
    const [version] = await trail.log({ types: ['version.proposed'] });
    await trail.decide({ target: version!.id, decision: 'approved', identity: 'git' });
  });

  it('gives imported deployments the time of their tags', async () => {
    write(['one\n', 'two\n']);
    clinic.git('ana', 'rm', '--quiet', 'triage.prompt.md');
    clinic.commit('ana', 'gone');
    clinic.shell('ana', 'GIT_COMMITTER_DATE=2023-01-01T00:00:00Z git tag -m v3 v3');
    await clinic.init('ana');
    const trail = await clinic.open('ana');
    await trail.importHistory(asked);
    const at = async (time: string): Promise<readonly string[]> =>
      (await trail.active(null, null, time)).map((row) => `${row.from} ${row.to}`);
    assert.deepEqual(await at('2019-06-01T00:00:00.000Z'), []);
    assert.deepEqual(await at('2020-06-01T00:00:00.000Z'), [
      '2020-01-01T00:00:00.000Z 2021-01-01T00:00:00.000Z',
    ]);
    assert.deepEqual(await at('2022-06-01T00:00:00.000Z'), [
      '2021-01-01T00:00:00.000Z 2023-01-01T00:00:00.000Z',
    ]);
    assert.deepEqual(await at('2024-06-01T00:00:00.000Z'), []);
    const { states } = await trail.coverage();
    assert.ok(states.imported > 0);
    assert.equal(states.recorded, 0);
  });

  it('says what it kept when it is ended, and goes on', async () => {
    write(['one\n', 'two\n']);
    clinic.git('ana', 'remote', 'remove', 'origin');
    await clinic.init('ana');
    const trail = await clinic.open('ana');
    let isCancelled = false;
    const progress = ({ done, total }: Progress): void => {
      if (total !== null && done === 0) isCancelled = true;
    };
    await assert.rejects(
      trail.importHistory({ watch: { progress, isCancelled: () => isCancelled } }),
      (error) =>
        isPromptAuditError(error, 'cancelled') &&
        /Nothing was imported/.test(error.message) &&
        error.remedy === 'Import again to go on.',
    );
    assert.equal((await trail.importHistory()).totals.revisions, 2);
  });
});
