import { isPassed, requirementsOf, traceApprovals } from './approvalTrace.js';
import { trackFor, writersOf, type VersionInScope } from './contributors.js';
import { environmentRule } from './environmentRule.js';
import type { EventOf } from './event.js';
import { identitiesIn } from './identities.js';
import type { EventId } from './ids.js';
import type { Actor } from './persons.js';
import type { EnvironmentRule } from './policy.js';
import { defaultPolicy } from './policyFile.js';
import { adoptionInScope, policyInScope } from './policyInScope.js';
import type { ReasonCode } from './reasons.js';
import type { ApprovalQuestion } from './requirementJudge.js';
import { deployedTo, isPromotedFrom, retirementsOf } from './promotion.js';
import { hasRole } from './roles.js';
import { ancestorsOf, type LedgerState } from './state.js';
import {
  ignoredOf,
  reasonsOf,
  type CheckName,
  type DecisionTrace,
  type Reason,
  type Trace,
  type TraceStep,
} from './trace.js';

/** What the policy says of an act. No reasons means that it is allowed. */
export interface Verdict {
  readonly allowed: boolean;
  readonly reasons: readonly Reason[];
  /** Why approvals do not count that are there, where some are missing. */
  readonly ignored: readonly Reason[];
  /** What the verdict was read from. */
  readonly trace: Trace;
}

/** Whether a person may deploy a version to an environment. */
export function deploymentVerdict(
  input: ApprovalQuestion & {
    readonly who: Actor;
    readonly env: string;
    /** Whether it brings back what was deployed there before. Default: it does not. */
    readonly isRollback?: boolean;
  },
): Verdict {
  const { policy, env } = input;
  const rule = environmentRule(policy, env);
  if (rule === undefined)
    return verdictOf({
      steps: [stepOf('environment', 'environment.unknown', [])],
      decisions: [],
      asked: [],
    });
  const { steps, decisions, asked } = traceApprovals(input, requirementsOf(input));
  const deployer = deployerSteps(input, rule, decisions);
  const way = [retiredStep(input), promotedStep(input, rule)];
  return verdictOf({ steps: [...steps, ...deployer, ...way], decisions, asked });
}

/** Retiring is final (docs/LEDGER.md), so what comes after it needs another prompt. */
function retiredStep({ state, version, scope }: VersionInScope): TraceStep {
  const retired = retirementsOf(state, version.prompt, scope);
  return stepOf('retired', retired.length > 0 ? 'prompt.retired' : null, retired);
}

function promotedStep(
  input: VersionInScope & { readonly env: string; readonly isRollback?: boolean },
  { after }: EnvironmentRule,
): TraceStep {
  if (after === null) return notAsked('promoted');
  // What was deployed here before went that way already, or the policy of then did not ask.
  const from = deployedTo(input, after) ?? (input.isRollback && deployedTo(input, input.env));
  const step = stepOf('promoted', from ? null : 'deployment.notPromoted', from ? [from.id] : []);
  return { ...step, wanted: [after] };
}

/** What is to be said of a break-glass deployment besides: whether its person might make it. */
export function breakGlassStep(
  input: VersionInScope & { readonly who: Actor; readonly env: string },
): TraceStep {
  const { policy, env, who } = input;
  const rule = environmentRule(policy, env)?.breakGlass ?? null;
  if (rule === null) return stepOf('break-glass', 'breakGlass.off', []);
  const mayBreak = hasRole(who, rule.roles, policy, identitiesIn(input));
  return {
    ...stepOf('break-glass', mayBreak ? null : 'breakGlass.role', []),
    wanted: rule.roles.length === 0 ? null : rule.roles,
  };
}

