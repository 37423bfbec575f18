import assert from 'node:assert/strict';
import { run } from '../../src/cli/run.js';
import { coverageStates, type CoverageState } from '../../src/core/coverage.js';
import type { Digest, EventId, LedgerId, PersonId, WriterId } from '../../src/core/ids.js';
import type { CoverageReport, CoverageRow, OrphanRow } from '../../src/trail/coverageApi.js';
import { fakeEngine } from './support/fakeTrail.js';
import { fakeTerminal } from './support/fakeTerminal.js';
import { assertFailed, envelopeOf } from './support/program.js';
import { World, author, type Clone } from './support/world.js';

const path = 'prompts/triage.prompt.md';
const ravi = { id: 'b'.repeat(32) as PersonId, name: 'Ravi', email: 'ravi@example.org' };

function row(state: CoverageState, more: Partial<CoverageRow> = {}): CoverageRow {
  return {
    path,
    prompt: null,
    blob: 'b1'.repeat(20),
    digest: `sha256:${'d'.repeat(64)}` as Digest,
    state,
    why: state === 'missing' ? 'passed-by' : null,
    commit: 'c0'.repeat(20),
    author: { name: 'Ravi \u001b[31m', email: 'ravi@example.org' },
    authoredAt: '2026-01-01T00:00:00.000Z',
    refs: ['HEAD', 'refs/heads/main', 'refs/tags/v1'],
    event: null,
    ...more,
  };
}

const orphan: OrphanRow = {
  event: 'e'.repeat(64) as EventId,
  seq: 9,
  prompt: null,
  path,
  digest: `sha256:${'d'.repeat(64)}` as Digest,
  commit: 'c1'.repeat(20),
  author: ravi,
  bytes: 'gone',
  here: false,
};

function report(rows: readonly CoverageRow[], more: Partial<CoverageReport> = {}): CoverageReport {
  const count = (state: CoverageState): number => rows.filter((r) => r.state === state).length;
  return {
    ledger: { id: 'd'.repeat(32) as LedgerId, size: 7, root: '0'.repeat(64) },
    rows,
    totals: { commits: 3, refs: 2, files: rows.length, blobs: rows.length, paths: 1 },
    states: Object.fromEntries(
      coverageStates.map((s) => [s, count(s)]),
    ) as CoverageReport['states'],
    orphans: [],
    pauses: [],
    refs: ['HEAD', 'refs/heads/main'],
    otherRefs: [],
    noRefs: [],
    elsewhere: 0,
    beforeStart: 0,
    ...more,
  };
}

