import assert from 'node:assert/strict';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Clinic } from '../tools/clones.js';
import { begunClinic, newPrompt, person, prompt, roundTrip } from './anywhereFixture.js';

describe('sync anywhere: clones that do not have everything', function () {
  this.timeout(60_000);
  let clinic: Clinic;
  let url: string;
  beforeEach(async () => {
    clinic = await begunClinic();
    url = pathToFileURL(clinic.remote).href;
    for (const name of ['uploadpack.allowFilter', 'uploadpack.allowAnySHA1InWant'])
      clinic.git('remote.git', 'config', name, 'true');
    for (const text of ['a', 'b', 'c']) {
      clinic.write('ana', 'code.txt', `${text}\n`);
      clinic.commit('ana', text);
    }
  });
  afterEach(() => clinic.dispose());

  const clone = (...options: string[]): void => {
    clinic.git('.', 'clone', '--quiet', ...options, url, 'rosa');
    person(clinic, 'rosa');
  };
  const git = (...args: string[]): string => clinic.git('rosa', ...args);
  const missing = (tip: string): number =>
    git('rev-list', '--objects', '--missing=print', tip)
      .split('\n')
      .filter((l) => l.startsWith('?')).length;

  it('a shallow clone', async () => {
    clone('--depth=1');
    await roundTrip(clinic, 'rosa');
    assert.equal(git('rev-list', '--count', 'HEAD'), '1');
    const trail = await clinic.open('rosa');
    assert.deepEqual(
      (await trail.verify()).findings.filter((f) => f.severity === 'error'),
      [],
    );
  });

  it('a clone of one other branch decides by the policy of the default one', async () => {
    clinic.git('ana', 'push', '--quiet', 'origin', 'HEAD:refs/heads/dev');
    const ravi = await clinic.open('ravi');
    await ravi.propose({ path: prompt, note: 'first' });
    await ravi.close();
    clone('--single-branch', '--branch=dev');
    await roundTrip(clinic, 'rosa');
    const rosa = await clinic.open('rosa');
    const version = await rosa.decide({ target: prompt, decision: 'approved', identity: 'git' });
    assert.equal(version.decisions[0]?.by.name, 'rosa');
    // Once more: now the policy of the protected branch is adopted, which this clone does not have.
    clinic.git('ana', 'fetch', '--quiet');
    const ana = await clinic.open('ana');
    const input = { target: prompt, decision: 'rejected', reason: 'no', identity: 'git' } as const;
    await ana.decide(input).catch(() => undefined);
    clinic.write('ravi', prompt, 'two\n');
    const again = await clinic.open('ravi');
    await again.propose({ path: prompt, note: 'second' });
    await rosa.sync();
    const adopted = await rosa.log({ types: ['policy.adopted'] });
    assert.equal(adopted.length, 2);
    const second = await rosa.decide({ target: prompt, decision: 'approved', identity: 'git' });
    assert.equal(second.number, 2);
    assert.equal(git('for-each-ref', 'refs/remotes/origin/main'), '');
  });

  for (const filter of ['blob:none', 'tree:0', 'blob:limit=1k']) {
    it(`a partial clone (${filter}): the ledger is there as a whole, and nothing else is fetched for it`, async () => {
      clone(`--filter=${filter}`);
      const before = missing('HEAD');
      const trip = await roundTrip(clinic, 'rosa');
      assert.equal(missing('HEAD'), before);
      assert.equal(missing('refs/prompt-audit/ledger'), 0);
      // The user's own fetch takes the ledger branch with the filter first.
      const ana = await clinic.open('ana');
      for (let i = 0; i < 3; i++) {
        await ana.record([newPrompt(clinic, 'ana')]);
        await ana.sync();
      }
      git('fetch', '--quiet');
      const rosa = await clinic.open('rosa');
      assert.equal((await rosa.sync()).received >= 3, true);
      assert.equal(missing('refs/prompt-audit/ledger'), 0);
      assert.ok((await rosa.point()).size > trip.point.size);
      assert.deepEqual(
        (await rosa.verify()).findings.filter((f) => f.severity === 'error'),
        [],
      );
    });
  }

  it('a partial clone whose remote is offline: all that needs no sync works, and fetches nothing', async () => {
    clone('--filter=blob:none', '--sparse');
    git('sparse-checkout', 'set', 'prompts', '.prompt-audit');
    const first = await clinic.open('rosa');
    await first.sync();
    await first.close();
    renameSync(clinic.remote, `${clinic.remote}.away`);
    const trail = await clinic.open('rosa');
    await trail.record([newPrompt(clinic, 'rosa')]);
    clinic.write('rosa', prompt, 'changed\n');
    await trail.record();
    const { unsent, prompts } = await trail.status();
    assert.ok(unsent > 0);
    assert.equal(prompts.find(({ path }) => path === prompt)?.working, 'draft');
    await trail.verify();
    await assert.rejects(trail.sync(), { code: 'sync.offline' });
    renameSync(`${clinic.remote}.away`, clinic.remote);
    await trail.sync();
    assert.equal((await trail.status()).unsent, 0);
  });

  for (const shape of ['cone', 'no-cone']) {
    it(`a sparse checkout (${shape}) without .prompt-audit and prompts`, async () => {
      clone('--no-checkout');
      git('sparse-checkout', 'set', `--${shape}`, 'src');
      git('checkout', '--quiet', 'main');
      assert.equal(existsSync(join(clinic.folder, 'rosa/.prompt-audit')), false);
      const trail = await clinic.open('rosa');
      const known = (await trail.status()).prompts.find(({ path }) => path === prompt);
      assert.notEqual(known?.working, 'missing');
      await trail.close();
      assert.equal(git('status', '--porcelain'), '');
      await roundTrip(clinic, 'rosa');
      rmSync(join(clinic.folder, 'rosa/prompts'), { recursive: true });
      assert.equal(git('status', '--porcelain'), '');
    });
  }

  it('clones that share objects with another', async () => {
    clinic.git('.', 'clone', '--quiet', '--shared', 'ana', 'shared');
    clinic.git('.', 'clone', '--quiet', '--reference', 'ana', url, 'rosa');
    clinic.git('shared', 'remote', 'set-url', 'origin', url);
    for (const name of ['shared', 'rosa']) {
      person(clinic, name);
      clinic.git(name, 'config', 'core.autocrlf', 'true');
      await roundTrip(clinic, name);
    }
  });

  it('a clone that was moved, and one with a git folder elsewhere', async () => {
    clone();
    await roundTrip(clinic, 'rosa');
    renameSync(join(clinic.folder, 'rosa'), join(clinic.folder, 'moved'));
    await roundTrip(clinic, 'moved');
    clinic.git('.', 'clone', '--quiet', '--separate-git-dir=elsewhere.git', url, 'apart');
    person(clinic, 'apart');
    await roundTrip(clinic, 'apart');
  });

  it('repositories with SHA-256', async () => {
    const own = new Clinic();
    try {
      own.git('.', 'init', '--quiet', '--bare', '--object-format=sha256', '-b', 'main', 'big.git');
      for (const name of ['ana', 'ravi']) {
        own.git('.', 'init', '--quiet', '--object-format=sha256', '-b', 'main', name);
        own.git(name, 'remote', 'add', 'origin', join(own.folder, 'big.git'));
        person(own, name, name);
      }
      own.write('ana', prompt, 'one\n');
      await own.init('ana');
      for (const args of [
        ['add', '-A'],
        ['commit', '-qm', 'x'],
        ['push', '-q', 'origin', 'main'],
      ])
        own.git('ana', ...args);
      own.git('ravi', 'pull', '--quiet', 'origin', 'main');
      await roundTrip(own, 'ana');
      // The two kinds cannot exchange anything; that is said, and not as a rewrite.
      own.git('ana', 'remote', 'set-url', 'origin', clinic.remote);
      const ana = await own.open('ana');
      await assert.rejects(ana.sync(), (error: Error & { remedy?: string }) => {
        assert.match(`${error.message} ${error.remedy}`, /SHA-256|sha256|object format|algorithm/);
        return true;
      });
    } finally {
      await own.dispose();
    }
  });
});
