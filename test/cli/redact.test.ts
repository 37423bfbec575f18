import assert from 'node:assert/strict';
import type { EventRow } from '../../src/core/rows.js';
import type { PurgeReport, RedactReport } from '../../src/trail/redactApi.js';
import { run } from '../../src/cli/run.js';
import { fakeEngine, fakeVersion } from './support/fakeTrail.js';
import { fakeTerminal } from './support/fakeTerminal.js';
import { assertFailed, envelopeOf } from './support/program.js';
import { World, author, reviewer, type Clone } from './support/world.js';

const path = 'prompts/triage.prompt.md';
const secret = 'sk-live-Zq7Xw3Vb9Kp2Rt5Yj8Mn4';

describe('redact and purge-history', function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(() => (world = new World('redact')));
  afterEach(() => world.remove());

  async function begin(): Promise<Clone> {
    const clone = world.clone(world.remote('remote.git'), 'ada', author);
    clone.write(path, `Key ${secret}\n`);
    await clone.ok('init', '--yes');
    clone.git('add', '--all');
    clone.git('commit', '--quiet', '-m', 'policy');
    clone.git('push', '--quiet', 'origin', 'HEAD:main');
    await clone.ok('propose', path, '-m', 'oops');
    return clone;
  }

  it('tells first, then removes, and every view says who and why', async () => {
    const clone = await begin();
    const dry = await clone.ok('redact', `${path}@v1`, '--dry-run');
    assert.match(dry, /^Would remove the text of v1 of prompts\/triage\.prompt\.md \(/);
    assert.match(dry, /has these bytes now/);
    assert.equal((await clone.ok('show', `${path}@v1`, '--raw')).includes(secret), true);
    const done = await clone.ok('redact', `${path}@v1`, '-m', 'INC-17', '--yes');
    assert.match(done, /^Removed the text of v1/);

    const told = /redacted by Ada Author on \d{4}-\d\d-\d\d because INC-17/;
    assertFailed(await clone.run('show', `${path}@v1`, '--raw'), 1, told);
    const shown = await clone.run('show', `${path}@v1`);
    assert.equal(shown.status, 1);
    assert.match(shown.out, told);
    for (const args of [['log'], ['status']]) assert.match(await clone.ok(...args), told);
    assert.match(await clone.ok('log'), /redacted the text of v1 "INC-17"/);
    const { rows } = await clone.json<EventRow>('log', '--type', 'version.proposed');
    assert.equal(rows[0]?.redactions?.[0]?.reason, 'INC-17');
    assert.match(await clone.ok('verify'), /0 findings/);
    assertFailed(await clone.run('propose', path, '-m', 'again'), 1, told, /exactly these bytes/);
    const again = await clone.ok('redact', `${path}@v1`, '-m', 'INC-18', '--yes');
    assert.match(again, /^Already redacted by Ada Author .* because INC-17: the text of v1/);
  });

  it('shows an event whose details are gone, and erases a person', async () => {
    const clone = await begin();
    const ravi = clone.as(reviewer);
    await ravi.ok('approve', path, '-m', `as ${secret} said`, '--yes');
    const { rows } = await clone.json<EventRow>('log', '--type', 'review.decided');
    const event = rows[0]!.id.slice(0, 8);
    await clone.ok('redact', event, '-m', 'private', '--yes');
    const shown = await clone.ok('show', event);
    assert.match(shown, /\(redacted by Ada Author on .* because private\)/);
    assert.ok(!shown.includes(secret));
    const gone = await clone.ok('redact', reviewer.email, '--person', '-m', 'INC-19', '--yes');
    assert.match(gone, /^Removed the details of a person/);
    assert.match(await clone.ok('log'), /\(redacted person\)/);
  });

  it('refuses without the right, without a reason, without a version', async () => {
    const clone = await begin();
    const other = clone.as(reviewer);
    const refused = await other.run('redact', `${path}@v1`, '-m', 'x', '--yes');
    assertFailed(refused, 1, /Nothing was removed/, /none of the roles that may redact/);
    assertFailed(await clone.run('redact', `${path}@v1`, '--yes'), 3, /needs a reason/);
    assertFailed(await clone.run('redact', path, '-m', 'x', '--yes'), 1, /which version/);
    assertFailed(await clone.run('redact', `${path}@v1`, '-m', 'x'), 1, /person at a terminal/);
    const both = await clone.run('redact', 'x', '-m', 'x', '--content', '--body');
    assertFailed(both, 3, /not both/);
    const dry = await other.run('redact', `${path}@v1`, '--dry-run');
    assert.equal(dry.status, 1);
    assert.match(dry.out, /The policy refuses it: your address has none of the roles/);
    const purge = await other.run('purge-history', '-m', 'x', '--yes');
    assertFailed(purge, 1, /does not let you purge/);
  });

  it('purges the history and prints what to run elsewhere', async () => {
    const clone = await begin();
    await clone.ok('redact', `${path}@v1`, '-m', 'INC-17', '--yes');
    const report = envelopeOf<PurgeReport>(
      await clone.run('purge-history', '-m', 'INC-17', '--yes', '--json'),
    );
    assert.equal(report.counts['commits'], report.rows[0]?.commits);
    assert.match(await clone.ok('log'), /replaced the history of the ledger branch "INC-17"/);
    assert.match(await clone.ok('verify'), /0 findings/);
    const text = await clone.ok('purge-history', '-m', 'again', '--yes');
    assert.match(text, /git .*gc --prune=now/);
  });

  it('asks a person at a terminal, and takes no for an answer', async () => {
    const asked: boolean[] = [];
    const redact = async (input: { readonly dryRun?: boolean }): Promise<RedactReport> => {
      asked.push(input.dryRun === true);
      const target = fakeVersion().digest;
      const item = {
        target,
        part: 'content',
        what: 'the text of v12',
        path,
        before: null,
      } as const;
      const { dryRun = false } = input;
      return { dryRun, items: [item], events: [], reasons: [], mentions: [], stays: [] };
    };
    const { engine } = fakeEngine({ redact });
    const no = fakeTerminal({ answers: ['n'] });
    const args = ['redact', `${path}@v12`, '-m', 'INC-17'];
    assert.equal(await run(args, no, engine), 1);
    assert.match(no.asked[0] ?? '', /Remove the text of v12 .* for good, because "INC-17"\?/);
    assert.deepEqual(asked, [true]);
    const yes = fakeTerminal({ answers: ['y'] });
    assert.equal(await run(args, yes, engine), 0);
    assert.deepEqual(asked, [true, true, false]);
  });
});
