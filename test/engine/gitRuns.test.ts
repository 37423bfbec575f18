import assert from 'node:assert/strict';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';
import { gitRunsOf } from '../tools/gitRuns.js';

const path = 'prompts/triage.prompt.md';

/** Each run of git costs more than all else that a save does. */
describe('runs of git', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  let ana: Trail;
  let count = 0;

  before(async () => {
    clinic = new Clinic();
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    clinic.commit('ana');
    ana = await clinic.open('ana');
    await ana.record();
    change();
    await ana.recordSave(path);
  });
  after(() => clinic.dispose());

  function change(): void {
    clinic.write('ana', path, `text ${++count}\n`);
  }

  const firstWords = (runs: readonly string[]): string[] =>
    runs.map((run) => run.split(' ')[0]!).sort();

  it('are three for a save, and two for one that changes nothing', async () => {
    change();
    const runs = await gitRunsOf(() => ana.recordSave(path));
    assert.deepEqual(firstWords(runs), ['check-attr', 'ls-files', 'var']);
    assert.equal((await ana.log({ newest: 1 }))[0]?.type, 'revision.saved');
    const again = await gitRunsOf(() => ana.recordSave(path));
    assert.deepEqual(firstWords(again), ['check-attr', 'ls-files']);
  });

  it('are five for a record by name, each once', async () => {
    change();
    const runs = await gitRunsOf(() => ana.record([path]));
    assert.deepEqual(firstWords(runs), ['check-attr', 'config', 'ls-files', 'show-ref', 'var']);
  });

  it('are three for a sync that has nothing to bring', async () => {
    await ana.sync();
    const runs = await gitRunsOf(() => ana.sync());
    assert.deepEqual(firstWords(runs), ['config', 'fetch', 'show-ref']);
  });

  it('are at most ten for a proposal with both of its syncs', async () => {
    change();
    const runs = await gitRunsOf(() => ana.propose({ path, note: 'n' }));
    assert.ok(runs.length <= 10, runs.join('\n'));
  });

  it('that print nothing are not waited for longer than they run', async () => {
    const real = globalThis.setTimeout;
    const pauses: (number | undefined)[] = [];
    const noted = (work: () => void, pause?: number): NodeJS.Timeout => {
      pauses.push(pause);
      return real(work, pause);
    };
    globalThis.setTimeout = noted as typeof real;
    try {
      await ana.recordSave(path);
    } finally {
      globalThis.setTimeout = real;
    }
    // Each run has a limit of its own.
    assert.deepEqual(pauses, [30_000, 30_000]);
  });

  it('see what HEAD, the configuration and the index hold by now', async () => {
    clinic.write('ana', path, 'committed\n');
    clinic.commit('ana');
    assert.equal(await ana.recordSave(path), null, 'HEAD has moved: a commit brought these bytes');
    await ana.sync();
    clinic.git('ana', 'checkout', '--quiet', '-b', 'other', 'HEAD~1');
    clinic.write('ana', path, 'on other\n');
    assert.equal((await ana.recordSave(path))?.outcome, 'recorded');
    clinic.git('ana', 'config', 'user.name', 'Anna');
    change();
    await ana.recordSave(path);
    assert.equal((await ana.log({ types: ['revision.saved'], newest: 1 }))[0]?.who.name, 'Anna');
    clinic.git('ana', 'remote', 'rename', 'origin', 'elsewhere');
    assert.notEqual((await ana.status()).syncProblem, null);
    clinic.git('ana', 'remote', 'rename', 'elsewhere', 'origin');
    assert.equal((await ana.status()).remote, 'origin');
    clinic.git('ana', 'pack-refs', '--all');
    clinic.write('ana', path, 'packed\n');
    assert.equal((await ana.recordSave(path))?.outcome, 'recorded');
    clinic.git('ana', 'checkout', '--quiet', '--detach', '--force', 'main');
    assert.equal((await ana.recordSave(path))?.outcome, 'unchanged', 'these are bytes of HEAD');
  });

  it('see a conflict of a moment ago', async () => {
    clinic.git('ana', 'checkout', '--quiet', '--force', 'other');
    clinic.write('ana', path, 'ours\n');
    clinic.git('ana', 'commit', '--quiet', '-am', 'ours');
    assert.throws(() => clinic.git('ana', 'merge', '--quiet', 'main'));
    clinic.write('ana', path, 'half merged\n');
    assert.equal(await ana.recordSave(path), null);
    clinic.git('ana', 'add', path);
    assert.equal((await ana.recordSave(path))?.outcome, 'recorded');
  });
});
