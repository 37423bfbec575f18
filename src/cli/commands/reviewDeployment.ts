import type { BreakGlassRow } from '../../core/deploymentRows.js';
import { PromptAuditError } from '../../core/errors.js';
import type { EventId } from '../../core/ids.js';
import { factText } from '../../core/reasons.js';
import type { Trail } from '../../trail/api.js';
import { print } from '../answer.js';
import type { Command, Invocation } from '../command.js';
import { confirmed, yesOption } from '../confirm.js';
import { eventNamed, isIdStart } from '../eventNamed.js';
import { isPath, promptPath } from '../paths.js';
import { printable } from '../printable.js';
import { pathContext } from '../target.js';
import { localTime } from '../time.js';
import { usageError } from '../usageError.js';
import { plural, quoted, shortDigest } from '../words.js';

export const reviewDeployment: Command = {
  name: 'review-deployment',
  summary: 'Say what you found of a break-glass deployment that somebody else made.',
  usage: 'EVENT|PATH [--env ENV] -m FINDINGS [--outcome accepted|objected] [--yes]',
  details: [
    "EVENT is the beginning of the deployment's event id; a PATH means the one of it that nobody accepted.",
    'Until a review counts it is shown, as overdue once the time is over that the policy gives. A review by who',
    'deployed it, by a program or by who lacks the role is refused (exit status 1), which is recorded.',
  ],
  options: {
    env: { type: 'string', value: 'ENV', help: 'The environment, where several wait.' },
    message: { type: 'string', short: 'm', value: 'FINDINGS', help: 'What you found. Needed.' },
    outcome: { type: 'string', value: 'OUTCOME', help: 'accepted (the default) or objected.' },
    yes: yesOption,
  },
  examples: [
    {
      line: 'review-deployment prompts/triage.prompt.md --env production -m "Right; approved since"',
      does: 'asks, then records it',
    },
  ],
  positionals: [1, 1],
  writes: true,
  async run(invocation) {
    const findings = invocation.text('message');
    if (findings === undefined)
      throw usageError('review-deployment needs findings.', 'Say what you found with -m FINDINGS.');
    const outcome = invocation.text('outcome') ?? 'accepted';
    if (outcome !== 'accepted' && outcome !== 'objected')
      throw usageError(`--outcome "${outcome}" is unknown.`, 'Use accepted or objected.');
    const trail = await invocation.trail();
    const { deployment, row: shown } = await meant(invocation, trail);
    const verb = outcome === 'accepted' ? 'Accept' : 'Object to';
    const name = shown === null ? shortDigest(deployment) : nameOf(shown);
    const question = `${verb} the break-glass deployment ${name}?`;
    const identity = await confirmed(invocation, () => Promise.resolve(question));
    const row = await trail.reviewDeployment({ deployment, findings, outcome, identity });
    await print(invocation, {
      query: { command: 'review-deployment', deployment, outcome, findings },
      ledger: await trail.point(),
      rows: [row],
      caveats: caveatsOf(row),
      human: () =>
        `${printable(`${outcome === 'accepted' ? 'Accepted' : 'Objected to'} the break-glass deployment of ${nameOf(row)}.`)}\n`,
    });
    return 0;
  },
};

/** `prompts/triage.prompt.md v3 to production by Max: "outage"`. */
function nameOf({ path, version, env, deployedBy, reason }: BreakGlassRow): string {
  return `${path} ${version} to ${env} by ${deployedBy.name}${reason === null ? '' : `: ${quoted(reason)}`}`;
}

/** What was recorded may still not count. */
function caveatsOf({ uncounted, review, state }: BreakGlassRow): readonly string[] {
  const reasons = new Set(uncounted.flatMap((one) => one.reasons));
  if (review !== null || reasons.size === 0) return [];
  return [`It is still ${state}: ${[...reasons].map(factText).join('; ')}.`];
}

async function meant(
  invocation: Invocation,
  trail: Trail,
): Promise<{ readonly deployment: EventId; readonly row: BreakGlassRow | null }> {
  const [argument = ''] = invocation.positionals;
  const env = invocation.text('env');
  const context = pathContext(invocation, trail);
  if (isIdStart(argument) && !(await isPath(argument, context))) {
    const event = await eventNamed(argument, trail);
    if (event === null)
      throw new PromptAuditError({
        code: 'event.unknown',
        message: `No event begins with ${argument}.`,
        remedy: 'See what was deployed with: prompt-audit log',
      });
    const all = await trail.breakGlassReviews();
    const row = all.find(({ deployment }) => deployment === event.row.id) ?? null;
    return { deployment: event.row.id, row };
  }
  const path = await promptPath(argument, context);
  const query = { path, waiting: true, ...(env === undefined ? {} : { env }) };
  const rows = await trail.breakGlassReviews(query);
  const [row] = rows;
  if (row !== undefined && rows.length === 1) return { deployment: row.deployment, row };
  const where = env === undefined ? '' : ` to ${env}`;
  throw new PromptAuditError({
    code: row === undefined ? 'event.unknown' : 'version.ambiguous',
    message:
      row === undefined
        ? `No break-glass deployment of ${path}${where} waits for a review.`
        : `${plural(rows.length, 'break-glass deployment')} of ${path}${where} wait for a review.`,
    remedy:
      row === undefined
        ? 'See all of them with: prompt-audit exceptions break-glass'
        : `Name one by its event: ${rows.map((one) => `${shortDigest(one.deployment)} (${one.env}, ${localTime(one.at)})`).join(', ')}`,
  });
}
