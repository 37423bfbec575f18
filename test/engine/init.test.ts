import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InitResult, TrailOptions } from '../../src/trail/api.js';
import { initTrail } from '../../src/trail/openTrail.js';
import { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';

const path = 'prompts/triage.prompt.md';
const policyPath = '.prompt-audit/policy.jsonc';

describe('init', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  beforeEach(() => (clinic = new Clinic()));
  afterEach(() => clinic.dispose());

  const file = (clone: string, name: string): string => join(clinic.folder, clone, name);
  const ledgerBranch = (): string =>
    clinic.git('remote.git', 'for-each-ref', '--format=%(objectname)', 'refs/heads/prompt-audit');
  const init = (clone: string, more: Partial<TrailOptions> = {}): Promise<InitResult> => {
    const options = { folder: file(clone, '.'), tool: 'test/1', source: 'cli', ...more } as const;
    return initTrail(options, { preset: 'team' });
  };
  const onPush = (script: string): void => {
    mkdirSync(join(clinic.remote, 'hooks'), { recursive: true });
    const hook = join(clinic.remote, 'hooks/pre-receive');
    writeFileSync(hook, `#!/bin/sh\n${script}\n`);
    chmodSync(hook, 0o755);
  };

  /** Ana's ledger is begun where the remote takes no push, and her policy is on main. */
  async function unshared(): Promise<void> {
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    clinic.commit('ana');
    onPush('exit 1');
    const warnings: string[] = [];
    await init('ana', { warn: (m) => warnings.push(m) });
    assert.match(warnings.join(), /Not synced yet/);
    rmSync(join(clinic.remote, 'hooks/pre-receive'));
    clinic.commit('ana', 'policy');
  }

  it('shares the ledger at once, so that the next clone joins it', async () => {
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    clinic.clone('ravi');
    assert.equal((await init('ana')).outcome, 'created');
    assert.notEqual(ledgerBranch(), '');
    const joined = await init('ravi');
    const ana = await clinic.open('ana');
    assert.deepEqual([joined.outcome, joined.ledger.id], ['joined', (await ana.point()).id]);
    const texts = ['ana', 'ravi'].map((clone) => readFileSync(file(clone, policyPath), 'utf8'));
    assert.equal(texts[0], texts[1]);
    assert.equal((await ana.status()).unsent, 0);
  });

  it('shares nothing where syncing is by hand, and says so', async () => {
    clinic.clone('ana');
    const warnings: string[] = [];
    const more = { autoSync: false, warn: (m: string) => warnings.push(m) };
    await init('ana', more);
    assert.match(warnings.join(), /only in this clone/);
    assert.equal(ledgerBranch(), '');
  });

  it('begins no second ledger for a policy that names one', async () => {
    await unshared();
    clinic.clone('ravi');
    const { id } = await (await clinic.open('ana')).point();
    for (const attempt of [init('ravi'), clinic.open('ravi')]) {
      const { message, remedy } = await failure(attempt, 'ledger.missing');
      assert.ok(message.includes(id.slice(0, 7)), message);
      assert.match(message, /the remote does not hold yet/);
      assert.match(remedy, /Ask whoever began it to run: prompt-audit sync/);
    }
    assert.ok(!readdirSync(file('ravi', '.prompt-audit')).includes('ledger.sqlite'));
    await (await clinic.open('ana')).sync();
    assert.equal((await (await clinic.open('ravi')).point()).id, id);
  });

  it('begins one for a policy that names none', async () => {
    clinic.clone('ana');
    clinic.write('ana', policyPath, '{"version":1,"environments":{"a":{}}}');
    assert.equal((await init('ana')).outcome, 'created');
    const ana = await clinic.open('ana');
    assert.equal((await ana.log({ types: ['policy.adopted'] })).length, 1);
  });

  it('joins the ledger of a clone that was faster, and sets its own aside', async () => {
    clinic.clone('ana');
    clinic.clone('ravi');
    clinic.write('ana', path, 'one\n');
    await init('ravi');
    const ravis = ledgerBranch();
    clinic.git('remote.git', 'update-ref', 'refs/waiting/ledger', ravis);
    clinic.git('remote.git', 'update-ref', '-d', 'refs/heads/prompt-audit');
    // Ravi's push arrives while Ana's is under way.
    onPush(
      `unset GIT_QUARANTINE_PATH\ngit update-ref refs/heads/prompt-audit ${ravis}\nrm "$0"\nexit 0`,
    );
    const warnings: string[] = [];
    const { outcome, ledger } = await init('ana', { warn: (m) => warnings.push(m) });
    const ravi = await clinic.open('ravi');
    assert.deepEqual([outcome, ledger.id], ['joined', (await ravi.point()).id]);
    assert.match(warnings.join(), /Another clone was faster/);
    assert.equal(ledgerBranch(), ravis);
    const texts = ['ana', 'ravi'].map((clone) => readFileSync(file(clone, policyPath), 'utf8'));
    assert.equal(texts[0], texts[1], 'the policy belongs to the ledger that was joined');
    const names = (folder: string): string[] =>
      readdirSync(file('ana', folder)).flatMap((n) => /^(.+)\.abandoned-\w+$/.exec(n)?.[1] ?? []);
    assert.deepEqual(names('.git/prompt-audit').sort(), ['clone.json', 'journal.jsonl']);
    assert.deepEqual(names('.prompt-audit').sort(), [
      'allowed_signers',
      'ledger.sqlite',
      'policy.jsonc',
    ]);
    assert.doesNotMatch(clinic.git('ana', 'status', '--porcelain', '-uall'), /abandoned/);
    const ana = await clinic.open('ana');
    await ana.propose({ path, note: 'first' });
    assert.deepEqual((await ana.verify()).findings, []);
    assert.equal((await ana.status()).unsent, 0);
  });

  it('says how to go on where two ledgers have met', async () => {
    await unshared();
    clinic.clone('ravi');
    rmSync(file('ravi', policyPath));
    await init('ravi');
    const { message, remedy } = await failure((await clinic.open('ana')).sync(), 'ledger.foreign');
    assert.match(message, /another ledger/);
    assert.match(remedy, /prompt-audit resolve --keep theirs .*policy\.jsonc/);
  });

  it('says at a first contact offline that nothing can be recorded', async () => {
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await init('ana');
    clinic.commit('ana');
    clinic.clone('ravi');
    clinic.git('ravi', 'remote', 'set-url', 'origin', join(clinic.folder, 'nowhere.git'));
    const { message, remedy } = await failure(clinic.open('ravi'), 'sync.offline');
    assert.match(message, /has not been fetched yet\. The remote cannot be reached/);
    assert.match(remedy, /Nothing can be recorded before that/);
    clinic.git('ravi', 'remote', 'set-url', 'origin', clinic.remote);
    await clinic.open('ravi');
  });
});
