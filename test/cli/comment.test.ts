import assert from 'node:assert/strict';
import type { PlacedThread, ThreadRow } from '../../src/core/talkRows.js';
import { run } from '../../src/cli/run.js';
import { fakeEngine } from './support/fakeTrail.js';
import { fakeTerminal } from './support/fakeTerminal.js';
import { assertFailed } from './support/program.js';
import { World, author, reviewer, type Clone } from './support/world.js';

const path = 'prompts/triage.prompt.md';
const text = 'You sort messages.\nAnswer with one word.\nDoubt is urgent.\n';

describe('comment and comments', function () {
  this.timeout(60_000);
  let world: World;
  let ada: Clone;
  let ravi: Clone;
  beforeEach(async () => {
    world = new World('comment');
    ada = world.repository('ada', author);
    ravi = ada.as(reviewer);
    ada.write(path, text);
    await ada.ok('init', '--yes');
    await ada.ok('propose', path, '-m', 'first');
  });
  afterEach(() => world.remove());

  const id = (said: string): string => /\(([0-9a-f]{7})\)/.exec(said)?.[1] ?? '';

  it('asks about lines, answers, follows the lines, and settles', async () => {
    const said = await ravi.ok('comment', `${path}@v1`, '--line', '2-3', '-m', 'Which\nword?');
    assert.match(said, /^Commented on lines 2 to 3 of v1 of prompts\/triage\.prompt\.md \(/);
    const first = id(said);
    assert.match(await ada.ok('comment', '--reply', first, '-m', 'Yes or no.'), /^Answered/);
    assert.match(
      await ada.ok('show', path),
      /Comments +1 open: prompt-audit comments \S+@v1 --open/,
    );
    assert.match(
      await ada.ok('comments', path),
      new RegExp(
        [
          '^lines 2 to 3 of v1, open',
          '  > Answer with one word\\.',
          '  > Doubt is urgent\\.',
          `  ${first} Ravi Reviewer, .*, unattended`,
          '    Which',
          '    word\\?',
          '  [0-9a-f]{7} Ada Author, .*, unattended',
          '    Yes or no\\.',
          '$',
        ].join('\n'),
      ),
    );
    ada.write(path, `# Triage\n${text}`);
    await ada.ok('propose', path, '-m', 'second');
    assert.match(
      await ada.ok('comments', path),
      /^lines 2 to 3 of v1, open, now lines 3 to 4 of v2\n/,
    );
    ada.write(path, '# Triage\nYou sort messages.\n');
    await ada.ok('propose', path, '-m', 'third');
    assert.match(await ada.ok('comments', path), /open, outdated: near line 2 of v3\n/);
    const done = await ada.ok('comment', '--resolve', first, '-m', 'Gone in v3');
    assert.match(done, /The comment [0-9a-f]{7} on lines 2 to 3 of v1 of .* is resolved\./);
    assert.match(await ada.ok('comments', path), /resolved by Ada Author, .*: Gone in v3\n$/);
    assert.equal(await ada.ok('comments', path, '--open'), 'No comments.\n');
    assert.match(await ravi.ok('comment', path, '--reopen', first), /is open\./);
    const { rows, counts } = await ada.json<PlacedThread>('comments', `${path}@v2`);
    assert.deepEqual(
      rows.map(({ label, lines, place, resolved }) => ({ label, lines, place, resolved })),
      [
        {
          label: 'v1',
          lines: { line: 2, endLine: 3 },
          place: { line: 3, endLine: 4, kept: true },
          resolved: false,
        },
      ],
    );
    assert.equal(counts['open'], 1);
    const log = await ada.ok('log', path);
    for (const line of [
      /commented on lines 2 to 3 of v1 "Which\\nword\?"/,
      /answered a comment on v1 "Yes or no\."/,
      /resolved a comment on v1 "Gone in v3"/,
    ])
      assert.match(log, line);
    assert.match(await ada.ok('verify'), /0 findings/);
  });

  it('records what scripts say as unattended, and what somebody at a terminal says as theirs', async () => {
    const script = await ada.json<ThreadRow>('comment', path, '-m', 'By a script');
    assert.equal(script.rows[0]?.comments[0]?.unattended, true);
    const { engine } = fakeEngine({
      comment: async (input) => ({ ...script.rows[0]!, label: input.identity }),
    });
    const terminal = fakeTerminal({ canAsk: true });
    await run(['comment', path, '-m', 'By hand'], terminal, engine);
    assert.match(terminal.printed(), /^Commented on git of /);
  });

  it('says what it needs', async () => {
    const said = id(await ada.ok('comment', path, '-m', 'All of it'));
    const cases: readonly (readonly [number, RegExp, ...string[]])[] = [
      [3, /needs PATH/, '-m', 'x'],
      [3, /needs a text/, path],
      [3, /needs a text/, '--reply', said],
      [3, /names no lines/, path, '-m', 'x', '--line', '3-2'],
      [3, /names no lines/, path, '-m', 'x', '--line', '0'],
      [3, /takes --reply or --resolve/, '--reply', said, '--resolve', said],
      [3, /takes no --line/, '--reply', said, '-m', 'x', '--line', '2'],
      [1, /has no lines 4 to 4.*It has 3 lines/s, path, '-m', 'x', '--line', '4'],
      [1, /needs a text/, path, '-m', ' '],
      [1, /There is no comment abcdef0/, '--resolve', 'abcdef0'],
      [1, /"4e0a" is no id of a comment: it takes at least 7 hex digits/, '--resolve', '4e0a'],
      [3, /--resolve needs the ID of a comment/, '--resolve', ''],
      [3, /--reply needs the ID of a comment/, '--reply', '', '-m', 'x'],
      [1, /no such version/, `${path}@v9`, '-m', 'x'],
    ];
    for (const [status, words, ...args] of cases)
      assertFailed(await ada.run('comment', ...args), status as 1 | 3, words);
    const { rows } = await ada.json<{ id: string }>('log', '--type', 'version.proposed');
    const version = rows[0]!.id.slice(0, 9);
    assertFailed(await ada.run('comment', '--resolve', version), 1, /There is no comment/);
    ada.write('prompts/other.prompt.md', 'x\n');
    await ada.ok('propose', 'prompts/other.prompt.md', '-m', 'other');
    const elsewhere = await ada.run('comment', 'prompts/other.prompt.md', '--resolve', said);
    assertFailed(elsewhere, 1, /is no comment on prompts\/other\.prompt\.md/);
  });

  it('tells when a resolution does not count for the policy, and lets somebody else settle it', async () => {
    const policy = '{"version":1,"environments":{"p":{}},"approvals":{"openComments":false}}';
    ada.write('.prompt-audit/policy.jsonc', policy);
    const first = id(await ravi.ok('comment', path, '-m', 'Which word?'));
    await ravi.run('approve', path, '--yes');
    const because =
      'resolved by a contributor to the version; the author of the comment or somebody else has to settle it';
    const done = await ada.ok('comment', '--resolve', first);
    assert.ok(done.includes(`is resolved, but that does not count: it was ${because}.`), done);
    const listed = await ada.ok('comments', path, '--open');
    assert.match(listed, /^v1, resolved, not settled\n/);
    assert.ok(listed.endsWith(`\n  It was ${because}.\n`), listed);
    assert.match(await ada.ok('show', path), /Comments +1 open/);
    const { rows, counts } = await ada.json<PlacedThread>('comments', path);
    assert.deepEqual(
      rows.map(({ resolved, settled, notSettledBecause }) => [
        resolved,
        settled,
        notSettledBecause,
      ]),
      [[true, false, 'contributor']],
    );
    assert.deepEqual([counts['open'], counts['notSettled']], [0, 1]);
    assert.match(await ravi.ok('comment', '--resolve', first), /is resolved\.\n$/);
    assert.equal(await ada.ok('comments', path, '--open'), 'No comments.\n');
    assert.doesNotMatch(await ada.ok('show', path), /Comments /);
  });

  it('prints what people wrote without letting it drive the terminal', async () => {
    const hostile = '\u001b[2J\u202etxet\u202c\r\n[x](command:y) \u0007';
    await ada.ok('comment', path, '--line', '1', '-m', `${hostile}${'long '.repeat(9000)}`);
    const listed = await ada.ok('comments', path);
    assert.match(listed, /\\u\{1b\}\[2J\\u\{202e\}txet/);
    assert.doesNotMatch(listed.replaceAll('\n', ''), /\p{Cc}|\p{Cf}/u);
    const log = await ada.ok('log');
    assert.ok(log.length < 4000, 'a long comment is cut in one line');
  });
});
