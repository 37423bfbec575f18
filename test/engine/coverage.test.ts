import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { coverageStates } from '../../src/core/coverage.js';
import type { PersonId } from '../../src/core/ids.js';
import { LedgerStore } from '../../src/ledger/store.js';
import type { Trail } from '../../src/trail/api.js';
import type { CoverageInput, CoverageReport, CoverageRow } from '../../src/trail/coverageApi.js';
import { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';
import { cut, plainCount } from '../tools/generatedCount.js';
import { generateHistory } from '../tools/generatedHistory.js';
import { git } from '../tools/git.js';

const path = 'prompts/triage.prompt.md';

/** The states add up, each row is counted once, and a state is proven by an event exactly where the ledger knows it. */
function assertWhole({ rows, totals, states }: CoverageReport): void {
  assert.equal(
    coverageStates.reduce((sum, state) => sum + states[state], 0),
    totals.files,
  );
  assert.equal(rows.length, totals.files);
  assert.equal(new Set(rows.map(({ path: at, blob }) => `${at}\t${blob}`)).size, rows.length);
  for (const row of rows) {
    const isKnown = ['recorded', 'observed', 'imported'].includes(row.state);
    assert.equal(row.event !== null, isKnown, row.path);
    assert.equal(row.why !== null, row.state === 'missing' || row.state === 'unread', row.path);
  }
}

async function covered(trail: Trail, input: CoverageInput = {}): Promise<CoverageReport> {
  const report = await trail.coverage(input);
  assertWhole(report);
  return report;
}

/** `state path refs` of each row, sorted. */
const told = ({ rows }: CoverageReport): string[] =>
  rows.map((row) => [row.state, row.why, row.path].filter((one) => one !== null).join(' ')).sort();

const key = ({ path: at, digest }: CoverageRow): string =>
  `${at}${cut}${digest!.slice('sha256:'.length)}`;

describe('coverage of a generated history', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  before(() => (clinic = new Clinic()));
  after(() => clinic.dispose());

  for (const [seed, commits] of [
    [1, 300],
    [77, 900],
  ] as const) {
    it(`agrees with plain git: ${commits} commits, seed ${seed}`, async () => {
      const clone = `generated-${seed}`;
      const folder = join(clinic.folder, clone);
      generateHistory({ folder, commits, seed });
      git(folder, 'config', 'user.name', 'Ana');
      git(folder, 'config', 'user.email', 'ana@clinic.example');
      const count = plainCount(folder);
      const unread = unreadNames(folder);
      await clinic.init(clone);
      const trail = await clinic.open(clone);

      const before = await covered(trail);
      const read = (report: CoverageReport): CoverageRow[] =>
        report.rows.filter(({ state }) => state !== 'unread');
      assert.deepEqual(new Set(read(before).map(key)), count.pairs);
      assert.equal(read(before).length, count.pairs.size);
      assert.equal(before.states.unread, unread);
      assert.equal(before.totals.commits, count.commits);
      assert.equal(before.states.missing, count.pairs.size, 'nothing was imported yet');
      assert.deepEqual(
        [...new Set(before.rows.map(({ why }) => why))].sort(),
        unread > 0 ? ['before-start', 'name'] : ['before-start'],
      );
      for (const row of before.rows.slice(0, 20)) assertFirst(folder, row);
      const later = await covered(trail, { fromStart: true });
      assert.deepEqual([later.totals.files, later.beforeStart], [0, before.totals.files]);

      await trail.importHistory();
      const after = await covered(trail);
      assert.deepEqual(new Set(read(after).map(key)), count.pairs);
      assert.deepEqual(
        told(after).filter((line) => !/^(imported|unread) /.test(line)),
        [],
      );
      assert.equal(after.states.imported, count.pairs.size);
      assert.equal(after.states.unread, unread);
      assert.deepEqual(after.orphans, []);
    });
  }
});

/** Distinct (name, blob) of prompts whose names are not UTF-8, by plain git. */
function unreadNames(folder: string): number {
  const text = execFileSync(
    'git',
    ['log', '--all', '-m', '-z', '--raw', '--root', '--no-renames', '--no-abbrev', '--format='],
    { cwd: folder, encoding: 'latin1', maxBuffer: 2 ** 28 },
  );
  const found = new Set<string>();
  for (const [, mode, blob, name] of text.matchAll(
    /:\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) [A-Z]\0([^\0]*)\0/g,
  )) {
    const bytes = Buffer.from(name!, 'latin1');
    const isUtf8 = Buffer.from(bytes.toString('utf8')).equals(bytes);
    if (mode!.startsWith('100') && !isUtf8 && name!.endsWith('.prompt.md'))
      found.add(`${blob} ${name}`);
  }
  return found.size;
}