describe('coverage on the command line', function () {
  this.timeout(60_000);

  async function statusOf(answer: CoverageReport, ...args: string[]): Promise<[number, string]> {
    const terminal = fakeTerminal();
    const { engine } = fakeEngine({ coverage: async () => answer });
    const status = await run(['coverage', ...args], terminal, engine);
    return [status, terminal.printed()];
  }

  it('ends with 0 where all is covered, with 1 where something is missing, unread or gone', async () => {
    const covered = [row('recorded'), row('observed'), row('imported'), row('pending')];
    assert.equal((await statusOf(report([])))[0], 0);
    assert.equal((await statusOf(report([...covered, row('untracked')])))[0], 0);
    assert.equal((await statusOf(report([...covered, row('missing')])))[0], 1);
    assert.equal((await statusOf(report([...covered, row('unread', { why: 'name' })])))[0], 1);
    const rebased = report(covered, { orphans: [{ ...orphan, bytes: 'on-ref' }] });
    assert.equal((await statusOf(rebased))[0], 0);
    const gone = report(covered, { orphans: [orphan] });
    assert.equal((await statusOf(gone))[0], 1);
    assert.equal((await statusOf(gone, '--allow-gone'))[0], 0);
    assert.equal((await statusOf(report([row('missing')]), '--allow-gone'))[0], 1);
  });

  it('prints the counts first, then what is not covered, and nothing that a terminal obeys', async () => {
    const pause = { event: 'e'.repeat(64) as EventId, by: ravi, at: '2026-11-21T05:00:00.000Z' };
    const [, out] = await statusOf(
      report([row('imported'), row('missing'), row('pending')], {
        orphans: [orphan],
        pauses: [
          {
            writer: 'a'.repeat(32) as WriterId,
            own: true,
            paused: { ...pause, reason: 'A move.' },
            resumed: null,
            revisions: 2,
            ownRevisions: 1,
            commits: ['c0'.repeat(20)],
          },
        ],
        otherRefs: ['refs/stash'],
        noRefs: ['v*'],
        elsewhere: 4,
      }),
    );
    assert.match(out, /^3 files \(1 path, 3 blobs\) in 3 commits of 2 refs\n {1,7}1 {2}imported/);
    assert.match(out, /Missing\n {2}prompts\/triage\.prompt\.md {2}blob b1b1b1b {2}commit c0c0c0c/);
    assert.match(out, /on HEAD, main, … {2}a sync or an import went by/);
    assert.match(out, /Pending\n/);
    assert.match(out, /commit is on no ref\n {2}#9 .* commit c1c1c1c .* Ravi .* bytes gone/);
    assert.match(
      out,
      /this clone .* still off .*"A move\." .*2 revisions meanwhile, 1 commit of git/,
    );
    assert.match(out, /1 revision has neither commit nor bytes any more: status 1/);
    assert.match(out, /Note: 1 ref not counted \(refs\/stash\), with 4 files/);
    assert.match(out, /Note: The recorder of this clone is paused/);
    assert.match(out, /Note: No ref matches "v\*"\./);
    assert.ok(!out.includes('\u001b'));
  });

  it('crops a name that would pad all rows', async () => {
    const author = { name: 'é𝒜'.repeat(2_500), email: 'a@clinic.example' };
    const [, out] = await statusOf(report([row('missing'), row('missing', { author })]));
    assert.ok(out.includes(`${'é𝒜'.repeat(19)}é…  on `));
    for (const line of out.split('\n')) assert.ok(line.length < 250, line);
  });

  it('lists a few of many, and --json all of them', async () => {
    const many = Array.from({ length: 100 }, (_, i) => row('missing', { path: `p${i}.prompt.md` }));
    const [, out] = await statusOf(report(many));
    assert.match(out, /… and 60 more: see --json/);
    const terminal = fakeTerminal();
    const { engine } = fakeEngine({ coverage: async () => report(many) });
    const status = await run(['coverage', '--json'], terminal, engine);
    const out2 = terminal.printed();
    const ended = { status, out: out2, err: '', bytes: Buffer.from(out2) };
    const envelope = envelopeOf<CoverageRow>(ended);
    assert.equal(envelope.rows.length, 100);
    assert.deepEqual([envelope.counts['missing'], envelope.counts['files']], [100, 100]);
  });

  describe('of a repository', () => {
    let world: World;
    beforeEach(() => (world = new World('coverage')));
    afterEach(() => world.remove());

    async function begin(): Promise<Clone> {
      const clone = world.clone(world.remote('remote.git'), 'ada', author);
      clone.write(path, 'one\n');
      clone.git('add', '--all');
      clone.git('commit', '--quiet', '-m', 'before the trail');
      await clone.ok('init', '--yes');
      clone.git('add', '--all');
      clone.git('commit', '--quiet', '-m', 'policy');
      clone.git('push', '--quiet', 'origin', 'HEAD:main');
      await clone.ok('sync');
      return clone;
    }

    it('tells what only the time before the trail has, and leaves it out on request', async () => {
      const clone = await begin();
      const all = await clone.run('coverage', '--json');
      assert.equal(all.status, 1);
      const [missing] = envelopeOf<CoverageRow>(all).rows;
      assert.deepEqual(
        [missing?.state, missing?.why, missing?.path],
        ['missing', 'before-start', path],
      );
      const later = await clone.json<CoverageRow>('coverage', '--from-start');
      assert.deepEqual([later.rows.length, later.counts['beforeStart']], [0, 1]);
      clone.write(path, 'two\n');
      await clone.ok('propose', path, '-m', 'Shorter.');
      clone.git('commit', '--quiet', '--all', '-m', 'two');
      const proposed = await clone.json<CoverageRow>('coverage', '--from-start', '--ref', 'main');
      assert.deepEqual(
        proposed.rows.map(({ state, refs }) => [state, refs]),
        [['recorded', ['refs/heads/main']]],
      );
    });

    it('says in one line why it cannot answer, and what is wrong with a call', async () => {
      const clone = await begin();
      assertFailed(await clone.run('coverage', '--ref', 'nowhere'), 3, /matches "nowhere"/);
      assertFailed(await clone.run('coverage', '--ref'), 3, /needs a value/);
      assertFailed(await clone.run('coverage', path), 3, /does not take/);
      clone.git('commit', '--quiet', '--allow-empty', '-m', 'more');
      clone.git('push', '--quiet', 'origin', 'HEAD:main');
      clone.git('clone', '--quiet', '--depth=1', `file://${world.path}/remote.git`, 'shallow');
      const shallow = await clone.in('shallow').run('coverage');
      assertFailed(shallow, 2, /shallow/, /--unshallow/);
      assertFailed(await world.folder('none').run('coverage'), 2, /no ledger/);
    });
  });
});

describe('recorder on the command line', function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(() => (world = new World('recorder')));
  afterEach(() => world.remove());

  it('is paused as an event, is seen, records nothing but what is acted on, and goes on', async () => {
    const clone = world.repository('ada');
    clone.write(path, 'one\n');
    await clone.ok('init', '--yes');
    await clone.ok('record');
    assert.match(await clone.ok('recorder', 'status'), /is on\./);
    assertFailed(await clone.run('recorder', 'pause'), 1, /Nobody said why/, /-m/);
    assert.match(await clone.ok('recorder', 'pause', '-m', 'A move.'), /paused since .*: A move\./);
    assert.match(await clone.ok('recorder', 'pause', '-m', 'Twice.'), /^As before: .*A move\./);
    assert.match(await clone.ok('log'), /paused the recorder "A move\."/);
    assert.match(await clone.ok('status'), /Recorder .*paused since .* by Ada Author: A move\./);
    const seen = await clone.run('recorder', 'status', '--json');
    assert.equal(seen.status, 1);
    const size = (await clone.json('log')).rows.length;

    clone.write(path, 'two\n');
    assertFailed(await clone.run('record'), 1, /paused by Ada Author: A move/, /recorder resume/);
    clone.git('add', '--all');
    clone.git('commit', '--quiet', '-m', 'two');
    assert.equal((await clone.json('log')).rows.length, size);
    await clone.ok('propose', path, '-m', 'Acted on.');
    const types = (await clone.json<{ type: string }>('log')).rows.map(({ type }) => type);
    assert.deepEqual(
      types.slice(size).filter((type) => /^(revision|version)/.test(type)).length,
      2,
    );

    assert.match(await clone.ok('recorder', 'resume', '-m', 'Moved.'), /is on\./);
    assert.match(await clone.ok('recorder', 'resume'), /^As before/);
    clone.write(path, 'three\n');
    await clone.ok('record');
    assert.match(await clone.ok('log'), /resumed the recorder "Moved\."/);
    const report = await clone.run('coverage', '--json');
    const { pauses } = JSON.parse(report.out) as CoverageReport;
    assert.deepEqual(
      pauses.map((pause) => [
        pause.own,
        pause.paused.reason,
        pause.resumed?.reason,
        pause.revisions,
      ]),
      [[true, 'A move.', 'Moved.', 1]],
    );
  });

  it('is a matter of one clone', async () => {
    const remote = world.remote('remote.git');
    const ada = world.clone(remote, 'ada', author);
    ada.write(path, 'one\n');
    await ada.ok('init', '--yes');
    ada.git('add', '--all');
    ada.git('commit', '--quiet', '-m', 'policy');
    ada.git('push', '--quiet', 'origin', 'HEAD:main');
    await ada.ok('recorder', 'pause', '-m', 'A move.');
    const other = world.clone(remote, 'other', author);
    assert.match(await other.ok('recorder', 'status'), /is on\./);
    other.write(path, 'two\n');
    await other.ok('record', path);
    ada.git('worktree', 'add', '--quiet', '../linked');
    const linked = await ada.in('../linked').run('recorder', 'status');
    assert.equal(linked.status, 1, 'worktrees of a clone are one');
  });

  it('takes one of three words', async () => {
    const { engine } = fakeEngine();
    for (const args of [[], ['stop'], ['status', '-m', 'x'], ['pause', 'resume']])
      assert.equal(await run(['recorder', ...args], fakeTerminal(), engine), 3);
  });
});
