import type { EventType } from '../../core/event.js';
import type { EventRow } from '../../core/rows.js';
import type { Trail } from '../../trail/api.js';
import { print } from '../answer.js';
import { unsyncedCaveats } from '../caveats.js';
import type { Command, Invocation } from '../command.js';
import { promptPath } from '../paths.js';
import { redactedTexts } from '../redactText.js';
import { table, type Cell } from '../table.js';
import { pathContext } from '../target.js';
import { localTime } from '../time.js';
import { usageError } from '../usageError.js';
import { quoted, shortDigest, shortName } from '../words.js';

/** Letters of a comment in one line. */
const mostOfComment = 120;

export const log: Command = {
  name: 'log',
  summary: 'The events, newest first.',
  usage: '[PATH] [--type TYPE] [--grep TEXT] [-n COUNT] [--json]',
  details: ['With --json the rows stand in the order of the ledger, oldest first.'],
  options: {
    type: {
      type: 'string',
      multiple: true,
      value: 'TYPE',
      help: 'Only events of this type, such as review.decided.',
    },
    grep: {
      type: 'string',
      value: 'TEXT',
      help: 'Only events with this text in path, person, note or summary.',
    },
    count: { type: 'string', short: 'n', value: 'COUNT', help: 'Only the newest COUNT events.' },
  },
  examples: [
    { line: 'log', does: 'everything' },
    {
      line: 'log prompts/triage.prompt.md --type review.decided',
      does: 'who decided on this prompt',
    },
  ],
  positionals: [0, 1],
  writes: false,
  async run(invocation) {
    const most = countOf(invocation.text('count'));
    const trail = await invocation.trail();
    const argument = invocation.positionals[0];
    const path =
      argument === undefined ? null : await promptPath(argument, pathContext(invocation, trail));
    const types = invocation.texts('type');
    const text = invocation.text('grep');
    const found = await trail.log({
      ...(path === null ? {} : { path }),
      // An unknown type may be one that a newer program wrote, so any name is looked for.
      ...(types.length === 0 ? {} : { types: types as readonly EventType[] }),
      ...(text === undefined ? {} : { text }),
    });
    // Throws for a path that the ledger does not know: a misspelt one must not read as "no events".
    if (found.length === 0 && path !== null) await trail.versions(path, 0);
    const rows = [...found].sort((a, b) => a.seq - b.seq).slice(-most);
    const unsynced = rows.filter((row) => !row.synced).length;
    await print(invocation, {
      query: { command: 'log', path, types, text: text ?? null, order: 'oldest first' },
      ledger: await trail.point(),
      rows,
      counts: { matching: found.length, unsynced },
      caveats: [
        ...unsyncedCaveats(unsynced, invocation.json ? '' : ' (marked *)'),
        ...(path === null ? [] : await otherCaveats(trail, path)),
      ],
      human: () => logText(rows, invocation),
    });
    return 0;
  },
};

/** What stood at the same path before, or on another branch, is not among the events of the prompt. */
async function otherCaveats(trail: Trail, path: string): Promise<readonly string[]> {
  const registered = await trail.log({ types: ['prompt.registered'], text: path });
  const here = registered.filter((row) => row.path === path);
  const [own] = await trail.log({ path, newest: 1 });
  const others = here.filter(({ prompt }) => prompt !== own?.prompt);
  if (own === undefined || others.length === 0) return [];
  const events = others.map(({ id }) => shortDigest(id)).join(', ');
  return [
    `More prompts had the path ${path}: these are the events of the one that is there now or was last, not of what was registered by event ${events}.`,
  ];
}

function countOf(given: string | undefined): number {
  if (given === undefined) return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  throw usageError(`-n "${given}" is not a count.`, 'Give a whole number from 1.');
}

function logText(rows: readonly EventRow[], { paint }: Invocation): string {
  if (rows.length === 0) return 'No events.\n';
  return table(rows.toReversed().map(logCells), {
    paint,
    head: ['#', 'EVENT', 'TIME', 'WHO', 'PROMPT', 'WHAT'],
  });
}

/** A comment may be long; `comments` and `show` have the whole. */
function inLine({ type, note }: EventRow): string | null {
  if (type !== 'review.commented' || note === null) return note;
  const letters = [...note.slice(0, 2 * mostOfComment)];
  const cut = letters.slice(0, mostOfComment).join('');
  return cut.length < note.length ? `${cut}…` : note;
}

function logCells(row: EventRow): Cell[] {
  return [
    row.synced ? String(row.seq) : `${row.seq}*`,
    { text: shortDigest(row.id), colour: 'yellow' },
    localTime(row.at),
    shortName(row.who.name),
    row.path ?? '-',
    [
      row.note === null ? row.summary : `${row.summary} ${quoted(inLine(row))}`,
      ...redactedTexts(row),
    ].join('; '),
  ];
}
