import assert from 'node:assert/strict';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventRow } from '../../src/core/rows.js';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';

const path = 'prompts/triage.prompt.md';
const moved = 'prompts/intake.prompt.md';
const long = Array.from({ length: 40 }, (_, i) => `Line ${i} of the prompt.\n`).join('');

const changes = [
  'prompt.registered',
  'prompt.moved',
  'prompt.removed',
  'revision.saved',
  'revision.observed',
] as const;

describe('observation', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  beforeEach(() => (clinic = new Clinic()));
  afterEach(() => clinic.dispose());

  /** A clone of Ana's with a ledger, and one prompt on main from before the trail. */
  async function beginning(): Promise<void> {
    clinic.clone('ana');
    clinic.write('ana', path, long);
    clinic.commit('ana', 'before the trail');
    await clinic.init('ana');
    clinic.commit('ana', 'the policy');
  }

  async function begin(): Promise<Trail> {
    await clinic.made(beginning);
    return clinic.open('ana');
  }

  function file(clone: string, name: string): string {
    return join(clinic.folder, clone, name);
  }

  async function told(trail: Trail): Promise<string[]> {
    await trail.refresh();
    const rows = await trail.log({ types: changes });
    return rows.map((row) => `${row.type.replace(/^\w+\./, '')} ${row.path}`);
  }

  async function bodyOf(trail: Trail, row: EventRow): Promise<Record<string, unknown>> {
    const detail = await trail.detail(row.id);
    return JSON.parse(detail?.bodyText ?? '{}') as Record<string, unknown>;
  }

  async function size(trail: Trail): Promise<number> {
    return (await trail.point()).size;
  }

  it('makes one event of a commit that three clones have', async () => {
    const ana = await begin();
    for (const name of ['ravi', 'mia']) clinic.clone(name);
    clinic.write('ravi', path, `${long}by ravi\n`);
    clinic.commit('ravi', 'Ask for allergies');
    const trails = [ana, await clinic.open('ravi'), await clinic.open('mia')];
    clinic.git('ana', 'pull', '--quiet');
    clinic.git('mia', 'pull', '--quiet');
    // Shown before it is recorded, by who wrote it.
    for (const trail of trails) {
      const [row] = (await trail.status()).prompts;
      assert.deepEqual(
        row?.pending?.map(({ kind, author, from }) => [kind, author, from]),
        [['revision', 'Ravi', null]],
      );
    }
    for (const trail of [...trails, ...trails]) await trail.sync();
    for (const trail of trails) {
      assert.deepEqual(await told(trail), [`registered ${path}`, `observed ${path}`]);
      assert.equal((await trail.status()).prompts[0]?.pending, undefined);
    }
    const [row] = await ana.log({ types: ['revision.observed'] });
    assert.match(row!.summary, /Ravi committed/);
  });

  it('makes one event of it too where clones sync at the same moment', async () => {
    const ana = await begin();
    const names = ['ravi', 'mia', 'tom'];
    for (const name of names) clinic.clone(name);
    const others = await Promise.all(names.map((name) => clinic.open(name)));
    clinic.write('ana', path, `${long}by ana\n`);
    clinic.commit('ana', 'Ask for allergies');
    for (const name of names) clinic.git(name, 'pull', '--quiet');
    const trails = [ana, ...others];
    await Promise.all(trails.map((trail) => trail.sync()));
    for (const trail of trails) {
      await trail.sync();
      assert.deepEqual(await told(trail), [`registered ${path}`, `observed ${path}`]);
      const report = await trail.verify({ full: true });
      assert.deepEqual(
        report.findings.filter(({ severity }) => severity === 'error'),
        [],
      );
    }
  });

  it('is looked for once: what was walked is not walked again', async () => {
    const ana = await begin();
    await ana.sync();
    assert.equal(existsSync(file('ana', '.git/prompt-audit/walked.json')), true);
    const before = await size(ana);
    await ana.sync();
    assert.equal(await size(ana), before);
    // Without the note it is only more work.
    rmSync(file('ana', '.git/prompt-audit/walked.json'));
    await ana.sync();
    assert.equal(await size(ana), before);
  });

  it('says who wrote a commit: author, committer, co-authors, programs, signature', async () => {
    const ana = await begin();
    clinic.write('ana', path, `${long}paired\n`);
    clinic.git('ana', 'add', '--all');
    const message =
      'Pair\n\nCo-authored-by: Mia Moe <mia@clinic.example>\nCo-authored-by: Claude <noreply@anthropic.com>\n';
    clinic.git(
      'ana',
      'commit',
      '--quiet',
      '--author=Ravi Rao <ravi@clinic.example>',
      '-m',
      message,
    );
    const commit = signedCopy(clinic, 'ana');
    await ana.sync();
    const [row] = await ana.log({ types: ['revision.observed'] });
    const names = new Map<unknown, string>();
    for (const person of await ana.log({ types: ['person.declared'] })) {
      const body = await bodyOf(ana, person);
      names.set(person.refs['person'], String(body['name']));
    }
    const { author, committer, coAuthors } = row!.refs;
    assert.deepEqual(
      [author, committer, ...(coAuthors as string[])].map((id) => names.get(id)),
      ['Ravi Rao', 'Ana', 'Mia Moe'],
    );
    const body = await bodyOf(ana, row!);
    assert.deepEqual(
      [body['commit'], body['origin'], body['signed'], body['agents']],
      [commit, 'observed', 'ssh', ['Claude']],
    );
    assert.equal(row!.who.name, 'Ana');
    // Its text is git's.
    assert.equal(Buffer.from(await ana.content(row!.digest!)).toString(), `${long}paired\n`);
  });

  it('records nothing twice for cherry-picks, rebases and amended messages', async () => {
    const ana = await begin();
    clinic.git('ana', 'checkout', '--quiet', '-b', 'topic');
    clinic.write('ana', path, `${long}topic\n`);
    clinic.git('ana', 'commit', '--quiet', '-am', 'topic');
    clinic.git('ana', 'mv', path, moved);
    clinic.git('ana', 'commit', '--quiet', '-m', 'rename');
    await ana.sync();
    const before = await told(ana);
    assert.deepEqual(before, [`registered ${path}`, `observed ${path}`, `moved ${moved}`]);
    clinic.git('ana', 'checkout', '--quiet', 'main');
    clinic.write('ana', 'notes.txt', 'x\n');
    clinic.commit('ana');
    clinic.git('ana', 'cherry-pick', 'topic~1', 'topic');
    await ana.sync();
    clinic.git('ana', 'commit', '--quiet', '--amend', '-m', 'another message');
    await ana.sync();
    clinic.git('ana', 'checkout', '--quiet', 'topic');
    clinic.git('ana', 'rebase', '--quiet', 'main~2');
    await ana.sync();
    assert.deepEqual(await told(ana), before);
  });

  it('records nothing for a branch switch to known bytes', async () => {
    const ana = await begin();
    clinic.git('ana', 'checkout', '--quiet', '-b', 'topic');
    clinic.write('ana', path, `${long}topic\n`);
    await ana.record([path]);
    clinic.git('ana', 'commit', '--quiet', '-am', 'topic');
    await ana.sync();
    const before = await size(ana);
    for (const branch of ['main', 'topic', 'main']) {
      clinic.git('ana', 'checkout', '--quiet', branch);
      await ana.sync();
      assert.equal((await ana.status()).prompts[0]?.pending, undefined);
    }
    assert.equal(await size(ana), before);
  });

  it('leaves out a commit of what its author saved, not of what others had a hand in', async () => {
    const ana = await begin();
    clinic.write('ana', path, `${long}two\n`);
    await ana.record([path]);
    clinic.commit('ana', 'two');
    await ana.sync();
    assert.equal((await ana.log({ types: ['revision.observed'] })).length, 0);
    clinic.write('ana', path, `${long}three\n`);
    await ana.record([path]);
    clinic.commit('ana', 'three\n\nCo-authored-by: Mia <mia@clinic.example>');
    await ana.sync();
    assert.equal((await ana.log({ types: ['revision.observed'] })).length, 1);
  });

  it('makes no change of line ends', async () => {
    const ana = await begin();
    clinic.write('ana', '.gitattributes', '* text=auto\n');
    clinic.commit('ana');
    clinic.clone('ravi');
    clinic.git('ravi', 'config', 'core.autocrlf', 'true');
    rmSync(file('ravi', path));
    clinic.git('ravi', 'checkout', '--quiet', '--', path);
    clinic.git('ana', 'config', 'core.eol', 'crlf');
    rmSync(file('ana', path));
    clinic.git('ana', 'checkout', '--quiet', '--', path);
    const ravi = await clinic.open('ravi');
    await ana.record();
    await ana.sync();
    await ravi.sync();
    const before = await size(ravi);
    await ravi.record();
    assert.equal(await size(ravi), before);
    for (const trail of [ana, ravi]) {
      await trail.refresh();
      const [row] = (await trail.status()).prompts;
      assert.deepEqual([row?.working, row?.pending], ['draft', undefined]);
    }
  });

  it('takes a merge only for what none of its parents has', async () => {
    const ana = await begin();
    clinic.git('ana', 'checkout', '--quiet', '-b', 'topic');
    clinic.write('ana', path, `top\n${long}`);
    clinic.git('ana', 'commit', '--quiet', '-am', 'topic');
    clinic.git('ana', 'checkout', '--quiet', 'main');
    clinic.write('ana', 'notes.txt', 'x\n');
    clinic.commit('ana');
    clinic.git('ana', 'merge', '--quiet', '--no-ff', '-m', 'plain merge', 'topic');
    await ana.sync();
    assert.equal((await ana.log({ types: ['revision.observed'] })).length, 1);
    clinic.git('ana', 'checkout', '--quiet', '-b', 'other', 'HEAD~1');
    clinic.write('ana', 'more.txt', 'x\n');
    clinic.git('ana', 'add', '--all');
    clinic.git('ana', 'commit', '--quiet', '-m', 'other');
    clinic.git('ana', 'merge', '--quiet', '--no-commit', '--no-ff', 'main');
    clinic.write('ana', path, `evil\n${long}`);
    clinic.git('ana', 'commit', '--quiet', '-am', 'evil merge');
    await ana.sync();
    const observed = await ana.log({ types: ['revision.observed'] });
    assert.equal(observed.length, 2);
    const body = await bodyOf(ana, observed[1]!);
    assert.equal(body['commit'], clinic.git('ana', 'rev-parse', 'HEAD'));
  });

  it('keeps the history of a prompt that a commit renamed, and finds it by both names', async () => {
    const ana = await begin();
    await ana.propose({ path, note: 'first' });
    clinic.git('ana', 'mv', path, moved);
    clinic.write('ana', moved, `${long}and changed\n`);
    clinic.commit('ana', 'rename');
    const pending = (await ana.status()).prompts.map((row) => [row.path, row.pending?.[0]?.kind]);
    assert.deepEqual(pending, [[moved, 'moved']]);
    await ana.sync();
    const whole = await ana.log({ path: moved });
    assert.deepEqual(
      whole.map(({ type }) => type),
      [
        'prompt.registered',
        'revision.observed',
        'version.proposed',
        'prompt.moved',
        'revision.observed',
      ],
    );
    assert.deepEqual(await ana.log({ path }), whole);
    const { prompts } = await ana.status();
    assert.deepEqual(
      prompts.map((row) => [row.path, row.working, row.latest?.label]),
      [[moved, 'draft', 'v1']],
    );
  });

  it('knows a renamed prompt when somebody acts on it before a sync', async () => {
    const ana = await begin();
    await ana.propose({ path, note: 'first' });
    clinic.clone('ravi');
    clinic.git('ravi', 'mv', path, moved);
    clinic.write('ravi', moved, `${long}by ravi\n`);
    clinic.commit('ravi', 'rename');
    clinic.git('ana', 'pull', '--quiet');
    const quiet = await clinic.open('ana', { autoSync: false });
    const version = await quiet.propose({ path: moved, note: 'second' });
    assert.equal(version.number, 2);
    assert.deepEqual(version.contributors.map(({ name }) => name).sort(), ['Ana', 'Ravi']);
    await ana.sync();
    await (await clinic.open('ravi')).sync();
    await ana.sync();
    const types = (await ana.log({ path: moved })).map(({ type }) => type);
    assert.equal(types.filter((type) => type === 'prompt.moved').length, 1);
    assert.equal(types.filter((type) => type === 'prompt.registered').length, 1);
  });

  it('records what was done to files in the editor, and not again when a commit brings it', async () => {
    const ana = await begin();
    await ana.record();
    const other = 'prompts/letters/reply.prompt.md';
    clinic.write('ana', other, 'reply\n');
    await ana.record([other]);
    clinic.commit('ana', 'reply');
    await ana.sync();
    renameSync(file('ana', path), file('ana', moved));
    renameSync(file('ana', 'prompts/letters'), file('ana', 'prompts/mail'));
    const results = await ana.recordFileChanges([
      { kind: 'moved', from: path, to: moved },
      { kind: 'moved', from: 'prompts/letters', to: 'prompts/mail' },
    ]);
    assert.deepEqual(
      results.map(({ outcome, path: where }) => [outcome, where]),
      [
        ['moved', moved],
        ['moved', 'prompts/mail/reply.prompt.md'],
      ],
    );
    const [row] = await ana.log({ types: ['prompt.moved'], newest: 1 });
    const body = await bodyOf(ana, row!);
    assert.deepEqual([body['commit'], body['origin'], row!.refs['author']], [null, 'cli', null]);
    const before = await told(ana);
    clinic.commit('ana', 'renamed');
    await ana.sync();
    assert.deepEqual(await told(ana), before);
    rmSync(file('ana', moved));
    await ana.recordFileChanges([{ kind: 'removed', path: moved }]);
    assert.equal((await ana.status()).prompts.find((r) => r.path === moved)?.working, 'removed');
    clinic.git('ana', 'commit', '--quiet', '-am', 'deleted');
    await ana.sync();
    assert.deepEqual(await told(ana), [...before, `removed ${moved}`]);
    clinic.write('ana', moved, long);
    await ana.recordFileChanges([{ kind: 'created', path: moved }]);
    assert.deepEqual(await told(ana), [...before, `removed ${moved}`, `saved ${moved}`]);
    assert.equal((await ana.status()).prompts.find((r) => r.path === moved)?.working, 'draft');
    const { length } = (await ana.log({ path: moved })).filter(
      (r) => r.type === 'prompt.registered',
    );
    assert.equal(length, 1);
  });

  it('records a rename that only changes case', async () => {
    const ana = await begin();
    await ana.record();
    const upper = 'prompts/Triage.prompt.md';
    renameSync(file('ana', path), file('ana', upper));
    await ana.recordFileChanges([{ kind: 'moved', from: path, to: upper }]);
    const rows = (await ana.status()).prompts.map((row) => [row.path, row.working]);
    assert.deepEqual(rows, [[upper, 'draft']]);
    clinic.commit('ana', 'case');
    await ana.sync();
    assert.deepEqual(await told(ana), [`registered ${path}`, `observed ${path}`, `moved ${upper}`]);
  });

  it('follows a file that another tool moved, when somebody records it', async () => {
    const ana = await begin();
    await ana.record();
    renameSync(file('ana', path), file('ana', moved));
    assert.deepEqual(
      (await ana.status()).prompts.map((row) => [row.path, row.working]),
      [
        [moved, 'unrecorded'],
        [path, 'missing'],
      ],
    );
    const results = await ana.record([moved]);
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ['moved'],
    );
    clinic.write('ana', 'prompts/third.prompt.md', long.replace('Line 3 ', 'Row 3 '));
    rmSync(file('ana', moved));
    clinic.git('ana', 'add', '--all');
    clinic.git('ana', 'commit', '--quiet', '-m', 'moved twice');
    await ana.sync();
    const { length } = await ana.log({ types: ['prompt.registered'] });
    assert.equal(length, 1, 'it is the same prompt all the time');
    const fourth = 'prompts/fourth.prompt.md';
    clinic.write('ana', fourth, long.replace('Line 5 ', 'Row 5 '));
    rmSync(file('ana', 'prompts/third.prompt.md'));
    const like = await ana.record([fourth]);
    assert.deepEqual(
      like.map(({ outcome }) => outcome),
      ['moved', 'recorded'],
    );
    assert.equal((await ana.log({ types: ['prompt.registered'] })).length, 1);
  });

  it('records a deletion that nobody committed, and what came back', async () => {
    const ana = await begin();
    await ana.record();
    rmSync(file('ana', path));
    assert.deepEqual(
      (await ana.record()).map(({ outcome }) => outcome),
      ['removed'],
    );
    assert.equal((await ana.status()).prompts[0]?.working, 'removed');
    assert.deepEqual(await ana.record(), []);
    clinic.git('ana', 'checkout', '--quiet', '--', path);
    assert.deepEqual(
      (await ana.record([path])).map(({ outcome }) => outcome),
      ['recorded'],
    );
    assert.equal((await ana.status()).prompts[0]?.working, 'draft');
  });

  it('does not call a prompt of another branch missing', async () => {
    const ana = await begin();
    clinic.git('ana', 'checkout', '--quiet', '-b', 'topic');
    clinic.write('ana', moved, 'topic\n');
    await ana.record();
    clinic.git('ana', 'add', '--all');
    clinic.git('ana', 'commit', '--quiet', '-m', 'topic');
    clinic.git('ana', 'checkout', '--quiet', 'main');
    const rows = (await ana.status()).prompts.map((row) => [row.path, row.working]);
    assert.deepEqual(rows, [
      [moved, 'elsewhere'],
      [path, 'draft'],
    ]);
    const before = await told(ana);
    await ana.record();
    assert.deepEqual(await told(ana), before, 'and its deletion is none');
  });

  it('does not observe what a shallow clone cannot know', async () => {
    const ana = await begin();
    clinic.write('ana', path, `${long}two\n`);
    clinic.commit('ana', 'two');
    // The end of the shallow clone, which looks as if it had brought every file.
    clinic.clone('ravi');
    clinic.write('ravi', 'notes.txt', 'x\n');
    clinic.commit('ravi', 'notes');
    await ana.sync();
    const before = await size(ana);
    clinic.git('.', 'clone', '--quiet', '--depth=1', `file://${clinic.remote}`, 'ci');
    clinic.git('ci', 'config', 'user.name', 'CI');
    clinic.git('ci', 'config', 'user.email', 'ci@clinic.example');
    const ci = await clinic.open('ci');
    await ci.sync();
    assert.equal(await size(ci), before);
  });

  it('is recorded without a remote too', async () => {
    clinic.git('.', 'init', '--quiet', '--initial-branch=main', 'solo');
    clinic.git('solo', 'config', 'user.name', 'Solo');
    clinic.git('solo', 'config', 'user.email', 'solo@clinic.example');
    clinic.write('solo', path, long);
    clinic.git('solo', 'add', '--all');
    clinic.git('solo', 'commit', '--quiet', '-m', 'before');
    await clinic.init('solo');
    const solo = await clinic.open('solo');
    clinic.git('solo', 'rm', '--quiet', path);
    clinic.git('solo', 'commit', '--quiet', '-m', 'gone');
    clinic.write('solo', moved, 'new\n');
    clinic.git('solo', 'add', '--all');
    clinic.git('solo', 'commit', '--quiet', '--author=Mia <mia@clinic.example>', '-m', 'new');
    assert.equal((await solo.observe()).recorded, 1);
    assert.deepEqual(await told(solo), [`registered ${moved}`, `observed ${moved}`]);
    assert.equal((await solo.observe()).recorded, 0);
    writeFileSync(file('solo', moved), 'newer\n');
    clinic.git('solo', 'commit', '--quiet', '-am', 'newer');
    assert.deepEqual(
      (await solo.record()).map(({ outcome, path: where }) => [outcome, where]),
      [['recorded', moved]],
    );
    const [row] = await solo.log({ types: ['revision.observed'], newest: 1 });
    assert.match(row!.summary, /Solo committed/);
  });
});

/** Makes HEAD a copy of itself that has a signature; nobody checks it. */
function signedCopy(clinic: Clinic, clone: string): string {
  const text = clinic.git(clone, 'cat-file', 'commit', 'HEAD');
  const end = text.indexOf('\n\n');
  const signature = 'gpgsig -----BEGIN SSH SIGNATURE-----\n AAAA\n -----END SSH SIGNATURE-----';
  clinic.write(clone, '.git/signed', `${text.slice(0, end)}\n${signature}${text.slice(end)}\n`);
  const id = clinic.git(clone, 'hash-object', '-t', 'commit', '-w', '.git/signed');
  clinic.git(clone, 'reset', '--quiet', '--soft', id);
  return id;
}
