import { lintApprovals } from './policyLintApprovals.js';
import { lintEnvironments } from './policyLintEnvironments.js';
import { lintNames } from './policyLintNames.js';
import { lintOwners } from './policyLintOwners.js';
import { LintContext, type LintFinding, type LintInput } from './policyLintContext.js';
import { checkPolicy } from './policyFile.js';

/**
 * What is wrong with a policy, and what can hardly be meant, by the files that are adopted with it. A text that is no
 * policy has only errors of its own; each finding has its place and, where a program can put it right, a fix.
 */
export function lintPolicy(input: LintInput): readonly LintFinding[] {
  const { policy, problems } = checkPolicy(input.text);
  if (policy === null)
    return problems.map((problem) => ({ severity: 'error', file: 'policy', ...problem }));
  const context = new LintContext(input, policy);
  lintApprovals(context);
  lintEnvironments(context);
  lintOwners(context);
  lintNames(context);
  return context.findings;
}
