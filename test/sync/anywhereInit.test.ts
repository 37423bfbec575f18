import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInside } from '../cli/support/program.js';
import { Clinic } from '../tools/clones.js';
import { onPush, prompt } from './anywhereFixture.js';

const names = ['.gitignore', 'allowed_signers', 'policy.jsonc'];

describe('sync anywhere: two people who begin at the same time', function () {
  this.timeout(60_000);
  let clinic: Clinic;
  beforeEach(() => {
    clinic = new Clinic();
    clinic.clone('ana');
    clinic.write('ana', prompt, 'one\n');
    clinic.commit('ana');
    clinic.clone('ravi');
  });
  afterEach(() => clinic.dispose());

  const init = (clone: string): ReturnType<typeof runInside> =>
    runInside(join(clinic.folder, clone), ['init', '--yes'], {});
  const untracked = (clone: string): string =>
    clinic.git(clone, 'status', '--porcelain', '--untracked-files=all');
  const text = (clone: string, name: string): string =>
    readFileSync(join(clinic.folder, clone, '.prompt-audit', name), 'utf8');

  /** Ravi's ledger arrives at the remote while Ana's is on its way; gives what `init` said to Ana. */
  async function raced(): Promise<Awaited<ReturnType<typeof init>>> {
    await init('ravi');
    const ravis = clinic.git('remote.git', 'rev-parse', 'prompt-audit');
    clinic.git('remote.git', 'update-ref', 'refs/waiting/ledger', ravis);
    clinic.git('remote.git', 'update-ref', '-d', 'refs/heads/prompt-audit');
    onPush(
      clinic,
      `unset GIT_QUARANTINE_PATH\ngit update-ref refs/heads/prompt-audit ${ravis}\nrm "$0"\nexit 0`,
    );
    return init('ana');
  }

  /** Ravi's files are on main, and then Ana takes them, with her own committed first. */
  function merged(how: '--no-rebase' | '--rebase'): void {
    clinic.commit('ravi', 'policy');
    clinic.git('ana', 'add', '.prompt-audit');
    clinic.git('ana', 'commit', '--quiet', '-m', 'policy');
    clinic.git('ana', 'pull', '--quiet', how, '--no-edit', 'origin', 'main');
    assert.equal(untracked('ana'), '');
    assert.equal(clinic.git('ana', 'diff', 'origin/main'), '');
  }

  for (const how of ['--no-rebase', '--rebase'] as const)
    it(`who was slower is told what to commit, and git merges it (pull ${how})`, async () => {
      const { out, err, status } = await raced();
      assert.equal(status, 0, err);
      assert.match(err, /Another clone was faster/);
      assert.match(
        out,
        /Next: commit the folder \.prompt-audit before your next git pull \(git merges it/,
      );
      for (const name of names) assert.equal(text('ana', name), text('ravi', name), name);
      merged(how);
    });

  it('who comes a little later, too; and nobody adopts a policy by that', async () => {
    await init('ravi');
    const { out } = await init('ana');
    assert.match(out, /^Joined ledger/);
    assert.match(out, /before your next git pull/);
    for (const name of names) assert.equal(text('ana', name), text('ravi', name), name);
    const ana = await clinic.open('ana');
    await ana.propose({ path: prompt, note: 'first' });
    assert.equal((await ana.log({ types: ['policy.adopted'] })).length, 1);
    merged('--no-rebase');
  });

  it('who has the files from git already is told to commit nothing', async () => {
    await init('ravi');
    clinic.commit('ravi', 'policy');
    clinic.git('ana', 'pull', '--quiet', 'origin', 'main');
    const { out } = await init('ana');
    assert.match(out, /Next: "prompt-audit status"\./);
    assert.doesNotMatch(out, /commit/);
    assert.equal(untracked('ana'), '');
  });

  it('what somebody wrote themselves stays, and meets as a conflict that git shows', async () => {
    await init('ravi');
    await init('ana');
    clinic.write('ana', '.prompt-audit/policy.jsonc', `${text('ana', 'policy.jsonc')}// mine\n`);
    clinic.commit('ravi', 'policy');
    clinic.git('ana', 'add', '.prompt-audit');
    clinic.git('ana', 'commit', '--quiet', '-m', 'policy');
    assert.throws(() => clinic.git('ana', 'pull', '--quiet', '--no-rebase', 'origin', 'main'));
    assert.match(text('ana', 'policy.jsonc'), /mine/);
    assert.equal(untracked('ana'), 'AA .prompt-audit/policy.jsonc');
  });
});
