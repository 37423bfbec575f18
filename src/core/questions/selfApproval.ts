import { countBefore } from '../causality.js';
import { isContributorIn, trackOf } from '../contributors.js';
import type { Identities } from '../identities.js';
import type { EventId } from '../ids.js';
import type { DeploymentRecord } from '../state.js';
import { decisionColumns, decisionRow } from './decisionRow.js';
import { approvalsIn, type DecisionOn } from './decisions.js';
import { periodCaveats, type Answering, type Ground } from './ground.js';
import { judgedDeployment } from './judged.js';
import { identitiesNow } from './naming.js';

/**
 * Q9: approvals by somebody who had contributed to the version since the last approved one, under whatever address, by who is
 * who as far as it is known now. `decisive`: the deployments for which it counted.
 */
export const selfApprovals: Answering = (ground, params) => {
  const { state } = ground;
  const identities = identitiesNow(state);
  const track = trackOf(state, null);
  const all = approvalsIn(ground, params);
  const found = all.filter(({ version, decision }) =>
    isContributorIn(state, version, decision, track, identities),
  );
  const deployed = deploymentsByVersion(found);
  return {
    columns: [
      ...decisionColumns,
      { key: 'basis', title: 'Own contributions', kind: 'events' },
      { key: 'decisive', title: 'Counted for deployments', kind: 'events' },
    ],
    rows: found.map((one) => ({
      ...decisionRow(ground, one),
      basis: ownContributions(ground, identities, one),
      decisive: countedFor(ground, deployed, one),
    })),
    population: { of: 'approvals', count: all.length },
    areExceptions: true,
    caveats: periodCaveats(params),
  };
};

type DeploymentsByVersion = ReadonlyMap<EventId, readonly DeploymentRecord[]>;

/** What shows that the approver had a part in it: their own revisions and versions of the prompt before the approval. */
function ownContributions(
  { state }: Ground,
  identities: Identities,
  { version, decision }: DecisionOn,
): readonly EventId[] {
  const own = identities.same(decision.event.header.who);
  const { prompt } = version;
  const since = prompt.versions.findLast(
    (one) => one.number < version.number && state.causality.isAncestor(one.seq, version.seq),
  );
  const holders = state.withBytes(version.event.header.refs.digest);
  const { revisions } = prompt;
  const between = revisions.slice(
    countBefore(revisions, (since?.seq ?? 0) + 1),
    countBefore(revisions, decision.seq),
  );
  const seen = new Map([...between, ...holders].map((record) => [record.seq, record]));
  return [...seen.values()]
    .filter(
      ({ seq, by, coAuthors = [] }) =>
        state.causality.isAncestor(seq, decision.seq) &&
        [by, ...coAuthors].some((id) => identities.same(id) === own),
    )
    .sort((a, b) => a.seq - b.seq)
    .map(({ id }) => id);
}

/** Asked once for all: the list of a prompt may be long. */
function deploymentsByVersion(found: readonly DecisionOn[]): DeploymentsByVersion {
  const byVersion = new Map<EventId, DeploymentRecord[]>();
  for (const prompt of new Set(found.map(({ version }) => version.prompt)))
    for (const record of prompt.deployments) {
      const { version } = record.event.header.refs;
      const known = byVersion.get(version);
      if (known === undefined) byVersion.set(version, [record]);
      else known.push(record);
    }
  return byVersion;
}

function countedFor(
  { state }: Ground,
  deployed: DeploymentsByVersion,
  { version, decision }: DecisionOn,
): readonly EventId[] {
  const records = deployed.get(version.event.id) ?? [];
  return records.flatMap((record) => {
    const decisions = judgedDeployment(state, record)?.verdict.trace.decisions ?? [];
    return decisions.some((one) => one.event === decision.event.id && one.counts)
      ? [record.id]
      : [];
  });
}
