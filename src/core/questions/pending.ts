import { defaultPolicy } from '../policyFile.js';
import { policyInScope } from '../policyInScope.js';
import { everything } from '../state.js';
import { versionRow, type View } from '../versionRows.js';
import { columns } from './columns.js';
import { between, isInPeriod, periodCaveats, type Answering } from './ground.js';
import { promptIn } from './naming.js';

/** Q15: versions that wait for a decision; with `duration` only those that wait for longer, and then they are exceptions. */
export const pendingVersions: Answering = (ground, params) => {
  const { state, syncedSize, now } = ground;
  const policy = policyInScope(state, everything) ?? defaultPolicy;
  const view: View = { state, policy, syncedSize, at: now };
  const one = promptIn(ground, params);
  let open = 0;
  let toChange = 0;
  let expired = 0;
  const rows = [...state.prompts.values()]
    .filter((prompt) => (one === null || prompt === one) && !prompt.retired)
    .flatMap((prompt) => {
      const newest = prompt.versions.at(-1);
      if (newest === undefined || !isInPeriod(newest.event.header.at, params)) return [];
      const version = versionRow(view, newest);
      if (version.state === 'changes-requested') toChange++;
      if (version.state !== 'waiting') return [];
      // Decided long ago: it waits for nobody until somebody wants to deploy it anew.
      if (versionRow({ state, policy, syncedSize }, newest).state === 'approved') {
        expired++;
        return [];
      }
      open++;
      const waits = between(version.at, now);
      if (params.duration !== undefined && waits <= params.duration) return [];
      return [
        {
          at: version.at,
          path: version.path,
          version: version.label,
          who: version.proposedBy,
          waits,
          approvals: `${version.approvals.given} of ${version.approvals.required}`,
          asked: version.requested ?? [],
          event: version.id,
          digest: version.digest,
          note: version.note,
          seq: newest.seq,
        },
      ];
    })
    .sort((a, b) => a.seq - b.seq);
  return {
    columns: [
      columns.at,
      columns.path,
      columns.version,
      { ...columns.who, title: 'Proposed by' },
      { key: 'waits', title: 'Waits for', kind: 'duration' },
      { key: 'approvals', title: 'Approvals', kind: 'text' },
      { key: 'asked', title: 'Asked', kind: 'persons' },
      columns.event,
      { ...columns.digest, isDetail: true },
      columns.note,
      columns.seq,
    ],
    rows,
    population: { of: 'waiting versions', count: open },
    counts: { waitForChanges: toChange, expired },
    areExceptions: params.duration !== undefined,
    caveats: [
      "How long something waits is by the proposer's clock.",
      ...(expired === 0
        ? []
        : [
            `Left out: ${expired} that ${expired === 1 ? 'was' : 'were'} approved and would need it anew, because approvals expired since.`,
          ]),
      ...periodCaveats(params),
    ],
  };
};
