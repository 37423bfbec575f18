import { deploymentDoubts } from '../clockDoubts.js';
import { versionLabel } from '../labels.js';
import type { LedgerState } from '../state.js';
import { columns } from './columns.js';
import { between, periodCaveats, type Answering, type Ground } from './ground.js';
import { deploymentsIn, judgedDeployment } from './judged.js';
import { pathOf, personAt } from './naming.js';

/** Q37: rollbacks, why, how long the bad version had been active, and whether what came back was allowed then. */
export const rollbackList: Answering = (ground, params) => {
  const { state, syncedSize } = ground;
  const all = deploymentsIn(ground, params);
  const found = all.filter(({ event }) => event.header.refs.rollbackOf !== null);
  const rows = found.map((record) => {
    const { event, seq } = record;
    const { refs, who } = event.header;
    const bad = leftBy(state, refs.rollbackOf!);
    const version = state.versions.get(refs.version)!;
    const judged = judgedDeployment(state, record);
    return {
      at: record.at,
      path: pathOf(version.prompt),
      env: record.env,
      left: bad === null ? null : versionLabel(bad.version, syncedSize),
      version: versionLabel(version, syncedSize),
      deployedBy: personAt(ground, who, seq),
      reason: event.body?.note ?? null,
      restored: bad === null ? null : between(bad.at, record.at),
      allowed: judged?.verdict.allowed ?? null,
      reasons: [...new Set((judged?.verdict.reasons ?? []).map(({ code }) => code))],
      event: record.id,
      leftDeployment: refs.rollbackOf,
      leftAt: bad?.at ?? null,
      reference: event.body?.reference ?? null,
      outcome: refs.outcome,
      digest: refs.digest,
      seq,
    };
  });
  return {
    columns: [
      columns.at,
      columns.path,
      columns.env,
      { key: 'left', title: 'From', kind: 'text' },
      { ...columns.version, title: 'To' },
      columns.deployedBy,
      { key: 'reason', title: 'Reason', kind: 'text' },
      { key: 'restored', title: 'Restored after', kind: 'duration' },
      { key: 'allowed', title: 'Allowed', kind: 'flag', saysNo: true },
      columns.event,
      { ...columns.reasons, isDetail: true },
      { key: 'leftDeployment', title: 'Left', kind: 'event', isDetail: true },
      { key: 'leftAt', title: 'Was deployed at', kind: 'time', isDetail: true },
      { key: 'reference', title: 'Reference', kind: 'text', isDetail: true },
      { key: 'outcome', title: 'Outcome', kind: 'text', isDetail: true },
      { ...columns.digest, isDetail: true },
      columns.seq,
    ],
    rows,
    population: { of: 'deployments', count: all.length },
    areExceptions: false,
    caveats: [
      "The time to restore is from the deployment that was left to the rollback, by the deployers' clocks.",
      ...deploymentDoubts(
        ground,
        found.flatMap(({ id, event }) => [event.header.refs.rollbackOf!, id]),
      ),
      ...periodCaveats(params),
    ],
  };
};

function leftBy(state: Ground['state'], id: Parameters<LedgerState['deployments']['get']>[0]) {
  const record = state.deployments.get(id)?.deployments.find((one) => one.id === id);
  const version = record && state.versions.get(record.event.header.refs.version);
  return record === undefined || version === undefined ? null : { at: record.at, version };
}
