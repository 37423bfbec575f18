import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Trail } from '../../src/trail/api.js';
import { lintWorkingPolicy } from '../../src/trail/policyLint.js';
import { siteAt } from '../../src/trail/site.js';
import { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';

const path = 'prompts/triage.prompt.md';
const policyPath = '.prompt-audit/policy.jsonc';

describe('questions about policies', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  beforeEach(() => (clinic = new Clinic()));
  afterEach(() => clinic.dispose());

  const textIn = (clone: string): string =>
    readFileSync(join(clinic.folder, clone, policyPath), 'utf8');
  const edit = (clone: string, from: string, to: string): void => {
    assert.ok(textIn(clone).includes(from));
    writeFileSync(join(clinic.folder, clone, policyPath), textIn(clone).replace(from, to));
  };
  const approve = (trail: Trail) =>
    trail.decide({ target: path, decision: 'approved', identity: 'git' });
  const deploy = (trail: Trail) =>
    trail.deploy({ target: path, env: 'production', identity: 'git' });
  const policyFindings = async (trail: Trail): Promise<readonly string[][]> =>
    (await trail.verify()).findings
      .filter(({ code }) => code.startsWith('policy.'))
      .map(({ code, severity, found }) => [code, severity, found ?? '']);

  /** Alice starts, and her policy is pushed; Bob refuses nothing and approves; Alice deploys; then two approvals are needed. */
  async function story(): Promise<void> {
    clinic.clone('alice');
    clinic.write('alice', path, 'one\n');
    await clinic.init('alice');
    clinic.commit('alice');
    clinic.clone('bob');
    const alice = await clinic.open('alice');
    await alice.propose({ path, note: 'first' });
    await failure(deploy(alice), 'deployment.refused');
    await alice.sync();
    const bob = await clinic.open('bob');
    await approve(bob);
    await bob.sync();
    await alice.sync();
    await deploy(alice);
    edit('alice', '"required": 1', '"required": 2');
    clinic.commit('alice', 'two approvals');
    await failure(deploy(alice), 'deployment.refused');
    await alice.sync();
  }

  async function told(): Promise<Trail> {
    await clinic.made(story);
    return clinic.open('alice');
  }

  it('show: which one is in force, since when, by whom, and whether it stood on the protected branch', async () => {
    const alice = await told();
    const { adoptions, shown, text, powers } = await alice.policyShown();
    assert.deepEqual(
      adoptions.map((one) => [one.adoptedBy.name, one.source, one.protection, one.until === null]),
      [
        ['Alice', 'working-tree', 'later', false],
        ['Alice', 'protected-branch', 'yes', false],
        ['Alice', 'protected-branch', 'yes', true],
      ],
    );
    assert.equal(shown?.event, adoptions[2]?.event);
    assert.equal(shown?.commit, clinic.git('alice', 'rev-parse', 'HEAD'));
    assert.equal(text, textIn('alice'));
    assert.deepEqual(
      powers.map((one) => [one.person, one.roles, one.deploys.length, one.redacts]),
      [
        ['alice@clinic.example', ['redactor'], 3, true],
        ['*', [], 3, false],
      ],
    );
    const early = await alice.policyShown(adoptions[1]!.at);
    assert.equal(early.shown?.event, adoptions[1]!.event);
    assert.match(early.text ?? '', /"required": 1/);
    assert.equal((await alice.policyShown('2001-01-01T00:00:00.000Z')).shown, null);
  });

  it('diff: what differs, and which events would be judged differently', async () => {
    const alice = await told();
    const { adoptions } = await alice.policyShown();
    const prefix = (i: number): string => adoptions[i]!.digest.slice(7, 15);
    const by = (i: number) => ({ kind: 'digest', prefix: prefix(i) }) as const;
    const found = await alice.policyCompared(by(0), by(2));
    assert.deepEqual(found.differences, [{ key: 'approvals.required', before: '1', after: '2' }]);
    assert.deepEqual(found.effect.counts, { deployment: 1, approval: 1, refusal: 2, version: 1 });
    assert.deepEqual(
      found.effect.differing.map((one) => [one.kind, one.active, one.before, one.after]),
      [
        [
          'version',
          false,
          { allowed: true, reasons: [] },
          { allowed: false, reasons: ['approval.missing'] },
        ],
        [
          'deployment',
          true,
          { allowed: true, reasons: [] },
          { allowed: false, reasons: ['approval.missing'] },
        ],
        [
          'refusal',
          false,
          { allowed: true, reasons: [] },
          { allowed: false, reasons: ['approval.missing'] },
        ],
      ],
    );
    const same = await alice.policyCompared({ kind: 'working' }, { kind: 'protected' });
    assert.deepEqual([same.differences, same.effect.differing], [[], []]);
    const dated = await alice.policyCompared({ kind: 'at', at: adoptions[0]!.at }, by(2));
    assert.deepEqual(dated.differences, found.differences);
  });

  it('diff: refuses names that mean no policy', async () => {
    const alice = await told();
    const { adoptions } = await alice.policyShown();
    const now = { kind: 'working' } as const;
    const unknown = await failure(
      alice.policyCompared({ kind: 'digest', prefix: '0000' }, now),
      'policy.unknown',
    );
    assert.match(unknown.message, /begins with 0000/);
    await failure(
      alice.policyCompared(now, { kind: 'at', at: '2001-01-01T00:00:00.000Z' }),
      'policy.unknown',
    );
    await failure(alice.policyCompared(now, { kind: 'text', text: '{' }), 'policy.invalid');
    clinic.git('alice', 'remote', 'remove', 'origin');
    await failure(alice.policyCompared(now, { kind: 'protected' }), 'policy.missing');
    const digits = adoptions[0]!.digest.slice(7, 11);
    assert.ok(await alice.policyCompared(now, { kind: 'digest', prefix: digits }));
  });

  it('simulate: what these rules would have said of each event by what stood before it', async () => {
    const alice = await told();
    const none = await alice.policySimulated({ kind: 'working' });
    assert.deepEqual(
      none.effect.differing.map(({ kind, before, after }) => [kind, before.allowed, after.allowed]),
      [['deployment', true, false]],
      'two approvals were never there',
    );
    const text = textIn('alice').replace('"required": 2', '"required": 0');
    const lax = await alice.policySimulated({ kind: 'text', text });
    assert.deepEqual(
      lax.effect.differing.map(({ kind, before, after }) => [kind, before.reasons, after.allowed]),
      [
        ['version', ['approval.missing'], true],
        ['refusal', ['approval.missing'], true],
        ['refusal', ['approval.missing'], true],
      ],
    );
    const [, first] = lax.effect.differing;
    const window = { from: first!.at, to: lax.effect.differing[2]!.at };
    const inWindow = await alice.policySimulated({ kind: 'text', text }, window);
    assert.deepEqual(
      inWindow.effect.differing.map(({ event }) => event),
      [first!.event],
    );
    assert.deepEqual(inWindow.effect.counts, {
      deployment: 1,
      approval: 1,
      refusal: 1,
      version: 0,
    });
    const strict = textIn('alice').replace('"required": 2', '"required": 1, "reason": true');
    const reason = await alice.policySimulated({ kind: 'text', text: strict });
    assert.deepEqual(
      reason.effect.differing.map(({ kind, after }) => [kind, after.reasons]),
      [
        ['approval', ['approval.reason']],
        ['deployment', ['approval.missing', 'approval.reason']],
      ],
    );
  });

  it('lint: by the files of the work tree, and of a text that is not saved', async () => {
    await told();
    clinic.write('alice', '.github/CODEOWNERS', '* @nobody-known\n');
    const text = textIn('alice').replace('"required": 2', '"required": 9, "codeowners": true');
    const site = await siteAt(join(clinic.folder, 'alice'));
    const { findings, codeowners } = await lintWorkingPolicy(site, { text });
    assert.equal(codeowners?.path, '.github/CODEOWNERS');
    assert.deepEqual(
      findings.map(({ code, file }) => [code, file]),
      [
        ['lint.unattended', 'policy'],
        ['lint.codeownersUnknown', 'codeowners'],
        ['lint.codeownersNobody', 'policy'],
      ],
    );
    assert.deepEqual(
      (await lintWorkingPolicy(site, {})).findings.map(({ code }) => code),
      ['lint.unattended'],
    );
  });

  it('verify says nothing of policies that stood on the protected branch, and remembers it', async () => {
    const alice = await told();
    assert.deepEqual(await policyFindings(alice), []);
    clinic.git('alice', 'update-ref', '-d', 'refs/remotes/origin/main');
    clinic.git('alice', 'update-ref', '-d', 'refs/remotes/origin/HEAD');
    assert.deepEqual(await policyFindings(alice), []);
  });

  it('verify warns of a policy whose commit is not on the protected branch any more', async () => {
    await told();
    const commit = clinic.git('alice', 'rev-parse', 'HEAD');
    clinic.clone('carl');
    clinic.git('carl', 'reset', '--quiet', '--hard', 'HEAD^');
    clinic.write('carl', 'other.txt', 'x');
    clinic.git('carl', 'add', '-A');
    clinic.git('carl', 'commit', '--quiet', '-m', 'other');
    clinic.git('carl', 'push', '--quiet', '--force', 'origin', 'HEAD:main');
    clinic.git('alice', 'fetch', '--quiet', 'origin');
    const alice = await clinic.open('alice');
    assert.deepEqual(await policyFindings(alice), [['policy.protectedUnknown', 'warning', commit]]);
    const { adoptions } = await alice.policyShown();
    assert.deepEqual(
      adoptions.map(({ protection }) => protection),
      ['later', 'yes', 'left'],
    );
    clinic.git('.', 'clone', '--quiet', '--no-local', clinic.remote, 'dora');
    clinic.git('dora', 'config', 'user.email', 'dora@clinic.example');
    clinic.git('dora', 'config', 'user.name', 'Dora');
    assert.deepEqual(await policyFindings(await clinic.open('dora')), [
      ['policy.neverProtected', 'warning', commit],
    ]);
  });

  it('verify: a commit that never left a clone never stood there; a clone that has not fetched cannot tell', async () => {
    await told();
    clinic.git('bob', 'pull', '--quiet', 'origin', 'main');
    clinic.git('.', 'clone', '--quiet', '--no-local', clinic.remote, 'late');
    clinic.git('late', 'config', 'user.email', 'dora@clinic.example');
    clinic.git('late', 'config', 'user.name', 'Dora');
    edit('alice', '"required": 2', '"required": 0');
    clinic.git('alice', 'commit', '--quiet', '--all', '-m', 'of nobody else');
    clinic.git('alice', 'update-ref', 'refs/remotes/origin/main', 'HEAD');
    const alice = await clinic.open('alice');
    await deploy(alice);
    await alice.sync();
    const commit = clinic.git('alice', 'rev-parse', 'HEAD');
    const late = await clinic.open('late');
    await late.sync();
    assert.deepEqual(await policyFindings(late), [['policy.protectedUnknown', 'info', commit]]);
    clinic.git('late', 'fetch', '--quiet', 'origin');
    assert.deepEqual(await policyFindings(late), [['policy.neverProtected', 'warning', commit]]);
  });

  it('verify tells of a policy of a work tree that was never pushed', async () => {
    clinic.clone('alice');
    clinic.write('alice', path, 'one\n');
    await clinic.init('alice');
    const alice = await clinic.open('alice');
    assert.deepEqual(await policyFindings(alice), []);
    edit('alice', '"required": 1', '"required": 2');
    clinic.commit('alice');
    assert.deepEqual(await policyFindings(alice), [
      ['policy.neverProtected', 'info', 'working-tree'],
    ]);
    const [only] = (await alice.policyShown()).adoptions;
    assert.equal(only?.protection, 'never');
  });

  it('a bytes-for-bytes policy that only a merged branch had in between never stood there', async () => {
    clinic.clone('alice');
    clinic.write('alice', path, 'one\n');
    await clinic.init('alice');
    const first = textIn('alice');
    clinic.git('alice', 'add', '-A');
    clinic.git('alice', 'commit', '--quiet', '-m', 'with the first policy');
    clinic.git('alice', 'branch', 'side');
    clinic.git('alice', 'checkout', '--quiet', '--orphan', 'fresh');
    edit('alice', '"required": 1', '"required": 2');
    clinic.git('alice', 'add', '-A');
    clinic.git('alice', 'commit', '--quiet', '-m', 'with another policy');
    clinic.git(
      'alice',
      'merge',
      '--quiet',
      '--allow-unrelated-histories',
      '-s',
      'ours',
      '-m',
      'm',
      'side',
    );
    clinic.git('alice', 'push', '--quiet', 'origin', 'fresh:main');
    const alice = await clinic.open('alice');
    assert.notEqual(textIn('alice'), first);
    assert.equal((await alice.policyShown()).adoptions[0]?.protection, 'never');
  });

  it('says that it cannot tell in a shallow clone, and where there is no remote', async () => {
    const alice = await told();
    await alice.sync();
    const shallow = join(clinic.folder, 'shallow');
    clinic.git(
      '.',
      'clone',
      '--quiet',
      '--depth=1',
      '--no-single-branch',
      `file://${clinic.remote}`,
      shallow,
    );
    clinic.git('shallow', 'config', 'user.email', 'carl@clinic.example');
    clinic.git('shallow', 'config', 'user.name', 'Carl');
    const carl = await clinic.open('shallow');
    const { adoptions } = await carl.policyShown();
    assert.deepEqual(
      adoptions.map(({ protection }) => protection),
      ['unknown', 'unknown', 'yes'],
    );
  });
});
