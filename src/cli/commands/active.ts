import type { ActiveRow } from '../../core/rows.js';
import { laterCaveats, outsideCaveats } from '../../core/standingCaveats.js';
import type { Trail } from '../../trail/api.js';
import { print } from '../answer.js';
import {
  arePushed,
  clockCaveat,
  countUnsynced,
  futureCaveat,
  trustCaveat,
  unsyncedCaveats,
} from '../caveats.js';
import type { Command, Invocation } from '../command.js';
import { deployedHead, deployedRow } from '../deployedRow.js';
import { assertKnownEnvironment } from '../knownEnvironment.js';
import { promptPath } from '../paths.js';
import { printable } from '../printable.js';
import { table } from '../table.js';
import { asKnownAtOf, questionOptions } from '../question.js';
import { pathContext } from '../target.js';
import { localTime, parseTime } from '../time.js';
import { shortDigest } from '../words.js';

export const active: Command = {
  name: 'active',
  summary: 'Which version is or was active in an environment, and who stands behind it.',
  usage: '[PATH] [--env ENV] [--at TIME] [--as-known-at TIME|SIZE] [--json]',
  details: [
    'TIME is ISO 8601; without an offset it is local, a date alone means the start of that day.',
    'ORDER says whether the chain proves that every needed approval came before the deployment (proven), shows',
    'that not enough that count did, because they came after, did not count or never came (after), or leaves it',
    'open because neither had seen the other (unknown),',
    'SIGNED whether the approvals and the deployment carry signatures of those people that count.',
  ],
  options: {
    env: { type: 'string', value: 'ENV', help: 'Only this environment.' },
    at: {
      type: 'string',
      value: 'TIME',
      help: 'What was active then; without it, what is active now.',
    },
    'as-known-at': questionOptions['as-known-at'],
  },
  examples: [
    { line: 'active', does: 'everything that is active' },
    {
      line: 'active prompts/triage.prompt.md --env production --at 2026-03-03T14:00:00Z',
      does: 'what was live then',
    },
  ],
  positionals: [0, 1],
  writes: false,
  async run(invocation) {
    const given = invocation.text('at');
    const at = given === undefined ? null : parseTime(given, '--at');
    const env = invocation.text('env') ?? null;
    const trail = await invocation.trail();
    const argument = invocation.positionals[0];
    const path =
      argument === undefined ? null : await promptPath(argument, pathContext(invocation, trail));
    const asKnownAt = asKnownAtOf(invocation);
    const all = await trail.active(path, env, at, asKnownAt);
    if (all.length === 0 && env !== null) await assertKnownEnvironment(trail, env);
    const rows = at !== null ? all : all.filter((row) => row.to === null);
    const ledger = await trail.point(asKnownAt);
    const known = asKnownAt === undefined ? {} : { asKnownAt };
    const doubts = await trail.clockDoubts({ path, env, at, ...known });
    await print(invocation, {
      query: { command: 'active', path, env, at, asKnownAt: asKnownAt ?? null },
      ledger,
      rows,
      caveats: [
        ...(asKnownAt === undefined
          ? []
          : [`As the ledger was known then: its ${ledger.size} events of that time only.`]),
        ...(await caveatsOf(rows, trail, at, doubts, invocation)),
        ...(rows.length > 0 || path === null || at !== null || asKnownAt !== undefined
          ? []
          : await endCaveats(trail, path, env)),
      ],
      human: () => activeText(rows, invocation, at),
    });
    return 0;
  },
};

async function caveatsOf(
  rows: readonly ActiveRow[],
  trail: Trail,
  at: string | null,
  doubts: readonly string[],
  { terminal }: Invocation,
): Promise<string[]> {
  const future = at !== null && Date.parse(at) > terminal.now().getTime();
  const clocks = [
    ...(future ? [futureCaveat] : []),
    ...(at === null ? [] : [clockCaveat]),
    ...doubts,
  ];
  if (rows.length === 0) return clocks;
  const deployments = rows.map((row) => row.deployment);
  const unsynced = await countUnsynced(trail, deployments);
  return [
    ...clocks,
    ...rows.flatMap(rowCaveats),
    // Verdicts are about what was known then; who relies on the version now should know more.
    ...rows.flatMap(laterCaveats),
    ...rows.flatMap(outsideCaveats),
    ...rows.flatMap(besideCaveats),
    trustCaveat(await arePushed(trail, deployments), {
      signed: rows.filter((row) => row.signed).length,
      of: rows.length,
    }),
    ...unsyncedCaveats(unsynced),
  ];
}

/** What a reader of one row must know before relying on it. */
function rowCaveats(row: ActiveRow): string[] {
  const name = `${row.path} ${row.version} in ${row.env}`;
  if (row.breakGlass) return [`${name} was deployed by break-glass, against the rules.`];
  if (row.imported !== undefined)
    return [
      `${name} was imported from a tag, at the time that git claims: no policy of this ledger was asked.`,
    ];
  if (row.order === 'after')
    return [`${name}: not enough approvals that count came before the deployment.`];
  if (row.redactedBy !== undefined)
    return [
      `${name}: whether all approvals came before the deployment cannot be told any more: redacted by event ${row.redactedBy.map(shortDigest).join(', ')}.`,
    ];
  if (row.order === 'unknown')
    return [`${name}: nobody can tell whether all approvals came before the deployment.`];
  return row.policySource === 'working-tree'
    ? [`${name} was judged by a policy of a working tree: no protected branch had one.`]
    : [];
}

/** What was tried, or done in another clone at once, while a row held. */
function besideCaveats(row: ActiveRow): string[] {
  const name = `${row.path} ${row.version} in ${row.env}`;
  const { failed = [], unseen = [], ended } = row;
  return [
    ...failed.map(({ version, at, deployment }) => {
      const event = shortDigest(deployment);
      return `${name}: a deployment of ${version} failed there at ${localTime(at)} (event ${event}).`;
    }),
    ...unseen.map(
      (id) =>
        `${name} and deployment ${shortDigest(id)} had not seen each other; the agreed order decides which came last.`,
    ),
    ...(ended === undefined ? [] : [`${name} ${endText(row)}.`]),
  ];
}

/** Why nothing is active that was: the newest end in each environment. */
async function endCaveats(trail: Trail, path: string, env: string | null): Promise<string[]> {
  const ends = await trail.log({ path, types: ['deployment.ended'] });
  const newest = new Map(ends.map((row) => [row.env, row]));
  return [...newest.values()]
    .filter((row) => env === null || row.env === env)
    .map(({ at, who, note, env: where }) => {
      const why = note === null ? '' : `: ${note}`;
      return `It was undeployed in ${where} at ${localTime(at)} by ${who.name}${why}.`;
    });
}

function endText({ ended, to }: ActiveRow): string {
  const why = ended!.reason === null ? '' : `: ${ended!.reason}`;
  return `was undeployed at ${localTime(to!)} by ${ended!.by.name}${why}`;
}

function activeText(rows: readonly ActiveRow[], invocation: Invocation, at: string | null): string {
  if (rows.length > 0) {
    return table(rows.map(deployedRow), { paint: invocation.paint, head: deployedHead });
  }
  const when = at === null ? 'is active' : `was active at ${localTime(at)}`;
  const env = invocation.text('env');
  const where = env === undefined ? '' : ` in ${env}`;
  const what = invocation.positionals[0];
  return (
    printable(
      what === undefined ? `Nothing ${when}${where}.` : `Nothing of ${what} ${when}${where}.`,
    ) + '\n'
  );
}
