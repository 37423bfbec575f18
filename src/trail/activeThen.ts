import { activeRows } from '../core/activeRows.js';
import type { ActiveRow } from '../core/rows.js';
import { PromptAuditError } from '../core/errors.js';
import { ledgerAsKnown } from './asKnown.js';
import type { TrailContext } from './context.js';
import { promptAt } from './resolveVersion.js';
import { pathInSite } from './site.js';

/** What was active, by what is known now or was known then. Throws `prompt.unknown`, `usage`. */
export function activeThen(
  context: TrailContext,
  query: { readonly path: string | null; readonly env: string | null; readonly at: string | null },
  asKnownAt?: string | number,
): readonly ActiveRow[] {
  const { path, env, at } = query;
  // What is active now can be told even where damaged files have no point.
  const { state, syncedSize } =
    asKnownAt === undefined
      ? { state: context.state, syncedSize: context.finalSize }
      : ledgerAsKnown(context, asKnownAt);
  const now = path === null ? null : promptAt(context, path);
  const prompt =
    now === null ? null : (state.prompt(now.id) ?? state.promptAt(pathInSite(context.site, path!)));
  if (prompt === undefined)
    throw new PromptAuditError({
      code: 'prompt.unknown',
      message: `The ledger knew no prompt at ${path} then.`,
      remedy: 'Ask about a later time.',
    });
  return activeRows(state, syncedSize, { prompt, env, at });
}
