import assert from 'node:assert/strict';
import { chmodSync, rmSync } from 'node:fs';
import type { ActiveRow, EventRow, VersionRow } from '../../src/core/rows.js';
import type { EnrollReport, SigningSetup } from '../../src/trail/signApi.js';
import { makeKey, type KeyPair } from '../tools/sshAgent.js';
import { assertFailed, envelopeOf } from './support/program.js';
import { author, reviewer, World, type Clone } from './support/world.js';

const prompt = 'prompts/triage.prompt.md';

describe('sign', function () {
  this.timeout(60_000);
  let world: World;
  let ravi: Clone;
  let key: KeyPair;

  before(async () => {
    world = new World('sign');
    const ada = world.repository('clone', author);
    ravi = ada.as(reviewer);
    key = makeKey(world.path, 'key');
    ada.write(prompt, 'one\n');
    await ada.ok('init', '--yes');
    await ada.ok('propose', prompt, '-m', 'first');
  });
  after(() => world.remove());

  it('says in one line what to set up, and nothing is signed before', async () => {
    await ravi.ok('approve', prompt, '--yes');
    assertFailed(await ravi.run('sign'), 1, /git is not set up to sign/, /ssh-keygen -t ed25519/);
    const setup = await ravi.run('sign', '--setup');
    assert.match(setup.out, /Set it up with this line:\n\n {2}ssh-keygen/);
    assert.equal(setup.status, 1);
  });

  it('adds a key to allowed_signers once, and says what to do next', async () => {
    ravi.git('config', 'gpg.format', 'ssh');
    ravi.git('config', 'user.signingkey', key.file);
    const [setup] = envelopeOf<SigningSetup>(await ravi.run('sign', '--setup', '--json')).rows;
    assert.deepEqual([setup?.kind, setup?.adopted, setup?.unsigned.length], ['ssh', false, 1]);
    assertFailed(await ravi.run('sign'), 1, /would not count/, /sign --enroll/);
    assert.match(await ravi.ok('sign', '--enroll'), /Added to .prompt-audit\/allowed_signers/);
    const [again] = (await ravi.json<EnrollReport>('sign', '--enroll')).rows;
    assert.equal(again?.outcome, 'there-already');
  });

  it('signs what waits, and every view says so', async () => {
    const before = await ravi.json<VersionRow>('show', prompt);
    assert.equal(before.rows[0]?.decisions[0]?.signed, undefined);
    const waiting = (await ravi.json<EventRow>('log', '--type', 'review.decided')).rows[0]!;
    assertFailed(await ravi.run('sign', '1'), 2, /not yours/);
    assertFailed(await ravi.run('sign', '9999'), 1, /No event has the number/);
    const { rows, counts } = await ravi.json<EventRow>('sign', String(waiting.seq));
    assert.deepEqual([rows[0]?.type, counts['signed']], ['review.decided', 1]);
    assert.match(await ravi.ok('sign'), /^Nothing of yours waits/);
    assert.match(await ravi.ok('sign', '--setup'), /Counts +yes[^]*All is set up/);
    assert.match(await ravi.ok('show', prompt), /signed with their own key/);
    const shown = await ravi.ok('show', rows[0]!.id.slice(0, 12));
    assert.match(shown, /Signature +signed with their own key \(ssh-ed25519 SHA256:/);
    await ravi.ok('deploy', prompt, '--env', 'production');
    const active = await ravi.json<ActiveRow>('active');
    assert.equal(active.rows[0]?.signed, true);
    assert.match(active.caveats.join(), /Trust level L1: signed with the own keys/);
    const log = await ravi.json<EventRow>('log', '--type', 'signature.attached');
    assert.equal(log.rows.length, 2);
    assert.equal((await ravi.run('verify', '--full')).status, 0);
  });

  it('warns of an act that is recorded and not signed, and gives the act its own status', async () => {
    chmodSync(key.file, 0o644);
    const setup = await ravi.run('sign', '--setup');
    assert.equal(setup.status, 1);
    assert.match(setup.out, /permissions of the private key .* too open \(0644\).*chmod 600/s);
    rmSync(key.file);
    const ended = await ravi.run('deploy', prompt, '--env', 'staging');
    assert.equal(ended.status, 0);
    assert.match(ended.out, /^Deployed/);
    assert.match(ended.err, /warning: Recorded, but not signed: The signing key .* cannot be read/);
  });

  it('refuses what is not understood', async () => {
    assertFailed(await ravi.run('sign', 'nothing'), 1, /no id begins with, "nothing"/);
    assertFailed(await ravi.run('sign', '--setup', '--enroll'), 3, /--setup or --enroll/);
    assertFailed(await ravi.run('sign', 'abcdef0', '--setup'), 3, /take no event/);
  });
});