function deployerSteps(
  input: VersionInScope & { readonly who: Actor },
  rule: EnvironmentRule,
  decisions: readonly DecisionTrace[],
): readonly TraceStep[] {
  const { state, policy, who, version } = input;
  const identities = identitiesIn(input);
  const mayDeploy = hasRole(who, rule.deployers, policy, identities);
  // Who makes an approver a contributor, by joining two ids, must not make a deployer of them.
  const own = decisions.filter(
    ({ by, counts, faults }) =>
      (counts || (faults.length === 1 && faults[0] === 'approver.contributed')) &&
      identities.isSame(who, by),
  );
  const track = trackFor(state, policy, { extra: null, rule: rule.approvals });
  const writers = rule.contributorMayDeploy ? [] : [...writersOf(input, track)];
  const contributed = writers.some((id) => identities.isSame(who, id));
  return [
    {
      ...stepOf('deployer-role', mayDeploy ? null : 'deployer.role', []),
      wanted: rule.deployers.length === 0 ? null : rule.deployers,
    },
    rule.approverMayDeploy
      ? notAsked('deployer-approved')
      : stepOf('deployer-approved', own.length > 0 ? 'deployer.approved' : null, [
          ...new Set(own.map(({ event }) => event)),
        ]),
    rule.contributorMayDeploy
      ? notAsked('deployer-contributed')
      : stepOf(
          'deployer-contributed',
          contributed ? 'deployer.contributed' : null,
          contributed ? [version.event.id] : [],
        ),
  ];
}

/** What the policy said of a recorded deployment, by its ancestors alone; null for one of no known version. */
export function replayedDeployment(
  state: LedgerState,
  event: EventOf<'deployment.recorded'>,
  seq: number,
): Verdict | null {
  const { refs, who: id, at } = event.header;
  const version = state.versions.get(refs.version);
  if (version === undefined) return null;
  if (refs.commit !== undefined)
    return verdictOf({
      steps: [stepOf('imported', 'deployment.imported', [])],
      decisions: [],
      asked: [],
    });
  const scope = ancestorsOf(state, seq);
  const adoption = adoptionInScope(state, scope);
  if (adoption?.event.body === null) {
    const step = stepOf('policy', 'policy.redacted', [adoption.event.id]);
    return verdictOf({ steps: [step], decisions: [], asked: [] });
  }
  const policy = policyInScope(state, scope) ?? defaultPolicy;
  const who = state.persons.actor(id, scope);
  const question = { state, policy, version, scope, env: refs.env, at, act: seq, who };
  const isRollback = refs.rollbackOf !== null;
  const judged = deploymentVerdict({ ...question, isRollback });
  const own: TraceStep[] = [];
  if (refs.breakGlass) own.push(breakGlassStep(question));
  const { promotedFrom = null } = refs;
  if (promotedFrom !== null) {
    const isGood = isPromotedFrom(question, refs.env, promotedFrom);
    own.push(stepOf('promotion', isGood ? null : 'promotion.unfounded', [promotedFrom]));
  }
  const verdict =
    own.length === 0
      ? judged
      : verdictOf({ ...judged.trace, steps: [...judged.trace.steps, ...own] });
  const unproven = verdict.reasons.some(
    ({ code }) => code === 'deployer.role' || code === 'breakGlass.role',
  );
  if (!unproven || !state.persons.isRedacted(id, scope)) return verdict;
  const { steps, decisions, asked } = verdict.trace;
  const step = stepOf('person', 'person.redacted', [event.id]);
  return verdictOf({ steps: [...steps, step], decisions, asked });
}

/** A check that fails with a code, or passes without one. */
export function stepOf(
  check: CheckName,
  code: ReasonCode | null,
  events: readonly EventId[],
): TraceStep {
  const outcome = code === null ? 'pass' : 'fail';
  return { rule: null, check, outcome, code, events, wanted: null, got: null };
}

export const notAsked = (check: CheckName): TraceStep => ({
  ...stepOf(check, null, []),
  outcome: 'not-asked',
});

export function verdictOf(trace: Trace): Verdict {
  return {
    allowed: isPassed(trace),
    reasons: reasonsOf(trace),
    ignored: ignoredOf(trace),
    trace,
  };
}
