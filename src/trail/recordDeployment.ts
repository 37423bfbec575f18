import { activeDeployments, activeRow, spanOf } from '../core/activeRows.js';
import { environmentRule } from '../core/environmentRule.js';
import { PromptAuditError } from '../core/errors.js';
import type { IdentityAssertion } from '../core/event.js';
import type { EventId } from '../core/ids.js';
import type { Actor } from '../core/persons.js';
import { adoptionInScope } from '../core/policyInScope.js';
import { deployedTo } from '../core/promotion.js';
import type { ActiveRow } from '../core/rows.js';
import {
  everything,
  type DeploymentRecord,
  type PromptRecord,
  type VersionRecord,
} from '../core/state.js';
import type { Reason } from '../core/trace.js';
import { breakGlassStep, deploymentVerdict, type Verdict } from '../core/verdicts.js';
import { declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import { refusal } from './decide.js';
import { adoptPolicy } from './policySource.js';
import { signNow } from './signNow.js';

/** What `deploy` and `rollback` ask to be recorded. */
export interface DeploymentPlan {
  readonly env: string;
  readonly note: string | null;
  readonly reference: string | null;
  readonly release: string | null;
  readonly pipeline: string | null;
  readonly outcome: 'succeeded' | 'failed';
  readonly breakGlass: boolean;
  readonly rollback: boolean;
  readonly promoteFrom: string | null;
  readonly identity: IdentityAssertion;
  /** Called again when all that others recorded is known. */
  readonly choose: () => VersionRecord;
}

/** Records a deployment, or that the policy refused it: then throws `deployment.refused`. */
export async function recordDeployment(
  context: TrailContext,
  plan: DeploymentPlan,
): Promise<ActiveRow> {
  plan.choose();
  const who = await declareActor(context);
  await adoptPolicy(context, who);
  const { env, identity } = plan;
  if (environmentRule(context.policy, env) === undefined) throw unknownEnvironment(context, env);
  const { version, verdict, event } = await context.transact((tx) => {
    const { state } = context;
    const version = plan.choose();
    const promotedFrom = promotedBy(context, plan, version);
    const verdict = verdictNow(context, version, state.persons.actor(who), plan);
    const refused = refusalsOf(context, version, state.persons.actor(who), plan, verdict);
    const common = { who, prompt: version.prompt.id, identity };
    const refs = {
      version: version.event.id,
      policy: adoptionInScope(state, everything)!.event.header.refs.policy,
      env,
    };
    if (refused.length > 0) {
      tx.append({
        ...common,
        type: 'attempt.denied',
        refs: { ...refs, attempted: 'deployment.recorded', decision: null },
        body: { reasons: [...refused, ...ignoredBesides(verdict)] },
      });
      return { version, verdict: { ...verdict, reasons: refused }, event: null };
    }
    const previous = activeIn(version.prompt, env)?.event.id ?? null;
    const { note, reference, release, pipeline } = plan;
    const isLinked = [promotedFrom, release, pipeline].some((one) => one !== null);
    const event = tx.append({
      ...common,
      type: 'deployment.recorded',
      refs: {
        ...refs,
        digest: version.event.header.refs.digest,
        outcome: plan.outcome,
        breakGlass: !verdict.allowed,
        previous,
        rollbackOf: plan.rollback ? previous : null,
        ...(isLinked ? { promotedFrom } : {}),
      },
      body: { note, reference, ...(isLinked ? { release, pipeline } : {}) },
    });
    return { version, verdict, event };
  });
  if (event === null) throw refusal(context, 'deployment.refused', 'deploy', version, verdict);
  await signNow(context, who, [event.id]);
  const { state, finalSize } = context;
  return activeRow(state, finalSize, spanOf(state, event.id)!);
}

/** What the policy says of a deployment now. */
export function verdictNow(
  context: TrailContext,
  version: VersionRecord,
  who: Actor,
  plan: { readonly env: string; readonly rollback: boolean },
): Verdict {
  const { state, policy, at = null } = context.view;
  const question = { state, policy, version, who, env: plan.env, at, scope: everything };
  return deploymentVerdict({ ...question, isRollback: plan.rollback });
}

/** Break-glass skips what is missing, never who may, and nothing brings a retired prompt back. */
const unbreakable: ReadonlySet<string> = new Set(['prompt.retired', 'environment.unknown']);

function refusalsOf(
  { state, policy }: TrailContext,
  version: VersionRecord,
  who: Actor,
  { env, breakGlass }: DeploymentPlan,
  verdict: Verdict,
): readonly Reason[] {
  if (verdict.allowed || !breakGlass) return verdict.reasons;
  const step = breakGlassStep({ state, policy, version, scope: everything, who, env });
  const stays = verdict.reasons.filter(({ code }) => unbreakable.has(code));
  if (step.code !== null) return [...verdict.reasons, { code: step.code, events: [] }];
  return stays.length > 0 ? verdict.reasons : [];
}

/** The deployment that this one promotes; null where nobody asks. Throws `promotion.notDeployed`. */
function promotedBy(
  context: TrailContext,
  { env, promoteFrom, rollback }: DeploymentPlan,
  version: VersionRecord,
): EventId | null {
  const { state, policy } = context;
  const asked = { state, version, scope: everything };
  if (promoteFrom !== null) {
    const found = promoteFrom === env ? undefined : deployedTo(asked, promoteFrom);
    if (found !== undefined) return found.id;
    throw new PromptAuditError({
      code: 'promotion.notDeployed',
      message: `These bytes of ${version.prompt.path} were not deployed to ${promoteFrom} with success${promoteFrom === env ? ' as to another environment' : ''}.`,
      remedy: `Deploy them there first, or name an environment where they were.`,
    });
  }
  const after = environmentRule(policy, env)?.after ?? null;
  return after === null || rollback ? null : (deployedTo(asked, after)?.id ?? null);
}

/** Why approvals do not count that are there, as far as the reasons do not say so. */
export function ignoredBesides({ reasons, ignored }: Verdict): Verdict['ignored'] {
  const said = new Set(reasons.map(({ code }) => code));
  return ignored.filter(({ code }) => !said.has(code));
}

export function activeIn(prompt: PromptRecord, env: string): DeploymentRecord | undefined {
  return activeDeployments(prompt).find((one) => one.env === env);
}

export function unknownEnvironment(context: TrailContext, env: string): PromptAuditError {
  const names = context.policy.environments.map((e) => e.name).join(', ');
  return new PromptAuditError({
    code: 'environment.unknown',
    message: `The policy has no environment "${env}"; it has: ${names || 'none'}.`,
    remedy: 'Use one of these, or add it to .prompt-audit/policy.jsonc.',
  });
}
