import assert from 'node:assert/strict';
import type { ErrorCode } from '../../src/core/errors.js';
import type { EventId } from '../../src/core/ids.js';
import type { PlacedThread } from '../../src/core/talkRows.js';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';

const path = 'prompts/triage.prompt.md';
const text = 'You sort messages.\n\nAnswer with one word.\nDoubt is urgent.\n';

async function fails(promise: Promise<unknown>, code: ErrorCode): Promise<string> {
  return (await failure(promise, code)).message;
}

/** `v1 1-2: first | answer`, with ~ before a place that is only near and ! before what is resolved. */
function told({ label, place, comments, resolved }: PlacedThread): string {
  const where = place === null ? 'all' : `${place.kept ? '' : '~'}${place.line}-${place.endLine}`;
  const said = comments.map((one) => one.text ?? '(gone)').join(' | ');
  return `${resolved ? '!' : ''}${label} ${where}: ${said}`;
}

describe('comments', function () {
  this.timeout(60_000);
  let clinic: Clinic;
  let ana: Trail;
  beforeEach(async () => {
    clinic = new Clinic();
    clinic.clone('ana');
    clinic.write('ana', path, text);
    await clinic.init('ana');
    clinic.commit('ana');
    ana = await clinic.open('ana');
    await ana.propose({ path, note: 'first' });
  });
  afterEach(() => clinic.dispose());

  const at = async (trail: Trail, target: string, within?: { text: string } | 'working file') =>
    (await trail.threads({ target, ...(within === undefined ? {} : { within }) })).map(told);

  it('reach the author, are answered, follow their line into the next version, and are resolved', async () => {
    clinic.clone('ravi');
    const ravi = await clinic.open('ravi');
    const said = { target: `${path}@v1`, identity: 'git' } as const;
    const first = await ravi.comment({ ...said, text: ' Which words? ', line: 3 });
    await ravi.comment({ ...said, text: 'Good.', line: 1, endLine: 2 });
    await ravi.comment({ ...said, text: 'Who asked for it?' });
    assert.equal(first.comments[0]?.text, 'Which words?');

    await ana.sync();
    assert.equal((await ana.version(path)).openComments, 3);
    const row = await ana.comment({ thread: first.id, text: 'Yes or no.', identity: 'git' });
    const [, answer] = row.comments;
    assert.deepEqual([answer?.by.name, answer?.synced], ['Ana', false]);
    clinic.write('ana', path, `---\nmodel: x\n---\n${text.replace('You sort', 'Sort')}`);
    await ana.propose({ path, note: 'second' });
    assert.deepEqual(await at(ana, path), [
      'v1 6-6: Which words? | Yes or no.',
      'v1 ~5-5: Good.',
      'v1 all: Who asked for it?',
    ]);
    assert.deepEqual(await at(ana, `${path}@v1`), [
      'v1 3-3: Which words? | Yes or no.',
      'v1 1-2: Good.',
      'v1 all: Who asked for it?',
    ]);
    const [, changed] = await ana.threads({ target: path });
    assert.equal(changed?.quote, 'You sort messages.\n');
    assert.equal((await ana.version(path)).openComments, 3);

    await ana.resolveThread({
      thread: answer!.id,
      resolved: true,
      note: 'Said so',
      identity: 'git',
    });
    const { length } = await ana.log();
    await ana.resolveThread({ thread: first.id, resolved: true, identity: 'git' });
    assert.equal((await ana.log()).length, length, 'what is resolved records nothing');
    await ravi.sync();
    const [resolved] = await ravi.threads({ target: path });
    assert.deepEqual(
      resolved?.acts.map((act) => [act.resolved, act.by.name, act.note]),
      [[true, 'Ana', 'Said so']],
    );
    assert.equal((await ravi.version(path)).openComments, 2);
    assert.equal((await ravi.threads({ target: path, open: true })).length, 2);
    await ravi.resolveThread({ thread: first.id, resolved: false, identity: 'git' });
    await ana.sync();
    assert.equal((await ana.version(path)).openComments, 3);
    const { findings } = await ana.verify({ full: true });
    assert.deepEqual(findings, []);
  });

  it('stand in a draft where their lines are, saved or not', async () => {
    await ana.comment({ target: path, text: 'Which?', line: 3, identity: 'git' });
    clinic.write('ana', path, `New.\n${text}`);
    assert.deepEqual(await at(ana, path, 'working file'), ['v1 4-4: Which?']);
    const typed = { text: 'Quite\r\nanother\r\ntext' };
    assert.deepEqual(await at(ana, path, typed), ['v1 ~3-3: Which?']);
    clinic.git('ana', 'rm', '--quiet', '--force', path);
    assert.deepEqual(await at(ana, path, 'working file'), ['v1 ~3-3: Which?']);
  });

  it('need a text of a size that people read, and lines that are there', async () => {
    const say = (more: object) =>
      ana.comment({ target: path, text: 'x', identity: 'git', ...more });
    const before = (await ana.log()).length;
    await fails(say({ text: ' \n\0 ' }), 'comment.invalid');
    assert.match(await fails(say({ text: 'é'.repeat(40_000) }), 'comment.invalid'), /79 KB/);
    for (const lines of [
      { line: 0 },
      { line: 5 },
      { line: 3, endLine: 2 },
      { line: 4, endLine: 5 },
    ])
      await fails(say(lines), 'comment.invalid');
    await fails(say({ line: 1.5 }), 'comment.invalid');
    await fails(say({ target: `${path}@v7` }), 'version.unknown');
    const { id } = await ana.version(path);
    for (const thread of [id, 'f'.repeat(64) as EventId]) {
      await fails(ana.comment({ thread, text: 'x', identity: 'git' }), 'comment.unknown');
      await fails(
        ana.resolveThread({ thread, resolved: true, identity: 'git' }),
        'comment.unknown',
      );
    }
    assert.equal((await ana.log()).length, before);
    await say({ text: 'é'.repeat(32 * 1024), line: 4 });
    const hostile = 'a\u0000b\ud800\u202e[x](command:workbench.action.quit)\u001b[2J';
    const row = await say({ text: hostile });
    assert.equal(
      row.comments[0]?.text,
      'ab\ufffd\u202e[x](command:workbench.action.quit)\u001b[2J',
    );
  });

  it('are said to be gone, by whom and why, where somebody redacted them or their text', async () => {
    const policy = JSON.stringify({
      version: 1,
      roles: { compliance: ['ana@clinic.example'] },
      redaction: { roles: ['compliance'] },
      environments: { production: {} },
    });
    clinic.write('ana', '.prompt-audit/policy.jsonc', policy);
    clinic.commit('ana');
    const thread = await ana.comment({
      target: path,
      text: 'The key is 1234',
      line: 3,
      identity: 'git',
    });
    await ana.redact({ target: thread.id, reason: 'a key', identity: 'git' });
    const [gone] = await ana.threads({ target: path });
    assert.deepEqual(told(gone!), 'v1 all: (gone)');
    const [redaction] = gone!.comments[0]!.redactions ?? [];
    assert.deepEqual([redaction?.by.name, redaction?.reason], ['Ana', 'a key']);
    assert.equal((await ana.version(path)).openComments, 1, 'what was said is gone, not settled');
    assert.equal(gone?.resolved, false);
    assert.equal(gone.comments[0]?.unattended, null, 'nobody can tell any more');

    await ana.comment({ target: path, text: 'Which?', line: 3, identity: 'git' });
    clinic.write('ana', path, 'Other.\n');
    await ana.propose({ path, note: 'second' });
    const { digest } = await ana.version(`${path}@v1`);
    await ana.redact({ target: digest, reason: 'a name', identity: 'git' });
    const [, left] = await ana.threads({ target: path });
    assert.equal(told(left!), 'v1 ~1-1: Which?');
    assert.equal(left?.quote, null);
    const again = { target: `${path}@v1`, text: 'x', line: 1, identity: 'git' } as const;
    await fails(ana.comment(again), 'content.redacted');
  });
});
