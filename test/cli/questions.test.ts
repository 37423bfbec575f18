import assert from 'node:assert/strict';
import type { AnswerRow } from '../../src/core/questions/question.js';
import type { ActiveRow, EventRow, PersonRef } from '../../src/core/rows.js';
import { parseDuration, durationText } from '../../src/cli/duration.js';
import { assertFailed, envelopeOf, type Ended, type Envelope } from './support/program.js';
import { author, manager, reviewer, World, type Clone } from './support/world.js';

const path = 'prompts/triage.prompt.md';

/** The envelope of an answer to a question. */
type Answered = Envelope<AnswerRow> & {
  readonly population: { readonly of: string; readonly count: number };
  readonly summary: string | null;
  readonly digest: string | null;
  readonly complete: boolean | null;
  readonly unanswerable: string | null;
};

describe('questions on the command line', function () {
  this.timeout(120_000);
  let world: World;
  let ada: Clone;
  let ravi: Clone;
  let mira: Clone;

  before(async () => {
    world = new World('questions');
    ada = world.repository('ada', author);
    [ravi, mira] = [ada.as(reviewer), ada.as(manager)];
    ada.write(path, 'You sort messages.\n');
    await ada.ok('init', '--yes');
    await ada.ok('propose', path, '-m', 'first');
    await ravi.ok('approve', path, '--yes');
    await mira.ok('deploy', path, '--env', 'production');
    ada.write(path, 'You sort letters.\n');
    await ada.ok('propose', path, '-m', 'second');
    assertFailed(await mira.run('deploy', path, '--env', 'production'), 1, /not .*approvals/);
  });
  after(() => world.remove());

  const ask = async (status: number, ...args: string[]): Promise<Answered> => {
    const ended: Ended = await ada.run(...args, '--json');
    assert.equal(ended.status, status, ended.out + ended.err);
    return envelopeOf<AnswerRow>(ended) as Answered;
  };
  const newest = async (type: string): Promise<EventRow> =>
    (await ada.json<EventRow>('log', '--type', type)).rows[0]!;

  it('ends with 0 where nothing is found, and says what was searched', async () => {
    const { rows, population, counts } = await ask(0, 'exceptions', 'deployments');
    assert.deepEqual([rows, population], [[], { of: 'deployments', count: 1 }]);
    assert.equal(counts['population'], 1);
    const { out } = await ada.run('exceptions', 'deployments', '--env', 'staging');
    assert.equal(out, '0 of 0 deployments.\n');
  });

  it('ends with 1 where there are exceptions', async () => {
    const { rows, query } = await ask(1, 'exceptions', 'denied', path, '--env', 'production');
    assert.deepEqual(query, {
      command: 'exceptions',
      kind: 'exceptions.denied',
      path,
      env: 'production',
      asKnownAt: null,
    });
    assert.deepEqual(
      rows.map((row) => [(row['who'] as PersonRef).name, row['reasons']]),
      [[manager.name, ['approval.missing', 'approval.otherVersion']]],
    );
    const all = await ask(1, 'exceptions', 'all');
    assert.equal(all.counts['denied'], 1);
    assert.ok(all.rows.some((row) => row['kind'] === 'denied'));
    const { out } = await ada.run('exceptions', 'all');
    assert.match(out, /^deployments\n0 of 1 deployments\.\n/);
    const limited = await ask(1, 'exceptions', 'all', '--env', 'production');
    assert.match(limited.caveats.join(), /keys was left out: it cannot be limited by env/);
  });

  it('ends with 2 where nothing can be answered yet', async () => {
    const { unanswerable } = await ask(2, 'exceptions', 'untested');
    assert.match(unanswerable!, /no evaluations/);
  });

  it('follows a deployment, and orders two events', async () => {
    const deployed = await newest('deployment.recorded');
    const trail = await ask(0, 'trail', deployed.id.slice(0, 8));
    assert.equal(trail.complete, true);
    assert.ok(trail.rows.some((row) => row['event'] === deployed.id));
    const approved = await newest('review.decided');
    const order = await ask(0, 'order', approved.id, deployed.id);
    assert.match(order.summary!, /^Proven: /);
    const versions = await ask(0, 'order', `${path}@v2`, `${path}@v1`);
    assert.match(versions.summary!, /^Proven: /);
    assertFailed(await ada.run('trail', 'ffffffff'), 1, /No event begins with ffffffff/);
    assertFailed(await ada.run('order', `${path}@v1`, `${path}@v9`), 1, /no such version/);
  });

  it('answers as the ledger was known', async () => {
    const { at, seq } = await newest('review.decided');
    for (const known of [at, String(seq)]) {
      const then = await ask(0, 'baseline', '--env', 'production', '--as-known-at', known);
      assert.deepEqual([then.rows, then.ledger?.size], [[], seq]);
      const { rows, ledger } = await ada.json<ActiveRow>('active', path, '--as-known-at', known);
      assert.deepEqual([rows, ledger?.size], [[], seq]);
    }
    const now = await ask(0, 'baseline', '--env', 'production');
    assert.equal(now.rows.length, 1);
    assert.match(now.digest!, /^sha256:/);
    const checkpoint = await ada.ok('checkpoint', '--size', String(seq));
    const then = await ask(0, 'pending', '--as-known-at', String(seq));
    assert.equal(
      Buffer.from(then.ledger!.root, 'hex').toString('base64'),
      checkpoint.split('\n')[2],
    );
    assertFailed(await ada.run('pending', '--as-known-at', '9999'), 3, /never had 9999 events/);
    const before = await ada.run('active', path, '--as-known-at', '1');
    assertFailed(before, 1, /knew no prompt/);
  });

  it('says what somebody did, and what waits', async () => {
    const { rows } = await ask(0, 'actions', '--actor', reviewer.email.toUpperCase());
    assert.deepEqual(
      rows.map((row) => row['type']),
      ['person.declared', 'review.decided'],
    );
    assertFailed(await ada.run('actions', '--actor', 'nobody'), 1, /knows nobody by "nobody"/);
    const waiting = await ask(0, 'pending');
    assert.deepEqual(
      waiting.rows.map((row) => row['version']),
      ['v2'],
    );
    assert.equal((await ask(1, 'pending', '--older-than', '0s')).rows.length, 1);
    assert.equal((await ask(0, 'pending', '--older-than', '9d')).rows.length, 0);
  });

  it('finds drift from a list', async () => {
    ada.write('seen.txt', `${path} ${'0'.repeat(64)}\n`);
    const { rows, query } = await ask(
      1,
      'drift',
      '--env',
      'production',
      '--observed',
      `${ada.folder}/seen.txt`,
    );
    assert.equal(query['text'], undefined);
    assert.deepEqual(
      rows.map((row) => row['code']),
      ['unknown'],
    );
  });

  it('refuses what it does not understand', async () => {
    const refused: readonly (readonly [RegExp, ...string[]])[] = [
      [/no exceptions "nothing"/, 'exceptions', 'nothing'],
      [/takes no env/, 'exceptions', 'keys', '--env', 'production'],
      [/--under is for/, 'exceptions', 'denied', '--under', '3s'],
      [/is no duration/, 'pending', '--older-than', 'long'],
      [/needs --env/, 'baseline'],
      [/needs --seed/, 'sample', 'changes'],
      [/cannot be sampled/, 'sample', 'everything', '--seed', '1'],
      [/is no number/, 'sample', 'changes', '--seed', '1', '--count', '0'],
    ];
    for (const [text, ...args] of refused) assertFailed(await ada.run(...args), 3, text);
    assertFailed(await ada.run('baseline', '--env', 'moon'), 1, /no environment "moon"/);
    assertFailed(await ada.run('rollbacks', 'prompts/none.md'), 1, /knows no prompt/);
  });
});

describe('durations', () => {
  it('are read and shown', () => {
    assert.equal(parseDuration('90m', '--x'), 5_400_000);
    assert.equal(durationText(parseDuration('3d', '--x') + 3_700_000), '3 d 1 h');
    assert.deepEqual([0, 999, 1000, -61_000].map(durationText), [
      '0 ms',
      '999 ms',
      '1 s',
      '-1 min 1 s',
    ]);
    assert.throws(() => parseDuration('3 days', '--x'), /no duration/);
  });
});
