import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import type { ProofReport } from '../../src/core/proofReport.js';
import type { EventRow } from '../../src/core/rows.js';
import { signer } from '../tools/noteSigner.js';
import { makeKey } from '../tools/sshAgent.js';
import { assertFailed, envelopeOf } from './support/program.js';
import { author, reviewer, World, type Clone } from './support/world.js';

const prompt = 'prompts/triage.prompt.md';

describe('prove and check-proof', function () {
  this.timeout(60_000);
  const world = new World('proof');
  let ada: Clone;
  let outside: Clone;

  before(async () => {
    const remote = world.remote('remote.git');
    ada = world.clone(remote, 'ada', author);
    ada.write(prompt, 'You triage patients.\n');
    ada.git('add', '.');
    ada.git('commit', '--quiet', '-m', 'First prompt');
    ada.git('push', '--quiet', 'origin', 'HEAD');
    await ada.ok('init', '--yes');
    await ada.ok('propose', prompt, '-m', 'First version');
    await ada.ok('sync');
    mkdirSync(ada.path('../outside'));
    outside = ada.in('../outside');
  });
  after(() => world.remove());

  /** What check-proof says in a folder without repository. */
  async function checked(
    ...args: string[]
  ): Promise<{ status: number | null; report: ProofReport }> {
    const ended = await outside.run('check-proof', ...args, '--json');
    return { status: ended.status, report: envelopeOf<ProofReport>(ended).rows[0]! };
  }

  it('a proof by id, number and version; a stranger checks it in an empty folder', async () => {
    const [row] = (await ada.json<EventRow>('log', '--type', 'version.proposed')).rows;
    const byId = await ada.ok('prove', row!.id.slice(0, 8));
    assert.equal(await ada.ok('prove', String(row!.seq)), byId);
    assert.equal(await ada.ok('prove', `#${row!.seq}`), byId);
    assert.equal(await ada.ok('prove', `${prompt}@v1`), byId);
    assert.equal(await ada.ok('prove', prompt), byId);
    outside.write('v1.tlog-proof', byId);
    const alone = await outside.run('check-proof', 'v1.tlog-proof');
    assert.equal(alone.status, 1);
    const printed = alone.out;
    assert.match(printed, /^Not proven to you: This fits .* compared with nothing/);
    assert.doesNotMatch(printed, /^Proven/m);
    assert.match(printed, /First version/);
    assert.match(printed, /L0/);
    assert.match(printed, /Note: The checkpoint stands in the proof itself/);
    const { status, report } = await checked('v1.tlog-proof');
    assert.deepEqual([status, report.holds, report.event?.id], [1, true, row!.id]);
  });

  it('--out writes a new file and never over another one', async () => {
    const printed = await ada.ok('prove', '1', '--out', 'one.tlog-proof');
    assert.match(printed, /one\.tlog-proof: event 1 \(/);
    const before = ada.read('one.tlog-proof');
    assertFailed(await ada.run('prove', '2', '--out', 'one.tlog-proof'), 1, /there already/);
    assert.deepEqual(ada.read('one.tlog-proof'), before);
    assertFailed(await ada.run('prove', '2', '--out', 'no/such/folder'), 2, /could not be written/);
  });

  it('compares with a checkpoint of before, through a consistency proof', async () => {
    await ada.ok('checkpoint', '--size', '3', '--out', '../outside/old.checkpoint');
    await ada.ok('prove', '--since', '../outside/old.checkpoint', '--out', '../outside/since');
    outside.write('two.tlog-proof', await ada.ok('prove', '2'));
    const args = ['two.tlog-proof', '--checkpoint', 'old.checkpoint'];
    const { status, report } = await checked(...args, '--since', 'since');
    assert.deepEqual([status, report.levels], [0, ['L0', 'L2']]);
    assert.equal((await checked(...args)).status, 2);
    const covered = await outside.ok('check-proof', ...args, '--since', 'since');
    assert.match(covered, /^Proven: this event is in the ledger/);
    const since = await outside.ok('check-proof', 'since', '--checkpoint', 'old.checkpoint');
    assert.match(since, /^Proven: the ledger .* was only added to since its first 3 events$/m);
    assert.match(since, /L2 seen by another custodian \(only the first 3 events\)$/m);
    const mailed = outside.read('old.checkpoint').toString().trim().replaceAll('\n', '\r\n');
    outside.write('mailed', mailed);
    ada.write('mailed', mailed);
    assert.equal((await checked('since', '--checkpoint', 'mailed')).status, 0);
    assert.equal(await ada.ok('prove', '--since', 'mailed'), outside.read('since').toString());
    const atOld = await ada.ok('prove', '2', '--checkpoint', 'mailed');
    assert.ok(atOld.endsWith(`\n\n${outside.read('old.checkpoint').toString()}`));
    assert.equal((await checked('since')).status, 2);
    assert.equal(await ada.ok('prove', '--since', '3'), outside.read('since').toString());
    await ada.ok('prove', '--since', '../outside/two.tlog-proof');
  });

  it('what was changed does not hold: exit status 2', async () => {
    const text = outside.read('two.tlog-proof').toString();
    outside.write('bent', text.replace('index 1', 'index 2'));
    const ended = await outside.run('check-proof', 'bent');
    assert.equal(ended.status, 2);
    assert.match(ended.out, /proof\.notIncluded: .*\nNOT PROVEN\n$/);
    outside.write('noise', 'hello\n');
    assert.equal((await checked('noise')).status, 2);
  });

  it('what this ledger does not extend is refused with both roots', async () => {
    const text = await ada.ok('checkpoint', '--size', '3');
    const root = text.split('\n')[2]!;
    ada.write('other.checkpoint', text.replace(root, Buffer.alloc(32, 9).toString('base64')));
    assertFailed(
      await ada.run('prove', '--since', 'other.checkpoint'),
      2,
      new RegExp(`${Buffer.from(root, 'base64').toString('hex')} here, and (09){32} there`),
    );
  });

  it('an unsynced event gives a provisional proof: exit status 1', async () => {
    ada.write(prompt, 'You triage patients. Ask for allergies.\n');
    await ada.ok('record', prompt);
    const { size } = (await ada.json('log')).ledger!;
    const ended = await ada.run('prove', String(size));
    assert.equal(ended.status, 1);
    assert.match(ended.err, /provisional/);
    outside.write('late.tlog-proof', ended.out);
    assert.equal((await checked('late.tlog-proof')).status, 1);
    const args = ['late.tlog-proof', '--checkpoint', 'old.checkpoint', '--since', 'late.since'];
    outside.write(
      'late.since',
      (await ada.run('prove', '--since', '3', '--size', String(size))).out,
    );
    const beyond = await outside.run('check-proof', ...args);
    assert.equal(beyond.status, 1);
    assert.match(beyond.out, /covers only the first 3: nobody else saw event/);
    assert.doesNotMatch(beyond.out, /L2|^Proven/m);
    const json = await ada.run('prove', String(size), '--json');
    assert.match(envelopeOf(json).caveats.join(' '), /provisional/);
  });

  it('usage: exit status 3', async () => {
    const wrong = [
      ['prove'],
      ['prove', '1', '--since', '2'],
      ['prove', '1', '--size', 'x'],
      ['prove', '1', '--size', '2', '--checkpoint', 'one.tlog-proof'],
      ['prove', '3', '--size', '2'],
      ['prove', '1', '--checkpoint', 'missing'],
      ['checkpoint', '--size', '0'],
      ['check-proof'],
      ['check-proof', 'missing'],
      ['check-proof', '.'],
      ['check-proof', 'one.tlog-proof', '--since', 'one.tlog-proof'],
      ['check-proof', 'one.tlog-proof', '--key', 'x'],
    ];
    for (const args of wrong) assertFailed(await ada.run(...args), 3, /./);
    ada.write('bytes', Buffer.of(0xff, 0xfe, 0));
    assertFailed(await ada.run('check-proof', 'bytes'), 3, /no UTF-8/);
    ada.write('huge', Buffer.alloc(9_000_000, 'a'));
    assertFailed(await ada.run('check-proof', 'huge'), 3, /more than/);
    assertFailed(await ada.run('prove'), 3, /needs an EVENT, or --since\./);
    assertFailed(await ada.run('prove', '1', '--since', '2'), 3, /or --since, not both/);
    execFileSync('mkfifo', [outside.path('pipe')]);
    assertFailed(await outside.run('check-proof', 'pipe'), 3, /no regular file/);
    assertFailed(await ada.run('prove', '999'), 1, /no event number 999/);
    assertFailed(await ada.run('prove', 'fffffffff'), 1, /No event id/);
    assert.ok(!existsSync(outside.path('.prompt-audit')));
  });
});

describe('a signed approval, proven to a stranger', function () {
  this.timeout(60_000);
  const world = new World('proof-signed');
  after(() => world.remove());

  it('says who signed, and which witness saw the ledger', async () => {
    const ada = world.repository('clone', author);
    const ravi = ada.as(reviewer);
    const { file } = makeKey(world.path, 'key');
    ada.write(prompt, 'one\n');
    await ada.ok('init', '--yes');
    await ada.ok('propose', prompt, '-m', 'first');
    ravi.git('config', 'gpg.format', 'ssh');
    ravi.git('config', 'user.signingkey', file);
    await ravi.ok('sign', '--enroll');
    await ravi.ok('approve', prompt, '--yes');
    const [row] = (await ravi.json<EventRow>('log', '--type', 'review.decided')).rows;
    const witness = signer('ci.example/witness', 4);
    const text = await ravi.ok('checkpoint');
    ravi.write('signed', `${text}\n${witness.line(text)}`);
    mkdirSync(`${world.path}/elsewhere`);
    const proof = '../elsewhere/approval.tlog-proof';
    await ravi.ok('prove', row!.id, '--checkpoint', 'signed', '--out', proof);
    const stranger = ravi.in('../elsewhere');
    stranger.write('signers', ravi.read('.prompt-audit/allowed_signers'));
    const name = 'approval.tlog-proof';
    const args = ['check-proof', name, '--allowed-signers', 'signers', '--key', witness.vkey];
    const printed = await stranger.ok(...args);
    assert.match(printed, /type +review\.decided/);
    assert.match(printed, /signature .* is good, which belongs to ravi@clinic\.example/);
    assert.match(printed, /signed by ci\.example\/witness at 2023-11-14T22:13:20/);
    assert.match(printed, /L0 .*L1 .*L2 /);
    stranger.write('nobody', '# empty\n');
    const other = await stranger.run('check-proof', name, '--allowed-signers', 'nobody');
    assert.equal(other.status, 1);
    assert.match(other.out, /no line of the allowed signers has/);
    const unknown = signer('ci.example/witness', 4).vkey;
    assert.equal((await stranger.run('check-proof', name, '--key', unknown)).status, 2);
  });
});