/** The commit of a row has the bytes there, and each ref that it names leads to such a commit. */
function assertFirst(folder: string, row: CoverageRow): void {
  if (row.state === 'unread') return;
  assert.equal(git(folder, 'rev-parse', `${row.commit}:${row.path}`), row.blob);
  for (const ref of row.refs) {
    const log = [
      'log',
      '--format=%H',
      '-m',
      `--find-object=${row.blob}`,
      ref,
      '--',
      `:(literal)${row.path}`,
    ];
    assert.notEqual(git(folder, ...log), '', `${ref} ${row.path}`);
  }
  const who = git(folder, 'log', '-1', '--format=%ae', '--encoding=UTF-8', row.commit);
  assert.equal(row.author.email, who);
}

describe('coverage', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  beforeEach(() => (clinic = new Clinic()));
  afterEach(() => clinic.dispose());

  /** A clone of Ana's with one prompt from before the trail, which is in the ledger since. */
  async function beginning(): Promise<void> {
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    clinic.commit('ana', 'before the trail');
    await clinic.init('ana');
    clinic.commit('ana', 'the policy');
  }

  async function begin(): Promise<Trail> {
    await clinic.made(beginning);
    return clinic.open('ana');
  }

  function change(clone: string, text: string, at = path): void {
    clinic.write(clone, at, text);
    clinic.commit(clone, `change to ${text}`);
  }

  it('tells apart what was saved, observed, imported, is pending, and is missing', async () => {
    const trail = await begin();
    assert.deepEqual(told(await covered(trail)), [`missing before-start ${path}`]);
    await trail.importHistory();
    clinic.write('ana', path, 'saved\n');
    await trail.recordSave(path);
    clinic.commit('ana', 'what was saved');
    change('ana', 'by another tool\n');
    await trail.sync();
    change('ana', 'not yet\n');
    const report = await covered(trail);
    assert.deepEqual(told(report), [
      `imported ${path}`,
      `observed ${path}`,
      `pending ${path}`,
      `recorded ${path}`,
    ]);
    await trail.sync();
    assert.equal((await covered(trail)).states.pending, 0);
    const row = report.rows.find(({ state }) => state === 'observed')!;
    assert.equal((await trail.detail(row.event!))?.row.digest, row.digest);
    assert.deepEqual(row.author, { name: 'Ana', email: 'ana@clinic.example' });
  });

  it('counts branches, tags and remote-tracking branches; other refs when they are named', async () => {
    const trail = await begin();
    await trail.importHistory();
    clinic.git('ana', 'checkout', '--quiet', '-b', 'private');
    clinic.write('ana', path, 'private\n');
    // Bytes that the ledger knows, but of another prompt.
    clinic.write('ana', 'prompts/copy.prompt.md', 'one\n');
    clinic.git('ana', 'add', '--all');
    clinic.git('ana', 'commit', '--quiet', '-m', 'private');
    clinic.git('ana', 'tag', '-a', '-m', 'annotated', 'v1');
    clinic.git('ana', 'tag', 'v1-again', 'v1');
    clinic.git('ana', 'checkout', '--quiet', 'main');
    clinic.git('ana', 'branch', '--quiet', '-D', 'private');
    clinic.write('ana', path, 'stashed\n');
    clinic.git('ana', 'stash', '--quiet');
    const report = await covered(trail);
    assert.deepEqual(told(report), [
      `imported ${path}`,
      'missing not-followed prompts/copy.prompt.md',
      `missing not-followed ${path}`,
    ]);
    assert.deepEqual(report.rows.at(-1)!.refs, ['refs/tags/v1', 'refs/tags/v1-again']);
    assert.deepEqual([report.otherRefs, report.elsewhere], [['refs/stash'], 1]);
    assert.ok(!report.refs.some((name) => name.includes('prompt-audit')));
    assert.deepEqual(told(await covered(trail, { refs: ['main'] })), [`imported ${path}`]);
    const stashed = await covered(trail, { refs: ['stash', 'v1'] });
    assert.equal(stashed.states.missing, 3);
    await failure(trail.coverage({ refs: ['main', 'no-such'] }), 'ref.unknown');
    await failure(trail.coverage({ refs: ['no-such-*', 'nor-such-*'] }), 'ref.unknown');
    clinic.git('ana', 'push', '--quiet', 'origin', 'v1^{}:refs/heads/feature/of/ana');
    const remote = await covered(trail, { refs: ['HEAD', 'origin/*', 'no-such-*'] });
    assert.deepEqual(remote.refs.slice(1), [
      'refs/remotes/origin/feature/of/ana',
      'refs/remotes/origin/main',
    ]);
    assert.deepEqual([remote.noRefs, remote.totals.files], [['no-such-*'], 3]);
  });

  it('counts everything from the start where the trail began before the first commit', async () => {
    clinic.clone('ana');
    await clinic.init('ana');
    const trail = await clinic.open('ana');
    assert.deepEqual(told(await covered(trail, { fromStart: true })), []);
    change('ana', 'one\n');
    assert.deepEqual(told(await covered(trail, { fromStart: true })), [`pending ${path}`]);
    await trail.sync();
    const report = await covered(trail, { fromStart: true });
    assert.deepEqual([told(report), report.beforeStart], [[`observed ${path}`], 0]);
    clinic.git('ana', 'checkout', '--quiet', '--orphan', 'older');
    clinic.write('ana', path, 'older\n');
    clinic.git('ana', 'commit', '--quiet', '--all', '-m', 'older');
    clinic.git('ana', 'checkout', '--quiet', 'main');
    assert.equal((await covered(trail, { fromStart: true })).states.missing, 1);
  });

  it('finds bytes that an import went by', async () => {
    const trail = await begin();
    await trail.importHistory();
    change('ana', 'two\n');
    const commit = clinic.git('ana', 'rev-parse', 'HEAD');
    await forgedImport(trail.root, commit);
    await trail.refresh();
    const report = await covered(trail);
    assert.deepEqual(told(report), [`imported ${path}`, `missing passed-by ${path}`]);
    assert.equal(report.rows.at(-1)!.commit, commit);
    await trail.importHistory();
    assert.equal(
      (await covered(trail)).states.missing,
      0,
      'an import does not believe the one before',
    );
  });

  it('follows a prompt over its places, and leaves out what the policy gave up', async () => {
    const trail = await begin();
    await trail.importHistory();
    clinic.git('ana', 'mv', path, 'prompts/intake.prompt.md');
    clinic.commit('ana', 'moved');
    await trail.sync();
    change('ana', 'elsewhere\n', 'notes/private.prompt.md');
    await trail.sync();
    clinic.shell(
      'ana',
      `sed -i 's|"exclude": ..|"exclude": ["notes/**"]|' .prompt-audit/policy.jsonc`,
    );
    change('ana', 'no prompt any more\n', 'notes/private.prompt.md');
    change('ana', 'never was one\n', 'notes/other.prompt.md');
    await trail.sync();
    assert.deepEqual(told(await covered(trail)), [
      'imported prompts/intake.prompt.md',
      `imported ${path}`,
      'observed notes/private.prompt.md',
      'untracked notes/private.prompt.md',
    ]);
  });

  it('tells revisions whose commit is gone from those whose bytes are gone, too', async () => {
    const trail = await begin();
    await trail.importHistory();
    const commit = (text: string, ...more: string[]): void => {
      clinic.write('ana', path, text);
      clinic.git('ana', 'commit', '--quiet', '--all', '-m', text, ...more);
    };
    commit('kept by an amended message\n');
    await trail.sync();
    clinic.git('ana', 'commit', '--quiet', '--amend', '-m', 'better words');
    commit('lost\n');
    await trail.sync();
    commit('proposed\n', '--amend');
    await trail.sync();
    await trail.propose({ path, note: 'n' });
    commit('at the end\n', '--amend');
    await trail.sync();
    const report = await covered(trail);
    assert.deepEqual(
      report.orphans.map(({ bytes, here, author }) => [bytes, here, author.name]),
      [
        ['on-ref', true, 'Ana'],
        ['gone', true, 'Ana'],
        ['in-ledger', true, 'Ana'],
      ],
    );
    clinic.git('ana', 'reflog', 'expire', '--expire=now', '--all');
    clinic.git('ana', 'gc', '--quiet', '--prune=now');
    const later = await covered(trail);
    assert.deepEqual(
      later.orphans.map(({ here }) => here),
      [false, false, false],
    );
    assert.equal(later.states.missing, 0);
  });

  it('gives no answer where git does not have all, or the ledger is damaged', async () => {
    const trail = await begin();
    change('ana', 'two\n');
    await trail.sync();
    const remote = `file://${clinic.remote}`;
    clinic.git('.', 'clone', '--quiet', '--depth=1', remote, 'shallow');
    const shallow = await clinic.open('shallow');
    await failure(shallow.coverage(), 'history.incomplete');
    clinic.git('remote.git', 'config', 'uploadpack.allowFilter', 'true');
    for (const filter of ['blob:none', 'tree:0']) {
      const name = filter.replace(':', '-');
      clinic.git('.', 'clone', '--quiet', `--filter=${filter}`, remote, name);
      const partial = await clinic.open(name);
      await failure(partial.coverage(), 'history.incomplete');
    }
    clinic.shell('ana', 'sed -i s/ana@clinic/anb@clinic/ .prompt-audit/ledger.sqlite');
    await failure((await clinic.open('ana')).coverage(), 'ledger.damaged');
  });

  it('is not misled by the configuration, replaced objects, and odd names', async () => {
    const trail = await begin();
    const odd = 'prompts/a\n:100644 "b"\t\x01c.prompt.md';
    change('ana', 'odd\n', odd);
    clinic.git('ana', 'config', 'log.showSignature', 'true');
    clinic.git('ana', 'config', 'log.showRoot', 'false');
    clinic.git('ana', 'config', 'diff.orderFile', '/no/such/file');
    clinic.git('ana', 'config', 'log.decorate', 'full');
    clinic.git('ana', 'config', 'diff.renames', 'copies');
    clinic.git('ana', 'config', 'core.quotePath', 'true');
    clinic.git('ana', 'config', 'color.ui', 'always');
    clinic.git('ana', 'config', 'format.pretty', 'fuller');
    const [first, second] = ['HEAD', 'HEAD~1'].map((name) => clinic.git('ana', 'rev-parse', name));
    clinic.git('ana', 'replace', first!, second!);
    assert.deepEqual(told(await covered(trail)), [
      `missing before-start ${path}`,
      `pending ${odd}`,
    ]);
  });

  it('says when the recorder was off, and what was recorded meanwhile', async () => {
    const trail = await begin();
    await trail.importHistory();
    await trail.sync();
    clinic.clone('ravi');
    const ravi = await clinic.open('ravi');
    await trail.pauseRecorder({ reason: 'A move.' });
    change('ravi', 'by ravi\n');
    await ravi.sync();
    await trail.sync();
    const [open] = (await covered(trail)).pauses;
    assert.deepEqual(
      [open?.own, open?.paused.by.name, open?.paused.reason, open?.resumed, open?.revisions],
      [true, 'Ana', 'A move.', null, 1],
    );
    await trail.resumeRecorder({ reason: 'Moved.' });
    change('ravi', 'afterwards\n');
    await ravi.sync();
    await trail.sync();
    clinic.git('ana', 'fetch', '--quiet');
    const [closed] = (await covered(trail)).pauses;
    assert.deepEqual(
      [closed?.resumed?.reason, closed?.revisions, closed?.ownRevisions, closed?.commits.length],
      ['Moved.', 1, 0, 1],
    );
    await ravi.refresh();
    assert.deepEqual(
      (await covered(ravi)).pauses.map(({ own }) => own),
      [false],
    );
  });
});

/** What a broken program may leave: an import that claims to have gone through a commit, and recorded nothing of it. */
async function forgedImport(root: string, commit: string): Promise<void> {
  const store = await LedgerStore.open({
    file: join(root, '.prompt-audit', 'ledger.sqlite'),
    privateDir: join(root, '.git', 'prompt-audit'),
    trimAfterFold: false,
    readRef: () => Promise.resolve(null),
    tool: 'test/1',
  });
  const totals = { commits: 1, prompts: 0, revisions: 0, moves: 0, removals: 0, deployments: 0 };
  const body = {
    scope: 'x',
    mode: 'import',
    tips: [commit],
    totals: { ...totals, unread: 0 },
  } as const;
  const who = 'a'.repeat(32) as PersonId;
  await store.transact((tx) =>
    tx.append({ type: 'history.imported', who, refs: {}, body, identity: 'git' }),
  );
}
