import assert from 'node:assert/strict';
import { run } from '../../src/cli/run.js';
import { commands } from '../../src/cli/commands.js';
import { version } from '../../package.json';
import { fakeEngine } from './support/fakeTrail.js';
import { fakeTerminal } from './support/fakeTerminal.js';

async function call(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  const terminal = fakeTerminal();
  const status = await run(argv, terminal, fakeEngine().engine);
  return { status, out: terminal.printed(), err: terminal.complained() };
}

describe('usage of the command line', () => {
  it('lists every command in the help', async () => {
    for (const argv of [['help'], ['--help'], ['-h']]) {
      const { status, out, err } = await call(...argv);
      assert.equal(status, 0);
      assert.equal(err, '');
      for (const command of commands) assert.match(out, new RegExp(`^  ${command.name} `, 'm'));
    }
  });

  it('gives one page of help for each command, with its options and an example', async () => {
    for (const command of commands) {
      const asked = await call('help', command.name);
      assert.equal(asked.status, 0);
      assert.match(asked.out, new RegExp(`Usage: prompt-audit ${command.name}`));
      for (const option of Object.keys(command.options))
        assert.match(asked.out, new RegExp(`--${option}`));
      assert.ok(command.examples.length > 0);
      assert.deepEqual(await call(command.name, '--help'), asked);
    }
  });

  it('keeps the help within 110 columns', async () => {
    for (const command of commands) {
      const { out } = await call('help', command.name);
      const long = out.split('\n').filter((line) => line.length > 110);
      assert.deepEqual(long, []);
    }
  });

  it('prints the version of the package', async () => {
    assert.deepEqual(await call('--version'), {
      status: 0,
      out: `prompt-audit ${version}\n`,
      err: '',
    });
  });

  const refused: [string, string[], RegExp, RegExp][] = [
    ['no command', [], /No command is given/, /help/],
    ['an unknown command', ['aprove', 'x'], /no command "aprove"/, /Did you mean "approve"\?/],
    ['a command like nothing', ['xyzzy'], /no command "xyzzy"/, /help/],
    ['an unknown option', ['log', '--jsno'], /log has no option --jsno/, /Did you mean --json\?/],
    ['an option without its value', ['propose', 'a', '-m'], /--message needs a value/, /Usage: /],
    ['a value for a flag', ['log', '--json=yes'], /--json takes no value/, /Usage: /],
    [
      'an option twice',
      ['propose', 'a', '-m', 'x', '-m', 'y'],
      /--message is given twice/,
      /Usage: /,
    ],
    ['a missing path', ['propose', '-m', 'x'], /propose needs PATH/, /Usage: /],
    ['too many paths', ['deploy', 'a', 'b'], /deploy does not take "b"/, /Usage: /],
    ['a missing note', ['propose', 'a'], /needs a change note/, /-m NOTE/],
    ['a missing environment', ['deploy', 'a'], /needs an environment/, /--env ENV/],
    ['a missing reason', ['rollback', 'a', '--env', 'x'], /needs a reason/, /-m REASON/],
    [
      'a time that is none',
      ['active', '--at', 'yesterday'],
      /"yesterday" is not a time/,
      /ISO 8601/,
    ],
    ['a count that is none', ['log', '-n', 'many'], /"many" is not a count/, /whole number/],
    ['an unknown preset', ['init', '--preset', 'x'], /no preset "x"/, /regulated/],
    [
      'a folder that is none',
      ['status', '--cwd', 'no/such/folder'],
      /is not a folder/,
      /repository/,
    ],
    ['raw JSON', ['show', 'a', '--raw', '--json'], /not both/, /--json/],
    ['an empty path', ['show', ''], /path is empty/, /Name a file/],
  ];
  for (const [name, argv, message, hint] of refused) {
    it(`ends with status 3, one line and a hint for ${name}`, async () => {
      const { status, out, err } = await call(...argv);
      assert.equal(status, 3);
      assert.equal(out, '');
      const lines = err.split('\n');
      assert.equal(lines.length, 3);
      assert.match(lines[0] ?? '', message);
      assert.match(lines[0] ?? '', /^prompt-audit: /);
      assert.match(lines[1] ?? '', hint);
    });
  }

  it('takes --cwd and --json before the command, too', async () => {
    const { status, out } = await call('--cwd', process.cwd(), '--json', 'status');
    assert.equal(status, 0);
    assert.equal((JSON.parse(out) as { query: { command: string } }).query.command, 'status');
  });
});
