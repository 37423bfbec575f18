import { activeRow, deploymentSpans } from '../activeRows.js';
import { sha256Hex } from '../hash.js';
import type { Digest } from '../ids.js';
import { standingCaveats } from '../standingCaveats.js';
import { columns } from './columns.js';
import { clockCaveats } from './clockCaveats.js';
import type { Answering } from './ground.js';
import { judgedDeployment } from './judged.js';
import { assertEnvironment } from './naming.js';
import type { AnswerRow } from './question.js';

/**
 * Q5: everything that was active in an environment at a time, by the claimed times of deployments. `digest` is the
 * SHA-256 of the manifest that `sha256sum` prints for the texts, its lines sorted as bytes (`baselineManifest`).
 */
export const baseline: Answering = (ground, { env = '', at }) => {
  const { state, syncedSize } = ground;
  assertEnvironment(ground, env);
  const prompts = [...state.prompts.values()];
  const spans = prompts.flatMap((prompt) =>
    deploymentSpans(prompt).filter((span) => {
      if (span.env !== env) return false;
      if (at === undefined) return span.endedBy === null;
      return span.from <= at && (span.to === null || span.to > at);
    }),
  );
  const found = spans.map((span) => {
    const active = activeRow(state, syncedSize, span);
    const judged = judgedDeployment(state, span.deployment);
    const row: AnswerRow = {
      path: active.path,
      version: active.version,
      digest: active.digest,
      from: active.from,
      order: active.imported === undefined ? active.order : 'imported',
      reasons: [...new Set((judged?.verdict.reasons ?? []).map(({ code }) => code))],
      authors: active.authors,
      approvers: active.approvers,
      deployedBy: active.deployedBy,
      event: active.deployment,
      breakGlass: active.breakGlass,
      rollback: active.rollback,
      to: active.to,
      seq: span.deployment.seq,
    };
    return { row, path: active.path, digest: active.digest, notes: standingCaveats(active) };
  });
  found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const manifest = baselineManifest(found);
  return {
    columns: [
      columns.path,
      columns.version,
      columns.digest,
      { key: 'from', title: 'From', kind: 'time' },
      { key: 'order', title: 'Order', kind: 'text' },
      columns.reasons,
      columns.approvers,
      columns.deployedBy,
      columns.event,
      { ...columns.authors, isDetail: true },
      { key: 'breakGlass', title: 'Break-glass', kind: 'flag', isDetail: true },
      { key: 'rollback', title: 'Rollback', kind: 'flag', isDetail: true },
      { key: 'to', title: 'To', kind: 'time', isDetail: true },
      columns.seq,
    ],
    rows: found.map(({ row }) => row),
    population: { of: 'prompts', count: prompts.length },
    areExceptions: false,
    digest: `sha256:${sha256Hex(manifest)}` as Digest,
    caveats: [
      ...clockCaveats(ground, { prompt: null, env, at }),
      ...found.flatMap(({ notes }) => notes),
    ],
  };
};

/**
 * A line for each text, as GNU `sha256sum` prints it: 64 hex digits, two spaces, the path, a newline; where a path has a
 * backslash, newline or return, these are escaped and the line begins with a backslash. Sorted by the bytes of the lines.
 */
export function baselineManifest(
  rows: readonly { readonly path: string; readonly digest: Digest }[],
): string {
  const lines = rows.map(({ path, digest }) => {
    const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
    const mark = escaped === path ? '' : '\\';
    return Buffer.from(`${mark}${digest.replace('sha256:', '')}  ${escaped}\n`);
  });
  return Buffer.concat(lines.sort((a, b) => a.compare(b))).toString('utf8');
}
