import { PromptAuditError } from '../core/errors.js';
import type { TrailContext } from './context.js';

/**
 * These paths without those that a merge or rebase left in conflict: their files hold marks of git, which nobody
 * wrote. Warns of them; throws `prompt.unreadable` where they were `named`.
 */
export async function withoutConflicts(
  context: TrailContext,
  paths: readonly string[],
  named: boolean,
): Promise<readonly string[]> {
  const unmerged = await context.site.git?.unmerged(paths);
  if (unmerged === undefined || unmerged.size === 0) return paths;
  const list = [...unmerged].sort().join(', ');
  const message = `Not merged yet, so not recorded: ${list}.`;
  const remedy = 'Resolve the conflicts, and git add the files.';
  if (named) throw new PromptAuditError({ code: 'prompt.unreadable', message, remedy });
  context.warn(`${message} ${remedy}`);
  return paths.filter((path) => !unmerged.has(path));
}
