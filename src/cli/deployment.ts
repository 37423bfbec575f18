import type { IdentityAssertion } from '../core/event.js';
import type { ActiveRow } from '../core/rows.js';
import type { Trail } from '../trail/api.js';
import type { Invocation } from './command.js';
import { printable } from './printable.js';
import { localTime } from './time.js';
import { shortDigest } from './words.js';

/** CI may deploy, so nobody is asked; the record says whether a person sat there. */
export function personPresent(invocation: Invocation): IdentityAssertion {
  return invocation.terminal.canAsk ? 'git' : 'unattended';
}

const orderTexts: Readonly<Record<ActiveRow['order'], string>> = {
  proven: '',
  after: ' Not enough approvals that count came before it.',
  unknown: ' Nobody can tell whether its approvals came before it.',
};

/** `--release` and `--pipeline`. */
export function linksOf(invocation: Invocation): { release?: string; pipeline?: string } {
  const [release, pipeline] = [invocation.text('release'), invocation.text('pipeline')];
  return {
    ...(release === undefined ? {} : { release }),
    ...(pipeline === undefined ? {} : { pipeline }),
  };
}

/** `Deployed prompts/triage.prompt.md v3 (3f9c21d) to production, active since …`. */
export function deploymentText(verb: 'Deployed' | 'Rolled back to', row: ActiveRow): string {
  const version = `${row.path} ${row.version} (${shortDigest(row.digest)})`;
  if (row.outcome === 'failed')
    return `${printable(`Recorded that ${version} could not be deployed to ${row.env}. What is active there stays.`)}\n`;
  const where = verb === 'Deployed' ? `to ${row.env}` : `in ${row.env}`;
  const left = row.leaves === undefined ? '' : `, which leaves ${row.leaves.version}`;
  const promoted =
    row.promotedFrom === undefined
      ? ''
      : `, promoted (deployment ${shortDigest(row.promotedFrom)})`;
  const what = `${verb} ${version} ${where}${left}${promoted}`;
  const order = orderTexts[row.order];
  return `${printable(`${what}, active since ${localTime(row.from)}.${order}`)}\n`;
}

/** That the text of what was deployed is not here any more for anybody. */
export function redactedCaveats({ path, version, redactions = [] }: ActiveRow): readonly string[] {
  return redactions
    .filter(({ part }) => part === 'content')
    .map(
      (one) =>
        `The text of ${path} ${version} was redacted by event ${shortDigest(one.event)}: the trail cannot show any more what was deployed.`,
    );
}

/** What has to follow a break-glass deployment; of any other only that break-glass was `asked` for in vain. */
export async function breakGlassCaveats(
  trail: Trail,
  row: ActiveRow,
  asked: boolean,
): Promise<readonly string[]> {
  if (!row.breakGlass)
    return asked
      ? ['Break-glass was not needed: it was by the rules, and nobody has to review it.']
      : [];
  const rows = await trail.breakGlassReviews({ path: row.path, env: row.env });
  const own = rows.find(({ deployment }) => deployment === row.deployment);
  const due = own?.due ?? null;
  const when = due === null ? '' : ` by ${localTime(due)}`;
  const who =
    (own?.reviewers.length ?? 0) === 0 ? '' : ` with the role ${own!.reviewers.join(' or ')}`;
  return [
    `It was by break-glass, against the rules. Somebody else${who} has to review it${when}: prompt-audit review-deployment ${shortDigest(row.deployment)} -m FINDINGS`,
  ];
}
