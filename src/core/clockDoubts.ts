import { deploymentSpans, type ActiveQuery, type DeploymentSpan } from './activeRows.js';
import type { EventId } from './ids.js';
import { shortHash, versionLabel } from './labels.js';
import { clockTolerance } from './orderCheck.js';
import type { LedgerState } from './state.js';

/** Where claimed times are held against the chain. */
interface Clocks {
  readonly state: LedgerState;
  readonly syncedSize: number;
  /** ISO 8601. */
  readonly now: string;
}

/** Events of one clone before a deployment that are looked at: its clock may have been wrong for a while. */
const mostOwn = 50;

/**
 * What the order of events says against the times by which deployments were, or were not, active at a time; one English
 * sentence each. `query.at`: ISO 8601. Beyond the tolerance of `clock.backwards` only.
 */
export function clockDoubts(
  clocks: Clocks,
  query: ActiveQuery & { readonly at: string },
): readonly string[] {
  const { prompt, env, at } = query;
  const prompts = prompt === null ? [...clocks.state.prompts.values()] : [prompt];
  return prompts.flatMap((one) => {
    const found: string[] = [];
    const aheadIn = new Set<string>();
    for (const span of deploymentSpans(one)) {
      if (env !== null && span.env !== env) continue;
      const { from, to } = span;
      if (from <= at && (to === null || to > at)) found.push(...behind(clocks, span));
      // Times of later ones that are right say nothing about then.
      if (from > at && !aheadIn.has(span.env)) {
        aheadIn.add(span.env);
        found.push(...ahead(clocks, span, at));
      }
      if (to === null) continue;
      const turned = from > at && to <= at ? turnedRound(clocks, span) : [];
      found.push(...turned, ...endBehind(clocks, span, at));
    }
    return found;
  });
}

/** The same of the times of these deployments. */
export function deploymentDoubts(clocks: Clocks, ids: readonly EventId[]): readonly string[] {
  const wanted = new Set(ids);
  const prompts = new Set(ids.flatMap((id) => clocks.state.deployments.get(id) ?? []));
  return [...prompts].flatMap((prompt) =>
    deploymentSpans(prompt)
      .filter(({ deployment }) => wanted.has(deployment.id))
      .flatMap((span) => [
        ...behind(clocks, span),
        ...notCome(clocks, span),
        ...turnedRound(clocks, span),
      ]),
  );
}

function behind(clocks: Clocks, span: DeploymentSpan): string[] {
  const seen = laterSeen(clocks.state, span.deployment.seq, span.from, clocks.now);
  return seen === null
    ? []
    : [
        `${nameOf(clocks, span)}: its deployer's clock said ${span.from}, ${apart(span.from, seen.at)} behind event ${seen.event}, which they had seen. By the chain it was not active before that event, which claims ${seen.at}.`,
      ];
}

function endBehind(clocks: Clocks, span: DeploymentSpan, at: string): string[] {
  const { endedBy, to } = span;
  // What another deployment replaced is told with that one.
  if (endedBy === null || 'succeeded' in endedBy || to === null || to > at) return [];
  const seen = laterSeen(clocks.state, endedBy.seq, to, clocks.now);
  return seen === null || seen.at <= at
    ? []
    : [
        `${nameOf(clocks, span)}: the clock of whoever undeployed it said ${to}, ${apart(to, seen.at)} behind event ${seen.event}, which they had seen. By the chain it was still active at that event, which claims ${seen.at}.`,
      ];
}

function ahead(clocks: Clocks, span: DeploymentSpan, at: string): string[] {
  const coming = notCome(clocks, span);
  if (coming.length > 0) return coming;
  const { state } = clocks;
  const earlier = state
    .childrenOf(span.deployment.seq)
    .map((id) => ({ id, at: state.timeAt(state.seqOf(id)!) }))
    .find((child) => child.at <= at && isFarther(child.at, span.from));
  return earlier === undefined
    ? []
    : [
        `${nameOf(clocks, span)}: its deployer's clock said ${span.from}, but event ${shortHash(earlier.id)}, whose writer had seen it, claims ${earlier.at}. By the chain it was active before that event.`,
      ];
}

function notCome(clocks: Clocks, span: DeploymentSpan): string[] {
  return isFarther(clocks.now, span.from)
    ? [
        `${nameOf(clocks, span)}: its deployer's clock said ${span.from}, which has not come yet. By the chain it is active since its deployment was recorded.`,
      ]
    : [];
}

function turnedRound(clocks: Clocks, span: DeploymentSpan): string[] {
  const { from, to } = span;
  return to !== null && isFarther(to, from)
    ? [
        `${nameOf(clocks, span)}: by the clocks it ended (${to}) before it began (${from}). By the chain it was active in between; which clock was wrong, nobody can tell.`,
      ]
    : [];
}

/**
 * The latest claim among the events that one builds on, where it is later than its own. A time that has not come yet
 * disproves nothing. Through events of the same clone, whose clock was as wrong, it looks farther back.
 */
function laterSeen(
  state: LedgerState,
  seq: number,
  at: string,
  now: string,
): { readonly event: string; readonly at: string } | null {
  const { writer } = state.event(seq).header;
  let latest: { seq: number; at: string } | null = null;
  const open = [seq];
  const known = new Set(open);
  for (let looked = 0; open.length > 0 && looked < mostOwn; looked++)
    for (const parent of state.parentsOf(open.shift()!)) {
      if (parent === 0 || known.has(parent)) continue;
      known.add(parent);
      const claims = state.timeAt(parent);
      if (isFarther(at, claims) && !isFarther(now, claims)) {
        if (latest === null || claims > latest.at) latest = { seq: parent, at: claims };
      } else if (state.event(parent).header.writer === writer) open.push(parent);
    }
  return latest === null ? null : { event: shortHash(state.idAt(latest.seq)), at: latest.at };
}

/** Whether one claimed time is so much earlier than another that honest clocks do not explain it. */
const isFarther = (earlier: string, later: string): boolean =>
  earlier < later && Date.parse(later) - Date.parse(earlier) > clockTolerance;

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

function apart(earlier: string, later: string): string {
  const size = Date.parse(later) - Date.parse(earlier);
  const [unit, length] = units.find(([, of]) => size >= of) ?? units[2];
  const count = Math.round(size / length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function nameOf(
  { state, syncedSize }: Clocks,
  { deployment: { event }, env }: DeploymentSpan,
): string {
  const version = state.versions.get(event.header.refs.version);
  const label = version === undefined ? '' : ` ${versionLabel(version, syncedSize)}`;
  return `${version?.prompt.path ?? '(redacted path)'}${label} in ${env}`;
}
