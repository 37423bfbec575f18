import { activeRows } from '../activeRows.js';
import { standingCaveats } from '../standingCaveats.js';
import { columns } from './columns.js';
import { clockCaveats } from './clockCaveats.js';
import type { Answering } from './ground.js';
import { assertEnvironment, promptIn } from './naming.js';

/** Q1: what is, or was, active, who stands behind it, and whether the chain proves that they approved before. */
export const activeAt: Answering = (ground, params) => {
  const { state, syncedSize } = ground;
  const { env, at } = params;
  if (env !== undefined) assertEnvironment(ground, env);
  const prompt = promptIn(ground, params);
  const query = { prompt, env: env ?? null, at: at ?? null };
  const found = activeRows(state, syncedSize, query);
  const rows = found.map((row) => ({
    path: row.path,
    env: row.env,
    version: row.version,
    digest: row.digest,
    from: row.from,
    to: row.to,
    authors: row.authors,
    approvers: row.approvers,
    deployedBy: row.deployedBy,
    order: row.imported === undefined ? row.order : 'imported',
    event: row.deployment,
    breakGlass: row.breakGlass,
    rollback: row.rollback,
    signed: row.signed ?? false,
  }));
  return {
    columns: [
      columns.path,
      columns.env,
      columns.version,
      columns.digest,
      { key: 'from', title: 'From', kind: 'time' },
      { key: 'to', title: 'To', kind: 'time' },
      columns.authors,
      columns.approvers,
      columns.deployedBy,
      { key: 'order', title: 'Order', kind: 'text' },
      columns.event,
      { key: 'breakGlass', title: 'Break-glass', kind: 'flag', isDetail: true },
      { key: 'rollback', title: 'Rollback', kind: 'flag', isDetail: true },
      { key: 'signed', title: 'Signed', kind: 'flag', isDetail: true },
    ],
    rows,
    population: { of: 'prompts', count: prompt === null ? state.prompts.size : 1 },
    areExceptions: false,
    caveats: [
      ...clockCaveats(ground, { prompt, env: env ?? null, at }),
      ...found.flatMap(standingCaveats),
    ],
  };
};
