import { clockDoubts as doubtsAt, deploymentDoubts } from '../core/clockDoubts.js';
import { ledgerAsKnown, leftOutCaveats } from './asKnown.js';
import type { ClockDoubtsInput } from './clockDoubtsApi.js';
import type { TrailContext } from './context.js';
import { promptAt } from './resolveVersion.js';

/** See ClockQueries. */
export function clockDoubts(context: TrailContext, input: ClockDoubtsInput): readonly string[] {
  const now = new Date().toISOString();
  const { state: whole, finalSize } = context;
  if ('deployments' in input)
    return deploymentDoubts({ state: whole, syncedSize: finalSize, now }, input.deployments);
  const { path, env, at, asKnownAt } = input;
  const known = asKnownAt === undefined ? null : ledgerAsKnown(context, asKnownAt);
  const leftOut = known === null ? [] : leftOutCaveats(known.leftOut);
  if (at === null) return leftOut;
  const { state, syncedSize } = known ?? { state: whole, syncedSize: finalSize };
  const prompt = path === null ? null : state.prompt(promptAt(context, path).id);
  if (prompt === undefined) return leftOut;
  return [...leftOut, ...doubtsAt({ state, syncedSize, now }, { prompt, env, at })];
}
