import type { LintFinding, LintInput } from '../core/policyLintContext.js';
import { lintPolicy } from '../core/policyLint.js';
import type { TrailContext } from './context.js';
import { trackedPrompts } from './trackedPrompts.js';

/** The files that are adopted with a policy, as they are in an editor; null where there is none. */
export type LintTexts = Pick<LintInput, 'text' | 'mailmap' | 'codeowners' | 'allowedSigners'>;

/** See Trail. */
export async function lintTexts(
  context: TrailContext,
  texts: LintTexts,
): Promise<readonly LintFinding[]> {
  const { persons } = context.state;
  const known = persons.snapshot().declared.map(([id]) => persons.ref(id));
  return lintPolicy({ ...texts, prompts: await trackedPrompts(context), known });
}
