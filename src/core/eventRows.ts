import { movedSummary, observedSummary, removedSummary } from './commitWords.js';
import type { EventOf, LedgerEvent } from './event.js';
import type { Digest, EventId } from './ids.js';
import { shortHash, versionLabel } from './labels.js';
import { redactedWhat } from './redactedWhat.js';
import { withRedactions } from './redactionRefs.js';
import type { EventRow } from './rows.js';
import type { DeploymentRecord, LedgerState, VersionRecord } from './state.js';

/** What `log` and the timeline show of the event at `seq`, which whoever has read it gives. */
export function eventRow(
  state: LedgerState,
  syncedSize: number,
  seq: number,
  event: LedgerEvent = state.event(seq),
): EventRow {
  const { header, body } = event;
  const refs = event.known ? (event.header.refs as Readonly<Record<string, unknown>>) : {};
  const prompt = header.prompt === undefined ? undefined : state.prompt(header.prompt);
  const version = versionOfEvent(state, event);
  const label = version === undefined ? null : versionLabel(version, syncedSize);
  const digest = refs['digest'] ?? version?.event.header.refs.digest ?? null;
  return {
    seq,
    id: event.id,
    type: event.type,
    at: header.at,
    utcOffset: body?.utcOffset ?? null,
    who: state.persons.ref(header.who, upTo(seq)),
    prompt: prompt?.id ?? header.prompt ?? null,
    path: pathOf(event) ?? prompt?.path ?? null,
    version: label,
    digest: digest as EventRow['digest'],
    env: typeof refs['env'] === 'string' ? refs['env'] : environmentOf(state, event),
    refs,
    parents: header.parents,
    note: noteOf(event),
    summary: summaryOf(state, event, label, syncedSize),
    synced: seq <= syncedSize,
    ...withRedactions(state, [event.id, recordedText(event)]),
  };
}

/** Names as they were: a new name does not rewrite who did what before. */
export function upTo(seq: number): (other: number) => boolean {
  return (other) => other <= seq;
}

/** The version that an event is about, if it is about one. */
export function versionOfEvent(state: LedgerState, event: LedgerEvent): VersionRecord | undefined {
  if (!event.known) return undefined;
  switch (event.type) {
    case 'version.proposed':
      return state.versions.get(event.id);
    case 'review.decided':
    case 'review.commented':
    case 'review.requested':
    case 'version.withdrawn':
    case 'deployment.recorded':
    case 'attempt.denied':
      return state.versions.get(event.header.refs.version);
    case 'deployment.ended':
    case 'deployment.reviewed':
      return versionDeployed(state, event.header.refs.deployment);
    case 'review.revoked':
      return state.decisions.get(event.header.refs.decision);
    case 'review.resolved':
      return versionOfThread(state, event.header.refs.thread);
    default:
      return undefined;
  }
}

/** Of an event about a deployment: where that was. */
function environmentOf(state: LedgerState, event: LedgerEvent): string | null {
  if (!event.known) return null;
  if (event.type !== 'deployment.ended' && event.type !== 'deployment.reviewed') return null;
  return deploymentOf(state, event.header.refs.deployment)?.env ?? null;
}

function versionDeployed(state: LedgerState, id: EventId): VersionRecord | undefined {
  const deployment = deploymentOf(state, id);
  return deployment && state.versions.get(deployment.event.header.refs.version);
}

const deploymentOf = (state: LedgerState, id: EventId): DeploymentRecord | undefined =>
  state.deployments.get(id)?.deployments.find((one) => one.id === id);

function versionOfThread(state: LedgerState, thread: EventId): VersionRecord | undefined {
  const seq = state.seqOf(thread);
  const first = seq === undefined ? undefined : state.event(seq);
  if (!first?.known || first.type !== 'review.commented') return undefined;
  return state.versions.get(first.header.refs.version);
}

/** The text that an event brought in; decisions and deployments only repeat its digest. */
function recordedText(event: LedgerEvent): Digest | null {
  if (!event.known) return null;
  switch (event.type) {
    case 'revision.saved':
    case 'revision.observed':
    case 'version.proposed':
      return event.header.refs.digest;
    default:
      return null;
  }
}

function pathOf(event: LedgerEvent): string | undefined {
  const body = event.body as {
    readonly path?: string;
    readonly to?: string;
  } | null;
  return body?.path ?? body?.to;
}

