import type { ExplainedDecision, ExplainedStep, Explanation } from '../../core/explainRows.js';

/** All that one rule asked and found. */
export interface RuleGroup {
  /** Null: the environment's own rule, or the general one. */
  readonly rule: string | null;
  readonly passed: boolean;
  /** Without what the rule does not ask. */
  readonly steps: readonly ExplainedStep[];
  readonly decisions: readonly ExplainedDecision[];
}

/** Types of events that a verdict belongs to; of the others `explain` says nothing that a list does not. */
const judged: ReadonlySet<string> = new Set([
  'version.proposed',
  'review.decided',
  'deployment.recorded',
  'attempt.denied',
]);

export function isJudged(type: string): boolean {
  return judged.has(type);
}

/** A trace by rules, in the order in which they were looked at. */
export function ruleGroups({ steps, decisions }: Explanation): readonly RuleGroup[] {
  const rules = [...new Set([...steps, ...decisions].map(({ rule }) => rule))];
  return rules.map((rule) => {
    const own = steps.filter((step) => step.rule === rule);
    return {
      rule,
      passed: own.every(({ outcome }) => outcome !== 'fail'),
      steps: own.filter(({ outcome }) => outcome !== 'not-asked'),
      decisions: decisions.filter((one) => one.rule === rule),
    };
  });
}
