import { trackOf, writersOf } from '../contributors.js';
import { everything } from '../state.js';
import { defaultPolicy } from '../policyFile.js';
import { policyInScope } from '../policyInScope.js';
import { standingDecisions } from '../standing.js';
import { versionLabel } from '../labels.js';
import { columns } from './columns.js';
import { isInPeriod, periodCaveats, type Answering } from './ground.js';
import { identitiesNow, pathOf, promptIn } from './naming.js';
import type { AnswerRow } from './question.js';

/** Q29: versions that only agents and services wrote, and that no human approved. */
export const agentOnlyVersions: Answering = (ground, params) => {
  const { state, syncedSize } = ground;
  const policy = policyInScope(state, everything) ?? defaultPolicy;
  const identities = identitiesNow(state);
  const one = promptIn(ground, params);
  const track = trackOf(state, null);
  const isAgent = (id: Parameters<typeof identities.actor>[0]): boolean =>
    identities.isAgent(identities.actor(id), state.persons.ref(id).name);
  const rows: AnswerRow[] = [];
  let count = 0;
  for (const version of state.versions.values()) {
    const { event, prompt, seq, by } = version;
    if ((one !== null && prompt !== one) || !isInPeriod(event.header.at, params)) continue;
    count++;
    if (!isAgent(by)) continue;
    const input = { state, version, policy, scope: everything };
    const writers = [...writersOf(input, track)];
    if (!writers.every(isAgent)) continue;
    const standing = [...standingDecisions(input, identities).values()].flat();
    const approvals = standing.filter((d) => d.event.header.refs.decision === 'approved');
    if (approvals.some((d) => !isAgent(d.event.header.who))) continue;
    const deployments = prompt.deployments.filter(
      (record) => record.succeeded && record.event.header.refs.version === event.id,
    );
    rows.push({
      at: event.header.at,
      path: pathOf(prompt),
      version: versionLabel(version, syncedSize),
      authors: [...new Set(writers.map((id) => identities.same(id)))].map((id) =>
        state.persons.ref(id),
      ),
      approvals: approvals.map((d) => d.event.id),
      deployedTo: [...new Set(deployments.map(({ env }) => env))],
      event: event.id,
      digest: event.header.refs.digest,
      note: event.body?.note ?? null,
      seq,
    });
  }
  rows.sort((a, b) => Number(a['seq']) - Number(b['seq']));
  return {
    columns: [
      columns.at,
      columns.path,
      columns.version,
      { ...columns.authors, title: 'Agents' },
      { key: 'approvals', title: 'Their approvals', kind: 'events' },
      { key: 'deployedTo', title: 'Deployed to', kind: 'codes' },
      columns.event,
      { ...columns.digest, isDetail: true },
      columns.note,
      columns.seq,
    ],
    rows,
    population: { of: 'versions', count },
    areExceptions: true,
    caveats: [
      "Who is an agent is what the policy's people, names and addresses say. An agent that works under a person's name is that person here.",
      ...periodCaveats(params),
    ],
  };
};
