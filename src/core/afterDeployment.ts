import { reviewFaults, type ReviewAsked } from './breakGlass.js';
import { environmentRule } from './environmentRule.js';
import { identitiesIn } from './identities.js';
import type { Actor } from './persons.js';
import { policyWithEnvironment } from './formerEnvironment.js';
import type { EnvironmentRule, Policy } from './policy.js';
import { hasRole } from './roles.js';
import type { DeploymentRecord, LedgerState, Scope } from './state.js';
import type { TraceStep } from './trace.js';
import { stepOf, verdictOf, type Verdict } from './verdicts.js';

/**
 * Whether a person may end what is active in an environment: who may deploy there may. Where the policy has it no more
 * the last one judges that had it; where none had it (an import told of it), who may deploy anywhere may.
 */
export function endVerdict(input: {
  readonly state: LedgerState;
  readonly policy: Policy;
  readonly scope: Scope;
  readonly who: Actor;
  readonly env: string;
}): Verdict {
  const { who } = input;
  const rules = rulesOfEnd(input);
  const may = ({ rule, policy }: JudgingRule): boolean =>
    hasRole(who, rule.deployers, policy, identitiesIn({ ...input, policy }));
  const mayEnd = rules.length === 0 || rules.some(may);
  const step = stepOf('deployer-role', mayEnd ? null : 'deployer.role', []);
  const isOpen = rules.every(({ rule }) => rule.deployers.length === 0);
  const wanted = isOpen ? null : [...new Set(rules.flatMap(({ rule }) => rule.deployers))];
  return verdictOf(only([{ ...step, wanted }]));
}

interface JudgingRule {
  readonly rule: EnvironmentRule;
  /** Says who has its roles. */
  readonly policy: Policy;
}

/** By what the person had seen, as everything that is judged again later. */
function rulesOfEnd(input: {
  readonly state: LedgerState;
  readonly policy: Policy;
  readonly scope: Scope;
  readonly env: string;
}): readonly JudgingRule[] {
  const { state, policy, scope, env } = input;
  const judging = environmentRule(policy, env) ? policy : policyWithEnvironment(state, scope, env);
  const rule = judging === null ? undefined : environmentRule(judging, env);
  if (judging === null || rule === undefined)
    return policy.environments.map((one) => ({ rule: one, policy }));
  return [{ rule, policy: judging }];
}

/** Whether somebody's review of a break-glass deployment counts (breakGlass.ts). */
export function reviewVerdict(
  state: LedgerState,
  deployment: DeploymentRecord,
  asked: ReviewAsked,
): Verdict {
  const faults = reviewFaults(state, deployment, asked);
  const steps =
    faults.length === 0
      ? [stepOf('reviewer', null, [deployment.id])]
      : faults.map((code) => stepOf('reviewer', code, [deployment.id]));
  return verdictOf(only(steps));
}

const only = (steps: readonly TraceStep[]): Verdict['trace'] => ({
  steps,
  decisions: [],
  asked: [],
});
