import type { DeploymentSpan } from './activeRows.js';
import { upTo } from './eventRows.js';
import type { EventId } from './ids.js';
import { versionLabel } from './labels.js';
import type { DeploymentDetails, FailedDeployment } from './deploymentRows.js';
import type { DeploymentRecord, LedgerState, PromptRecord } from './state.js';

/** What a deployment's row says besides, where there is something to say. */
export function deploymentDetails(
  state: LedgerState,
  syncedSize: number,
  span: DeploymentSpan,
): DeploymentDetails {
  const { deployment, endedBy } = span;
  const prompt = state.deployments.get(deployment.id);
  if (prompt === undefined) return {};
  const { refs } = deployment.event.header;
  const { release = null, pipeline = null } = deployment.event.body ?? {};
  const { promotedFrom = null, rollbackOf } = refs;
  const left = rollbackOf === null ? null : versionOf(state, syncedSize, prompt, rollbackOf);
  const failed = deployment.succeeded ? failedIn(state, syncedSize, prompt, span) : [];
  const unseen = deployment.succeeded ? unseenBy(state, prompt, deployment) : [];
  return {
    ...(left === null ? {} : { leaves: { deployment: rollbackOf!, version: left } }),
    ...(deployment.succeeded ? {} : { outcome: 'failed' as const }),
    ...(failed.length === 0 ? {} : { failed }),
    ...endOf(state, endedBy),
    ...(unseen.length === 0 ? {} : { unseen }),
    ...(promotedFrom === null ? {} : { promotedFrom }),
    ...(release === null ? {} : { release }),
    ...(pipeline === null ? {} : { pipeline }),
  };
}

function versionOf(
  state: LedgerState,
  syncedSize: number,
  prompt: PromptRecord,
  id: EventId,
): string | null {
  const event = prompt.deployments.find((one) => one.id === id)?.event;
  const version = event && state.versions.get(event.header.refs.version);
  return version === undefined ? null : versionLabel(version, syncedSize);
}

function endOf(
  state: LedgerState,
  endedBy: DeploymentSpan['endedBy'],
): Pick<DeploymentDetails, 'ended'> {
  // Of the next deployment no event need be read.
  if (endedBy === null || 'succeeded' in endedBy) return {};
  const { seq, event } = endedBy;
  const by = state.persons.ref(event.header.who, upTo(seq));
  return { ended: { event: event.id, by, reason: event.body?.reason ?? null } };
}

/** Attempts between it and what ended it, by the agreed order. */
function failedIn(
  state: LedgerState,
  syncedSize: number,
  prompt: PromptRecord,
  { deployment, env, endedBy }: DeploymentSpan,
): FailedDeployment[] {
  const end = endedBy?.seq ?? Infinity;
  return prompt.deployments
    .filter((one) => !one.succeeded && one.env === env)
    .filter(({ seq }) => seq > deployment.seq && seq < end)
    .map((one) => {
      const version = state.versions.get(one.event.header.refs.version)!;
      return { deployment: one.id, version: versionLabel(version, syncedSize), at: one.at };
    });
}

/**
 * Clones that deploy at once stand next to each other in the agreed order, so the search ends on both sides at the first
 * one that had seen it, or that it had seen.
 */
function unseenBy(
  state: LedgerState,
  prompt: PromptRecord,
  deployment: DeploymentRecord,
): EventId[] {
  const others = prompt.deployments.filter(
    (one) => one.env === deployment.env && (one.succeeded || one === deployment),
  );
  const own = others.findIndex(({ id }) => id === deployment.id);
  const { causality } = state;
  const found: EventId[] = [];
  for (let at = own - 1; at >= 0 && !causality.isAncestor(others[at]!.seq, deployment.seq); at--)
    found.unshift(others[at]!.id);
  for (
    let at = own + 1;
    at < others.length && !causality.isAncestor(deployment.seq, others[at]!.seq);
    at++
  )
    found.push(others[at]!.id);
  return found;
}
