import { PromptAuditError } from '../../core/errors.js';
import type { LaterNote } from '../../core/approvalOrder.js';
import type { ActiveRow } from '../../core/rows.js';
import type { Trail } from '../../trail/api.js';
import { print } from '../answer.js';
import { arePushed, clockCaveat, countUnsynced, trustCaveat, unsyncedCaveats } from '../caveats.js';
import type { Command, Invocation } from '../command.js';
import { deployedHead, deployedRow } from '../deployedRow.js';
import { promptPath } from '../paths.js';
import { printable } from '../printable.js';
import { table } from '../table.js';
import { pathContext } from '../target.js';
import { localTime, parseTime } from '../time.js';
import { shortDigest } from '../words.js';

export const active: Command = {
  name: 'active',
  summary: 'Which version is or was active in an environment, and who stands behind it.',
  usage: '[PATH] [--env ENV] [--at TIME] [--json]',
  details: [
    'TIME is ISO 8601; without an offset it is local, a date alone means the start of that day.',
    'ORDER says whether the chain proves that every approval came before the deployment (proven), shows that',
    'it did not (after), or leaves it open because neither had seen the other (unknown),',
    'SIGNED whether the approvals and the deployment carry signatures of those people that count.',
  ],
  options: {
    env: { type: 'string', value: 'ENV', help: 'Only this environment.' },
    at: {
      type: 'string',
      value: 'TIME',
      help: 'What was active then; without it, what is active now.',
    },
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
    const all = await (at === null ? trail.active(path, env) : trail.active(path, env, at));
    if (all.length === 0 && env !== null) await refuseUnknownEnvironment(trail, env);
    const rows = at !== null ? all : all.filter((row) => row.to === null);
    await print(invocation, {
      query: { command: 'active', path, env, at },
      ledger: await trail.point(),
      rows,
      caveats: await caveatsOf(rows, trail, at, invocation),
      human: () => activeText(rows, invocation, at),
    });
    return 0;
  },
};

/** A misspelt name must not read as "nothing is active there". */
async function refuseUnknownEnvironment(trail: Trail, env: string): Promise<void> {
  if ((await trail.active(null, env)).length > 0) return;
  const { environments } = await trail.policy();
  if (environments.some((one) => one.name === env)) return;
  throw new PromptAuditError({
    code: 'environment.unknown',
    message: `There is no environment "${env}", and nothing was ever deployed to it.`,
    remedy: `The policy names ${environments.map((one) => one.name).join(', ') || 'none'}.`,
  });
}

async function caveatsOf(
  rows: readonly ActiveRow[],
  trail: Trail,
  at: string | null,
  { terminal }: Invocation,
): Promise<string[]> {
  if (rows.length === 0) return [];
  const deployments = rows.map((row) => row.deployment);
  const unsynced = await countUnsynced(trail, deployments);
  const future = at !== null && Date.parse(at) > terminal.now().getTime();
  return [
    ...(future ? ['That time has not come: the answer holds for what is recorded now.'] : []),
    ...(at === null ? [] : [clockCaveat]),
    ...rows.flatMap(rowCaveats),
    ...rows.flatMap(laterCaveats),
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
    return [`${name}: not all approvals that the policy asked for came before the deployment.`];
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

const laterTexts: Readonly<Record<LaterNote['what'], string>> = {
  revoked: 'an approval was revoked',
  rejected: 'somebody rejected it',
  'changes-requested': 'somebody asked for changes',
  withdrawn: 'it was withdrawn',
};

/** Verdicts are about what was known then; who relies on the version now should know more. */
function laterCaveats(row: ActiveRow): string[] {
  return (row.later ?? []).map(({ what, order, event }) => {
    const when = order === 'after' ? 'later' : 'without having seen the deployment';
    const name = `${row.path} ${row.version} in ${row.env}`;
    return `${name}: ${laterTexts[what]} ${when} (event ${shortDigest(event)}).`;
  });
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
