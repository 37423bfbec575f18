import { breakGlassRows, isUnsettled } from '../core/breakGlass.js';
import type { BreakGlassRow } from '../core/deploymentRows.js';
import type { TrailContext } from './context.js';
import type { BreakGlassQuery } from './deployApi.js';
import { promptAt } from './resolveVersion.js';

/** Every break-glass deployment and what came of it, newest first. Throws `prompt.unknown`. */
export function breakGlassReviews(
  context: TrailContext,
  query: BreakGlassQuery,
): readonly BreakGlassRow[] {
  const { state, syncedSize, at } = context.view;
  const prompt =
    query.path === undefined
      ? null
      : promptAt(context, query.path, { forWriting: query.waiting === true });
  const now = query.at ?? at ?? '';
  const rows = breakGlassRows({ state, syncedSize, now, prompt, env: query.env ?? null });
  return query.waiting === true ? rows.filter(isUnsettled) : rows;
}
