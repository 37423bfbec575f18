import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../../src/core/hash.js';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';

const path = 'prompts/triage.prompt.md';
const other = 'prompts/other.prompt.md';
const sha = (text: string): string => digestOf(Buffer.from(text)).slice('sha256:'.length, 15);
const types = ['revision.observed', 'prompt.removed', 'prompt.moved', 'prompt.registered'] as const;

describe('what comes back in commits', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  let ana: Trail;
  beforeEach(async () => {
    clinic = new Clinic();
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    clinic.commit('ana', 'before the trail');
    await clinic.init('ana');
    clinic.commit('ana', 'the policy');
    ana = await clinic.open('ana');
  });
  afterEach(() => clinic.dispose());

  const git = (...args: string[]): string => clinic.git('ana', ...args);

  function change(text: string, at = path): string {
    clinic.write('ana', at, text);
    git('add', '--all');
    git('commit', '--quiet', '-m', `change to ${text}`);
    return git('rev-parse', 'HEAD');
  }

  /** Revisions by the beginning of their digest, other acts by name, after all is recorded. */
  async function told(): Promise<string[]> {
    git('push', '--quiet', '--force', 'origin', 'HEAD:main');
    await ana.sync();
    const rows = await ana.log({ types });
    return rows
      .filter(({ type }) => type !== 'prompt.registered')
      .map(({ type, digest }) =>
        type === 'revision.observed' ? digest!.slice('sha256:'.length, 15) : type,
      );
  }

  for (const between of ['with syncs between', 'in one sync'])
    it(`is recorded when a commit is picked again after its revert, ${between}`, async () => {
      const sync = async (): Promise<unknown> => between.startsWith('with') && told();
      const first = change('two\n');
      await sync();
      git('revert', '--no-edit', first);
      await sync();
      git('cherry-pick', first);
      assert.deepEqual(await told(), ['two\n', 'one\n', 'two\n'].map(sha));
      git('revert', '--no-edit', 'HEAD');
      await sync();
      git('cherry-pick', first);
      const all = await told();
      assert.deepEqual(all, ['two\n', 'one\n', 'two\n', 'one\n', 'two\n'].map(sha));
      assert.equal((await ana.status()).prompts[0]?.working, 'draft');
      // The whole line rebased, and its end amended: copies.
      git('checkout', '--quiet', '--detach', `${first}~1`);
      clinic.write('ana', 'notes.txt', 'x\n');
      git('add', '--all');
      git('commit', '--quiet', '-m', 'below');
      git('cherry-pick', `${first}~1..main`);
      assert.deepEqual(await told(), all);
      git('commit', '--quiet', '--amend', '-m', 'another message');
      assert.deepEqual(await told(), all);
      assert.equal((await ana.importHistory({ dryRun: true })).totals.revisions, 1);
    });

  it('is recorded when an addition is picked again after the deletion', async () => {
    const added = change('new\n', other);
    await told();
    rmSync(join(clinic.folder, 'ana', other));
    git('commit', '--quiet', '--all', '-m', 'gone');
    await told();
    git('cherry-pick', added);
    assert.deepEqual(await told(), [sha('new\n'), 'prompt.removed', sha('new\n')]);
    const prompt = (await ana.status()).prompts.find((one) => one.path === other);
    assert.equal(prompt?.working, 'draft');
    assert.equal((await ana.coverage({ fromStart: true })).states.missing, 0);
  });

  it('is recorded when it comes back in the second in which it was written', async () => {
    const date = '2026-03-01T10:00:00Z';
    const at = (text: string): void => {
      clinic.write('ana', path, text);
      git('commit', '--quiet', '--all', '--date', date, '-m', text);
    };
    for (const text of ['two\n', 'three\n', 'two\n', 'three\n']) {
      at(text);
      await told();
    }
    assert.deepEqual(await told(), ['two\n', 'three\n', 'two\n', 'three\n'].map(sha));
  });

  it('says when a commit names more co-authors than an event has room for', async () => {
    const trailers = Array.from(
      { length: 230 },
      (_, i) => `Co-authored-by: P${i} <p${i}@x.example>`,
    );
    clinic.write('ana', path, 'by many\n');
    git('commit', '--quiet', '--all', '-m', ['all', '', ...trailers].join('\n'));
    await told();
    const [row] = await ana.log({ types: ['revision.observed'] });
    assert.match(row!.summary, /with P0, P1, P2 and 197 more \(and 30 more co-authors, whom /);
  });

  it('adds nothing for a rebase of fifty commits, whether it was synced before or not', async () => {
    const base = git('rev-parse', 'HEAD');
    git('checkout', '--quiet', '-b', 'topic');
    for (let i = 0; i < 50; i++) change(`step ${i % 7} of ${i}\n`);
    const before = await told();
    assert.equal(before.length, 50);
    for (const onto of ['first', 'second']) {
      git('checkout', '--quiet', '-b', onto, base);
      clinic.write('ana', `${onto}.txt`, 'x\n');
      git('add', '--all');
      git('commit', '--quiet', '-m', onto);
      git('checkout', '--quiet', 'topic');
      git('rebase', '--quiet', onto);
      assert.deepEqual(await told(), before);
    }
  });
});
