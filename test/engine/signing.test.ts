import assert from 'node:assert/strict';
import { chmodSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventId } from '../../src/core/ids.js';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';
import { makeKey, SshAgent, type KeyPair } from '../tools/sshAgent.js';

const path = 'prompts/triage.prompt.md';
const signersPath = '.prompt-audit/allowed_signers';
const approval = { target: path, decision: 'approved', identity: 'git' } as const;
const deployment = { target: path, env: 'production', identity: 'git' } as const;

describe('signing', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  let warnings: string[];
  let saved: NodeJS.ProcessEnv;
  const agents: SshAgent[] = [];

  beforeEach(() => {
    saved = { ...process.env };
    clinic = new Clinic();
    warnings = [];
    // No key, agent or configuration of this machine.
    process.env['HOME'] = clinic.folder;
    process.env['GIT_CONFIG_NOSYSTEM'] = '1';
    delete process.env['SSH_AUTH_SOCK'];
  });
  afterEach(async () => {
    for (const agent of agents.splice(0)) agent.stop();
    await clinic.dispose();
    // The object itself has to stay: an assignment to its copy reaches no program.
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
  });

  /** A ledger with v1 by Ana, and a clone of Ravi, who signs with `key`. */
  async function begin(key: KeyPair, signers = `ravi@clinic.example ${key.line}\n`): Promise<void> {
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    clinic.write('ana', signersPath, signers);
    clinic.commit('ana');
    await (await clinic.open('ana')).propose({ path, note: 'first' });
    clinic.clone('ravi');
    setKey(key.file);
  }

  function setKey(value: string): void {
    clinic.git('ravi', 'config', 'gpg.format', 'ssh');
    clinic.git('ravi', 'config', 'user.signingkey', value);
  }

  async function openRavi(signing: 'auto' | 'never' = 'auto', limit?: number): Promise<Trail> {
    const limits = limit === undefined ? {} : { limits: { signing: limit } };
    return clinic.open('ravi', { signing, warn: (text) => warnings.push(text), ...limits });
  }

  async function startAgent(...files: string[]): Promise<void> {
    const agent = new SshAgent();
    agents.push(agent);
    await agent.start();
    for (const file of files) agent.add(file);
    process.env['SSH_AUTH_SOCK'] = agent.socket;
  }

  async function statuses(
    trail: Trail,
    type: 'review.decided' | 'deployment.recorded' = 'review.decided',
  ): Promise<string[]> {
    const rows = await trail.log({ types: [type] });
    const details = await Promise.all(rows.map(({ id }) => trail.detail(id)));
    return details.flatMap((d) => (d?.signatures ?? []).map(({ status }) => status));
  }

  /** A program in place of ssh-keygen. */
  function setProgram(script: string): void {
    const file = join(clinic.folder, 'program');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    clinic.git('ravi', 'config', 'gpg.ssh.program', file);
  }

  it('signs a decision and a deployment as soon as they are recorded, and nothing else', async () => {
    await begin(makeKey(clinic.folder, 'k'));
    const ravi = await openRavi();
    await ravi.decide(approval);
    await ravi.deploy(deployment);
    assert.deepEqual(await statuses(ravi), ['good']);
    assert.deepEqual(await statuses(ravi, 'deployment.recorded'), ['good']);
    clinic.write('ravi', path, 'two\n');
    await ravi.propose({ path, note: 'second' });
    assert.equal((await ravi.log({ types: ['signature.attached'] })).length, 2);
    assert.deepEqual(warnings, []);
    assert.equal((await ravi.status()).unsent, 0, 'the signatures went along');
    assert.deepEqual((await ravi.verify({ full: true })).findings, []);
    const [row] = await ravi.active(path, 'production');
    assert.equal(row?.signed, true);
    assert.deepEqual((await ravi.sign()).signed, [], 'nothing is signed twice');
  });

  it('signs with a key that only the agent has, by its public file or its text', async () => {
    const key = makeKey(clinic.folder, 'k', 'secret');
    const open = makeKey(clinic.folder, 'open');
    await begin(key, `ravi@clinic.example ${key.line}\nravi@clinic.example ${open.line}\n`);
    await startAgent(open.file);
    renameSync(open.file, `${open.file}.away`);
    setKey(`${open.file}.pub`);
    const ravi = await openRavi();
    await ravi.decide(approval);
    setKey(`key::${open.line} comment`);
    await ravi.deploy(deployment);
    setKey(open.line);
    await ravi.rollbackTargets(path, 'production');
    await ravi.decide({ ...approval, reason: 'again' });
    assert.deepEqual(warnings, []);
    assert.deepEqual(await statuses(ravi), ['good', 'good']);
    assert.deepEqual(await statuses(ravi, 'deployment.recorded'), ['good']);
  });

  it('takes the key that a command of git names, run without a shell', async () => {
    const key = makeKey(clinic.folder, 'k');
    await begin(key);
    await startAgent(key.file);
    clinic.git('ravi', 'config', '--unset', 'user.signingkey');
    const file = join(clinic.folder, 'keys');
    writeFileSync(file, `key::${key.line}\nignored\n`);
    clinic.git('ravi', 'config', 'gpg.ssh.defaultKeyCommand', `cat "${file}"`);
    const ravi = await openRavi();
    await ravi.decide(approval);
    assert.deepEqual([warnings, await statuses(ravi)], [[], ['good']]);
    clinic.git('ravi', 'config', 'gpg.ssh.defaultKeyCommand', `cat ${file}; true`);
    assert.match((await ravi.signingSetup()).problem?.message ?? '', /cat.* failed/);
  });

  it('fails at once where a key needs a passphrase, whatever could be asked on a desktop', async () => {
    await begin(makeKey(clinic.folder, 'k', 'secret'));
    const ask = join(clinic.folder, 'ask');
    writeFileSync(ask, `#!/bin/sh\ntouch ${clinic.folder}/asked\nexec sleep 1000\n`);
    chmodSync(ask, 0o755);
    for (const [name, value] of [
      ['DISPLAY', ':77'],
      ['SSH_ASKPASS', ask],
      ['SSH_ASKPASS_REQUIRE', 'force'],
    ] as const)
      process.env[name] = value;
    const ravi = await openRavi();
    const row = await ravi.decide(approval);
    assert.equal(row.state, 'approved', 'the act stands');
    assert.match(warnings.join(), /Recorded, but not signed: .*passphrase.*ssh-add/);
    assert.equal((await ravi.status()).signingProblem?.code, 'signing.locked');
    assert.throws(() => readFileSync(join(clinic.folder, 'asked')));
    await failure(ravi.sign(), 'signing.locked');
    clinic.git('ravi', 'config', 'user.signingkey', join(clinic.folder, 'k.pub'));
    await failure(ravi.sign(), 'signing.locked');
  });

  it('says what is wrong with the key, the agent or the program', async () => {
    const key = makeKey(clinic.folder, 'k');
    await begin(key);
    const ravi = await openRavi('never');
    await ravi.decide(approval);
    const fails = async (code: 'signing.failed' | 'signing.notSetUp', words: RegExp) =>
      assert.match(String(await failure(ravi.sign(), code)), words);
    renameSync(key.file, `${key.file}.away`);
    await fails('signing.notSetUp', /k, which git is set up with, cannot be read/);
    setKey(`${key.file}.pub`);
    await fails('signing.failed', /agent is not running/);
    await startAgent();
    await fails('signing.failed', /agent does not have it/);
    process.env['SSH_AUTH_SOCK'] = join(clinic.folder, 'nothing');
    await fails('signing.failed', /no private key/);
    renameSync(`${key.file}.away`, key.file);
    setProgram('exit 1');
    await fails('signing.failed', /did not sign: exit status 1/);
    setProgram('echo "no\u001b[31m way" >&2; exit 3');
    await fails('signing.failed', /did not sign: no \[31m way\./);
    setProgram('exit 0');
    await fails('signing.failed', /no good signature: there is none/);
    setProgram('for f; do :; done; echo garbage > "$f.sig"');
    await fails('signing.failed', /no good signature: it is no armoured/);
    setProgram('for f; do :; done; echo other > "$f"; exec ssh-keygen "$@"');
    await fails('signing.failed', /no good signature: it is not a signature of these bytes/);
    setProgram('shift 4; exec ssh-keygen -Y sign -n git "$@"');
    await fails('signing.failed', /no good signature: it was made for something else/);
    clinic.git('ravi', 'config', 'gpg.ssh.program', 'no-such-program');
    await fails('signing.failed', /no-such-program, which signs, was not found/);
    assert.deepEqual(await statuses(ravi), [], 'nothing was attached');
    setProgram('exec ssh-keygen "$@"');
    assert.equal((await ravi.sign()).signed.length, 1);
  });

  it('says what is missing without a signature, and where the value stands that is wrong', async () => {
    const key = makeKey(clinic.folder, 'k');
    await begin(key);
    const ravi = await openRavi();
    const problem = async (): Promise<string> => {
      const { problem } = await ravi.signingSetup();
      return problem === null ? '' : `${problem.message} ${problem.remedy}`;
    };
    assert.equal(await problem(), '');
    clinic.git('ravi', 'config', 'gpg.ssh.program', '/no/such/program');
    assert.match(await problem(), /was not found.*git config --local --unset gpg\.ssh\.program/);
    clinic.git('ravi', 'config', '--unset', 'gpg.ssh.program');
    chmodSync(key.file, 0o644);
    assert.match(await problem(), /too open \(0644\).*chmod 600 .*k$/);
    await ravi.decide(approval);
    assert.match(warnings.join(), /not signed: The permissions .*chmod 600 .*k$/);
    setKey(`${key.file}.pub`);
    assert.match(await problem(), /too open/);
    renameSync(key.file, `${key.file}.away`);
    assert.match(await problem(), /no private key for .*k\.pub.*agent is not running/);
    await startAgent();
    assert.match(await problem(), /agent does not have it/);
    setKey(`key::${key.line}`);
    assert.match(await problem(), /public key in the configuration of git: the SSH agent does not/);
    setKey('nokey.pub');
    assert.match(await problem(), /nokey\.pub,.* cannot be read.*--local user\.signingkey/);
    assert.doesNotMatch(await problem(), /pub\.pub/);
    clinic.git('ravi', 'config', '--unset', 'user.signingkey');
    clinic.git('ravi', 'config', '--global', 'user.signingkey', 'nokey.pub');
    assert.match(await problem(), /--global user\.signingkey/);
  });

  it('warns of an enrolled person whose git names another key, and of nobody without a key', async () => {
    const key = makeKey(clinic.folder, 'k');
    const other = makeKey(clinic.folder, 'other');
    await begin(key);
    setKey(other.file);
    const ravi = await openRavi();
    await ravi.decide(approval);
    assert.match(warnings.join(), /not signed: git would sign with SHA256:.*not the key.*SHA256:/);
    assert.match(warnings.join(), /Set user\.signingkey .*sign --enroll/);
    assert.deepEqual(await statuses(ravi), []);
    setKey(key.file);
    assert.equal((await ravi.sign()).signed.length, 1);
    clinic.clone('rosa');
    clinic.git('rosa', 'config', 'gpg.format', 'ssh');
    clinic.git('rosa', 'config', 'user.signingkey', other.file);
    warnings = [];
    const rosa = await clinic.open('rosa', {
      signing: 'auto',
      warn: (text) => warnings.push(text),
    });
    await rosa.decide(approval);
    assert.deepEqual(warnings, []);
  });

  it('ends a program that hangs, with all its children, and one that is cancelled', async () => {
    await begin(makeKey(clinic.folder, 'k'));
    const pids = join(clinic.folder, 'pids');
    setProgram(
      `trap '' TERM INT; sleep 1000 & echo $! $$ > ${pids}.new; mv ${pids}.new ${pids}; wait`,
    );
    const ravi = await openRavi('auto', 300);
    await ravi.decide(approval);
    assert.match(warnings.join(), /Nobody answered .* within 1 seconds/);
    assert.equal((await ravi.status()).signingProblem?.code, 'signing.timeout');
    for (const pid of readFileSync(pids, 'utf8').trim().split(' ')) await ended(Number(pid));
    const patient = await openRavi('auto', 1e6);
    let looks = 0;
    const watch = { isCancelled: () => looks++ > 2 };
    await failure(patient.sign({ watch }), 'cancelled');
  });

  it('says in one line how to set up SSH signing, and the line works', async () => {
    const key = makeKey(clinic.folder, 'k');
    await begin(key);
    clinic.git('ravi', 'config', '--unset', 'gpg.format');
    clinic.git('ravi', 'config', 'user.signingkey', '0xABCDEF');
    const ravi = await openRavi();
    await ravi.decide(approval);
    assert.deepEqual(warnings, [], 'no rule asks for a signature');
    const error = await failure(ravi.sign(), 'signing.notSetUp');
    assert.match(error.message, /OpenPGP/);
    assert.match(error.remedy, /ssh-keygen -t ed25519 -f ~\/\.ssh\/id_ed25519 && git config/);
    await startAgent(key.file);
    const { oneStep, kind } = await ravi.signingSetup();
    assert.equal(kind, 'openpgp');
    assert.equal(oneStep, `git config --global prompt-audit.signingKey "key::${key.line}"`);
    clinic.git('ravi', 'config', 'prompt-audit.signingKey', `key::${key.line}`);
    assert.equal((await ravi.sign()).signed.length, 1);
    clinic.git('ravi', 'config', '--unset', 'prompt-audit.signingKey');
    clinic.git('ravi', 'config', '--unset', 'user.signingkey');
    assert.match(
      (await ravi.signingSetup()).oneStep ?? '',
      /^git config --global gpg\.format ssh && git config --global user\.signingkey "key::ssh-ed25519 /,
    );
    clinic.git('ravi', 'config', 'gpg.format', 'ssh');
    assert.equal((await ravi.signingSetup()).kind, 'keyless');
  });

  it('lets somebody enroll, and counts their signatures from the adoption on', async () => {
    const key = makeKey(clinic.folder, 'k');
    await begin(key, '# nobody yet');
    const ravi = await openRavi();
    await ravi.decide(approval);
    assert.deepEqual(
      [warnings, await statuses(ravi)],
      [[], []],
      'a team without keys is left alone',
    );
    const early = await failure(ravi.sign(), 'signing.notSetUp');
    assert.match(early.remedy, /--enroll/);
    const before = await ravi.signingSetup();
    assert.deepEqual([before.enrolled, before.adopted, before.unsigned.length], [false, false, 1]);
    const { line, outcome } = await ravi.enroll();
    assert.equal(outcome, 'added');
    assert.equal((await ravi.enroll()).outcome, 'there-already');
    const file = readFileSync(join(ravi.root, signersPath), 'utf8');
    assert.equal(file, `# nobody yet\nravi@clinic.example namespaces="prompt-audit" ${key.line}\n`);
    assert.ok(file.endsWith(`${line}\n`));
    assert.deepEqual(
      [(await ravi.signingSetup()).enrolled, (await ravi.signingSetup()).adopted],
      [true, false],
    );
    clinic.commit('ravi', 'my key');
    assert.equal((await ravi.sign()).signed.length, 1);
    assert.equal((await ravi.signingSetup()).adopted, true);
    assert.deepEqual(await statuses(ravi), ['good']);
  });

  it('refuses to deploy by an unsigned approval where the policy asks for it, until it is signed', async () => {
    const key = makeKey(clinic.folder, 'k');
    await begin(key);
    const policy = join(clinic.folder, 'ana/.prompt-audit/policy.jsonc');
    const text = readFileSync(policy, 'utf8');
    writeFileSync(
      policy,
      text.replace('"contributors": false', '"contributors": false, "signed": true'),
    );
    clinic.commit('ana', 'signed approvals');
    clinic.git('ravi', 'pull', '--quiet', 'origin', 'main');
    clinic.git('ravi', 'config', '--unset', 'gpg.format');
    clinic.git('ravi', 'config', '--unset', 'user.signingkey');
    await (await openRavi()).decide(approval);
    assert.match(
      warnings.join(),
      /Recorded, but not signed: git is not set up .* with: ssh-keygen/,
    );
    setKey(key.file);
    const ravi = await openRavi('never');
    const refused = await failure(ravi.deploy(deployment), 'deployment.refused');
    assert.ok(refused.reasons.includes('approval.unsigned'), refused.reasons.join());
    await ravi.sign();
    const row = await ravi.deploy(deployment);
    assert.equal(row.order, 'proven');
    assert.equal(row.signed ?? false, false, 'the deployment is not signed yet');
    await ravi.sign();
    assert.equal((await ravi.active(path, 'production'))[0]?.signed, true);
  });

  it('counts no signature for a deployment that was recorded before it', async () => {
    await begin(makeKey(clinic.folder, 'k'));
    const ravi = await openRavi('never');
    await ravi.decide(approval);
    await ravi.deploy(deployment);
    await ravi.sign();
    assert.deepEqual(await statuses(ravi), ['good']);
    const [row] = await ravi.active(path, 'production');
    assert.equal(row?.signed ?? false, false);
  });

  it('signs what another clone recorded under my name only when I name it', async () => {
    const key = makeKey(clinic.folder, 'k');
    await begin(key);
    clinic.clone('eve');
    clinic.git('eve', 'config', 'user.name', 'Ravi');
    clinic.git('eve', 'config', 'user.email', 'ravi@clinic.example');
    const eve = await clinic.open('eve', { signing: 'never' });
    await eve.decide(approval);
    const ravi = await openRavi();
    await ravi.sync();
    const report = await ravi.sign();
    assert.deepEqual([report.signed.length, report.elsewhere.length], [0, 1]);
    const events = report.elsewhere.map(({ id }) => id);
    assert.equal((await ravi.sign({ events })).signed.length, 1);
    const [version] = await ravi.log({ types: ['version.proposed'] });
    await failure(ravi.sign({ events: [version!.id] }), 'signing.failed');
    await failure(ravi.sign({ events: ['0'.repeat(64) as EventId] }), 'event.unknown');
  });

  it('does not append to a file that a hostile repository links elsewhere', async () => {
    await begin(makeKey(clinic.folder, 'k'));
    const ravi = await openRavi();
    const target = join(clinic.folder, 'private');
    writeFileSync(target, 'mine\n');
    clinic.git('ravi', 'rm', '--quiet', '--cached', signersPath);
    renameSync(join(ravi.root, signersPath), join(clinic.folder, 'old'));
    symlinkSync(target, join(ravi.root, signersPath));
    await failure(ravi.enroll(), 'path.outside');
    assert.equal(readFileSync(target, 'utf8'), 'mine\n');
  });
});

/** Waits for a process to be gone; the test's time limit ends it where it is not. */
async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
      // A child that nobody waited for any more is a zombie, which is gone as well.
      if (/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return;
    } catch {
      return;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
