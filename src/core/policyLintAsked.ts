import type { JSONPath } from 'jsonc-parser';
import type { ApprovalRule } from './policy.js';
import type { LintContext } from './policyLintContext.js';
import type { LintPerson } from './policyLintPeople.js';

/** One set of approvals that a policy asks for. */
export interface AskedHere {
  /** For messages. */
  readonly what: string;
  readonly path: JSONPath;
  readonly rule: ApprovalRule;
}

/** Whose approvals can count for a rule, by its roles; owners of paths are another question. */
export function approvers(
  { people }: LintContext,
  rule: ApprovalRule,
): readonly LintPerson[] | 'everybody' {
  const found = people.withRoles(rule.roles);
  return found === 'everybody' ? found : found.filter(({ isAgent }) => !isAgent);
}

/** `there are 2 people`, as a part of a sentence. */
export function countsPeople(count: number): string {
  if (count === 0) return 'there is nobody';
  return count === 1 ? 'there is one person' : `there are ${count} people`;
}
