import { approvalVerdict, contributors, hasRole, type Reason } from './approvals.js';
import type { DecisionKind, EventOf } from './event.js';
import type { Actor } from './persons.js';
import type { EnvironmentRule, Policy } from './policy.js';
import { defaultPolicy } from './policyFile.js';
import { adoptionInScope, policyInScope } from './policyInScope.js';
import { ancestorsOf, type LedgerState, type Scope, type VersionRecord } from './state.js';

/** What the policy says of an act. No reasons means that it is allowed. */
export interface Verdict {
  readonly allowed: boolean;
  readonly reasons: readonly Reason[];
}

/** Whether a person may make this decision on a version. Only approvals are restricted. */
export function decisionVerdict(input: {
  state: LedgerState;
  policy: Policy;
  version: VersionRecord;
  who: Actor;
  decision: DecisionKind;
  scope: Scope;
}): Verdict {
  const { state, policy, version, who, decision, scope } = input;
  const reasons: Reason[] = [];
  const withdrawn = version.withdrawals.filter((w) => scope(w.seq)).map((w) => w.event.id);
  if (withdrawn.length > 0) reasons.push({ code: 'version.withdrawn', events: withdrawn });
  if (decision === 'approved') {
    const rules = [policy.approvals, ...policy.environments.map((e) => e.approvals)];
    if (!rules.some((rule) => hasRole(who, rule.roles, policy))) {
      reasons.push({ code: 'approver.role', events: [] });
    }
    const mayContribute = rules.some((rule) => rule.contributors);
    const isContributor = [...contributors(input)].some((id) => state.persons.isSame(who, id));
    if (isContributor && !mayContribute) {
      reasons.push({
        code: 'approver.contributed',
        events: [version.event.id],
      });
    }
  }
  return verdictOf(reasons);
}

/** Whether a person may deploy a version to an environment. */
export function deploymentVerdict(input: {
  state: LedgerState;
  policy: Policy;
  version: VersionRecord;
  who: Actor;
  env: string;
  scope: Scope;
}): Verdict {
  const { state, policy, version, who, env, scope } = input;
  const rule = environmentRule(policy, env);
  if (rule === undefined) return verdictOf([{ code: 'environment.unknown', events: [] }]);
  const approval = approvalVerdict({
    state,
    version,
    rule: rule.approvals,
    policy,
    scope,
  });
  const reasons: Reason[] = [...approval.reasons];
  if (!hasRole(who, rule.deployers, policy)) {
    reasons.push({ code: 'deployer.role', events: [] });
  }
  const own = approval.counted.filter((d) => state.persons.isSame(who, d.event.header.who));
  if (!rule.approverMayDeploy && own.length > 0) {
    reasons.push({
      code: 'deployer.approved',
      events: own.map((d) => d.event.id),
    });
  }
  return verdictOf(reasons);
}

/** What the policy said of a recorded deployment, by its ancestors alone; null for one of no known version. */
export function replayedDeployment(
  state: LedgerState,
  event: EventOf<'deployment.recorded'>,
  seq: number,
): Verdict | null {
  const { refs, who: id } = event.header;
  const version = state.versions.get(refs.version);
  if (version === undefined) return null;
  if (refs.commit !== undefined) return verdictOf([{ code: 'deployment.imported', events: [] }]);
  const scope = ancestorsOf(state, seq);
  const adoption = adoptionInScope(state, scope);
  if (adoption?.event.body === null)
    return verdictOf([{ code: 'policy.redacted', events: [adoption.event.id] }]);
  const policy = policyInScope(state, scope) ?? defaultPolicy;
  const who = state.persons.actor(id, scope);
  const verdict = deploymentVerdict({ state, policy, version, who, env: refs.env, scope });
  const unproven = verdict.reasons.some((r) => r.code === 'deployer.role');
  return unproven && state.persons.isRedacted(id, scope)
    ? verdictOf([...verdict.reasons, { code: 'person.redacted', events: [event.id] }])
    : verdict;
}

export function environmentRule(policy: Policy, env: string): EnvironmentRule | undefined {
  return policy.environments.find((e) => e.name === env);
}

function verdictOf(reasons: readonly Reason[]): Verdict {
  return { allowed: reasons.length === 0, reasons };
}
