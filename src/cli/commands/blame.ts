import { print } from '../answer.js';
import { blamedText } from '../blamedText.js';
import { clockCaveat } from '../caveats.js';
import type { Command } from '../command.js';
import { assertKnownEnvironment } from '../knownEnvironment.js';
import { pathContext, targetOf } from '../target.js';
import { plural } from '../words.js';
import type { Blamed } from '../../trail/blameApi.js';
import { usageError } from '../usageError.js';

export const blame: Command = {
  name: 'blame',
  summary:
    'Which version brought in each line, who wrote and approved it, and since when it was active.',
  usage: 'PATH[@vN] [--grep TEXT] [--env ENV] [--json]',
  details: [
    'With --grep: only lines in which TEXT stands, in whatever case, also over the ends of lines, and with which',
    'versions these words came and went. The exit status is 1 where no version up to the named one had them.',
  ],
  options: {
    grep: { type: 'string', value: 'TEXT', help: 'Only lines in which this stands.' },
    env: {
      type: 'string',
      value: 'ENV',
      help: 'Tell since when each line was active in this environment.',
    },
  },
  examples: [
    { line: 'blame prompts/triage.prompt.md', does: 'every line of the newest version' },
    {
      line: 'blame prompts/triage.prompt.md --grep "refund limit" --env production',
      does: 'when these words came, by whom, and since when they were live',
    },
  ],
  positionals: [1, 1],
  writes: false,
  async run(invocation) {
    const [grep, env] = [invocation.text('grep'), invocation.text('env')];
    if (grep?.trim() === '')
      throw usageError('--grep needs a text.', 'Give the words to look for.');
    const trail = await invocation.trail();
    const context = pathContext(invocation, trail);
    const target = await targetOf(invocation.positionals[0] ?? '', context, trail);
    if (env !== undefined) await assertKnownEnvironment(trail, env);
    const blamed = await trail.blame({
      target: target.name,
      ...(grep === undefined ? {} : { grep }),
      ...(env === undefined ? {} : { env }),
    });
    await print(invocation, {
      query: {
        ...{ command: 'blame', path: target.path, version: blamed.version.label },
        ...{ grep: grep ?? null, env: env ?? null },
      },
      ledger: await trail.point(),
      rows: rowsOf(blamed),
      counts: { versions: blamed.versions.length, unread: blamed.unread.length },
      caveats: caveatsOf(blamed, env !== undefined),
      human: () => blamedText(blamed, { grep, env, paint: invocation.paint }),
      more: { turns: turnsOf(blamed) },
    });
    return grep === undefined || blamed.turns.length > 0 ? 0 : 1;
  },
};

type Row = Readonly<Record<string, unknown>>;

/** One row a line, with all that is known of the version that brought it in. */
function rowsOf({ lines, versions }: Blamed): readonly Row[] {
  return lines.map(({ line, text, version }) => ({
    ...{ line, text },
    ...originOf(versions.find((one) => one.version.id === version)),
  }));
}

function turnsOf({ turns, versions }: Blamed): readonly Row[] {
  return turns.map(({ version, what }) => ({
    what,
    ...originOf(versions.find((one) => one.version.id === version)),
  }));
}

function originOf(one: Blamed['versions'][number] | undefined): Row {
  if (one === undefined) return {};
  const { version, authors, approvedBy, firstActive, activeUntil, orBefore } = one;
  const { label, id, digest, at, proposedBy, note } = version;
  return {
    ...{ version: label, event: id, digest, at, proposedBy, note, authors, approvedBy },
    ...{ firstActive, activeUntil, orBefore },
  };
}

function caveatsOf({ unread, older, versions }: Blamed, withTimes: boolean): string[] {
  const doubtful = versions.filter(({ orBefore }) => orBefore.length > 0);
  return [
    ...unread.map(({ label, why }) => `${label} could not be looked at: ${why}`),
    ...doubtful.map(
      ({ version, orBefore }) =>
        `What is said to come with ${version.label} may have come with ${plural(orBefore.length, 'version')} just before it.`,
    ),
    ...(older === 0
      ? []
      : [
          `${plural(older, 'older version')} were not looked at: what comes from them counts as the oldest's.`,
        ]),
    ...(withTimes ? [clockCaveat] : []),
  ];
}
