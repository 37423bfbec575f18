import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { run } from '../../src/cli/run.js';
import type { ResolveInput, ResolveReport } from '../../src/trail/resolveApi.js';
import { fakeEngine } from './support/fakeTrail.js';
import { fakeTerminal } from './support/fakeTerminal.js';
import { assertFailed, envelopeOf } from './support/program.js';
import { World, author } from './support/world.js';

const path = 'prompts/triage.prompt.md';

describe('resolve', function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(() => (world = new World('resolve')));
  afterEach(() => world.remove());

  it('shows both checkpoints, puts the branch back, and verify says that it was reviewed', async () => {
    const remote = world.remote('remote.git');
    const clone = world.clone(remote, 'ada', author);
    clone.write(path, 'one\n');
    await clone.ok('init', '--yes');
    await clone.ok('propose', path, '-m', 'first');
    assertFailed(
      await clone.run('resolve', '--keep', 'ours', '-m', 'x', '--yes'),
      1,
      /extends what/,
    );
    const branch = 'refs/heads/prompt-audit';
    execFileSync('git', ['update-ref', branch, `${branch}~1`], { cwd: remote });
    const stopped = await clone.run('sync');
    assertFailed(
      stopped,
      2,
      /Seen here last: \d+ events, root [0-9a-f]{16}, commit [0-9a-f]{12}\./,
    );
    assert.match(
      stopped.err,
      /There now: \d+ events, .*prompt-audit resolve --keep ours -m REASON/s,
    );
    assert.match(await clone.ok('status'), /since \d{4}-.*There now: .*resolve --keep/s);
    const found = await clone.run('verify');
    assert.match(found.out, /sync\.rewritten/);

    const dry = await clone.ok('resolve', '--keep', 'ours', '--dry-run');
    assert.match(
      dry,
      /root [0-9a-f]{64}, commit [0-9a-f]{40}\nOn origin now: \d+ events, root [0-9a-f]{64}/,
    );
    assert.match(dry, /Would put the ledger branch back on origin\./);
    const done = envelopeOf<ResolveReport>(
      await clone.run('resolve', '--keep', 'ours', '-m', 'INC-40', '--yes', '--json'),
    );
    assert.deepEqual([done.counts['added'], done.counts['left']], [0, 0]);
    assert.equal(done.rows[0]?.evidence.length, 2);
    assert.match(await clone.ok('log'), /reviewed the trail .*INC-40/);
    const after = await clone.run('verify');
    assert.match(
      after.out,
      /reviewed {2}Ledger branch resolved: kept what was seen here, because INC-40.*\(Ada Author, .*unattended, not signed, does not count: unattended/,
    );
    assert.match(after.out, /completeness +doubtful +/);
    assert.equal(after.status, 1);
  });

  it('needs a side and a reason', async () => {
    const { engine } = fakeEngine();
    for (const args of [
      ['-m', 'x'],
      ['--keep', 'mine', '-m', 'x'],
      ['--keep', 'ours'],
    ])
      assert.equal(await run(['resolve', ...args], fakeTerminal(), engine), 3);
  });

  it('asks a person at a terminal, and acts only on what was shown', async () => {
    const asked: ResolveInput[] = [];
    const theirs = { ledger: 'l', size: 4, root: 'b'.repeat(64), commit: 'c'.repeat(40) };
    const resolveRemote = async (input: ResolveInput): Promise<ResolveReport> => {
      asked.push(input);
      return {
        keep: input.keep,
        remote: 'origin',
        dryRun: input.dryRun === true,
        problem: 'The remote ledger was rewritten.\nYes',
        ours: { ...theirs, size: 7 },
        theirs,
        added: 0,
        left: 2,
        evidence: [],
        copies: [],
        event: null,
        todo: [],
      };
    };
    const { engine } = fakeEngine({ resolveRemote });
    const args = ['resolve', '--keep', 'ours', '-m', 'INC-40'];
    const no = fakeTerminal({ answers: ['n'] });
    assert.equal(await run(args, no, engine), 1);
    assert.match(no.asked[0] ?? '', /over cccccccccccc, because "INC-40"\? 2 events .* left out/);
    const lines = (no.asked[0] ?? '').split('\n');
    assert.equal(lines.length, 4, 'one line each, and none by what the remote says');
    assert.equal(lines[0], 'The remote ledger was rewritten.\\nYes');
    assert.match(lines[2] ?? '', /^On origin now: 4 events, root b{64}, commit c{40}$/);
    assert.equal(asked.length, 1);
    assert.equal(await run(args, fakeTerminal({ answers: ['y'] }), engine), 0);
    assert.deepEqual([asked[2]?.looked, asked[2]?.identity], [theirs.commit, 'git']);
    assert.equal(await run(args, fakeTerminal({ canAsk: false }), engine), 1);
    assert.equal(await run([...args, '--yes'], fakeTerminal(), engine), 0);
    assert.equal(asked.at(-1)?.identity, 'unattended');
  });
});
