import { breakGlassRow, isWaiting } from '../breakGlass.js';
import { columns } from './columns.js';
import { periodCaveats, type Answering } from './ground.js';
import { judgedDeployment, deploymentsIn } from './judged.js';

/** Q17: every use of break-glass, why, and what came of its review. */
export const breakGlassUses: Answering = (ground, params) => {
  const { state } = ground;
  const all = deploymentsIn(ground, params);
  const found = all.filter(({ breakGlass }) => breakGlass);
  const rows = found.flatMap((record) => {
    const prompt = state.deployments.get(record.id);
    if (prompt === undefined) return [];
    return [{ record, row: breakGlassRow(ground, prompt, record) }];
  });
  return {
    columns: [
      columns.at,
      columns.path,
      columns.version,
      columns.env,
      columns.deployedBy,
      { key: 'reason', title: 'Reason', kind: 'text' },
      { key: 'state', title: 'Review', kind: 'text' },
      { key: 'due', title: 'Due', kind: 'time' },
      { key: 'reviewedBy', title: 'Reviewed by', kind: 'person' },
      columns.event,
      { key: 'reviewedAt', title: 'Reviewed at', kind: 'time', isDetail: true },
      { key: 'findings', title: 'Findings', kind: 'text', isDetail: true },
      { key: 'late', title: 'Late', kind: 'flag', isDetail: true },
      { ...columns.reasons, title: 'Against', isDetail: true },
      { key: 'reference', title: 'Reference', kind: 'text', isDetail: true },
      { key: 'uncounted', title: 'Reviews that do not count', kind: 'events', isDetail: true },
      columns.seq,
    ],
    rows: rows.map(({ record, row }) => ({
      at: row.at,
      path: row.path,
      version: row.version,
      env: row.env,
      deployedBy: row.deployedBy,
      reason: row.reason,
      state: row.state,
      due: row.due,
      reviewedBy: row.review?.by ?? null,
      event: row.deployment,
      reviewedAt: row.review?.at ?? null,
      findings: row.review?.findings ?? null,
      late: row.review?.late ?? null,
      reasons: [
        ...new Set(
          (judgedDeployment(state, record)?.verdict.reasons ?? []).map(({ code }) => code),
        ),
      ],
      reference: row.reference,
      uncounted: row.uncounted.map(({ event }) => event),
      seq: record.seq,
    })),
    population: { of: 'deployments', count: all.length },
    counts: {
      waiting: rows.filter(({ row }) => isWaiting(row)).length,
      overdue: rows.filter(({ row }) => row.state === 'overdue').length,
    },
    areExceptions: true,
    caveats: periodCaveats(params),
  };
};