function noteOf(event: LedgerEvent): string | null {
  const body = event.body as { readonly [key: string]: unknown } | null;
  for (const key of ['note', 'reason', 'text', 'disposition', 'scope', 'findings']) {
    const value = body?.[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

function summaryOf(
  state: LedgerState,
  event: LedgerEvent,
  label: string | null,
  syncedSize: number,
): string {
  if (!event.known) return `recorded an event of the unknown type ${event.type}`;
  const version = label ?? 'a version';
  switch (event.type) {
    case 'ledger.created':
      return 'created the ledger';
    case 'person.declared':
      return event.header.refs.person === event.header.who
        ? 'declared their identity'
        : `declared ${state.persons.ref(event.header.refs.person).name}`;
    case 'person.joined':
      return 'joined two ids of one person';
    case 'policy.adopted':
      return `adopted the policy ${shortHash(event.header.refs.policy)}`;
    case 'prompt.registered':
      return 'registered the prompt';
    case 'prompt.moved':
      return movedSummary(state, event);
    case 'prompt.removed':
      return removedSummary(state, event);
    case 'prompt.retired':
      return 'retired the prompt';
    case 'revision.saved':
      return 'saved a revision';
    case 'revision.observed':
      return observedSummary(state, event);
    case 'version.proposed':
      return `proposed ${version}`;
    case 'version.withdrawn':
      return `withdrew ${version}`;
    case 'review.decided':
      return `${decisionVerbs[event.header.refs.decision]} ${version}`;
    case 'review.revoked':
      return `revoked a decision on ${version}`;
    case 'review.commented':
      return commentedSummary(event, version);
    case 'review.requested':
      return `asked for reviews of ${version}`;
    case 'review.resolved':
      return `${event.header.refs.resolved ? 'resolved' : 'opened again'} a comment on ${version}`;
    case 'deployment.recorded': {
      const { env, rollbackOf, outcome, breakGlass, commit } = event.header.refs;
      if (commit !== undefined) return `imported that ${version} was deployed to ${env}`;
      if (outcome === 'failed') return `failed to deploy ${version} to ${env}`;
      const verb = rollbackOf === null ? `deployed ${version} to` : `rolled back to ${version} in`;
      return `${verb} ${env}${breakGlass ? ' by break-glass' : ''}`;
    }
    case 'deployment.ended':
      return `ended the deployment of ${version}${inEnvironment(state, event)}`;
    case 'deployment.reviewed': {
      const verb = event.header.refs.outcome === 'accepted' ? 'accepted' : 'objected to';
      return `${verb} the break-glass deployment of ${version}${inEnvironment(state, event)}`;
    }
    case 'attempt.denied': {
      const { attempted, env, decision } = event.header.refs;
      if (attempted === 'deployment.recorded') {
        return `tried to deploy ${version} to ${env ?? 'an environment'} and was refused`;
      }
      const where = env ?? 'an environment';
      if (attempted === 'deployment.ended')
        return `tried to end the deployment of ${version} in ${where} and was refused`;
      if (attempted === 'deployment.reviewed')
        return `tried to review the deployment of ${version} to ${where} and was refused`;
      return `tried to ${attemptVerbs[decision ?? 'approved']} ${version} and was refused`;
    }
    case 'signature.attached':
      return 'attached a signature';
    case 'recorder.paused':
      return 'paused the recorder';
    case 'recorder.resumed':
      return 'resumed the recorder';
    case 'redacted':
      return `redacted ${redactedWhat(state, event.header.refs.target, syncedSize)}`;
    case 'history.purged':
      return 'replaced the history of the ledger branch';
    case 'trail.reviewed':
      return 'reviewed the trail';
    case 'trail.exported':
      return 'exported the trail';
    case 'history.imported':
      return event.body?.mode === 'start' ? 'noted where the trail starts' : 'imported history';
  }
}

function commentedSummary({ header, body }: EventOf<'review.commented'>, version: string): string {
  const { thread = null } = header.refs;
  if (thread !== null) return `answered a comment on ${version}`;
  const { line = null, endLine = null } = body ?? {};
  if (line === null) return `commented on ${version}`;
  return endLine === null || endLine === line
    ? `commented on line ${line} of ${version}`
    : `commented on lines ${line} to ${endLine} of ${version}`;
}

function inEnvironment(
  state: LedgerState,
  { header }: EventOf<'deployment.ended'> | EventOf<'deployment.reviewed'>,
): string {
  const env = deploymentOf(state, header.refs.deployment)?.env;
  return env === undefined ? '' : ` in ${env}`;
}

const attemptVerbs = {
  approved: 'approve',
  'changes-requested': 'request changes to',
  rejected: 'reject',
} as const;

const decisionVerbs = {
  approved: 'approved',
  'changes-requested': 'requested changes to',
  rejected: 'rejected',
} as const;
