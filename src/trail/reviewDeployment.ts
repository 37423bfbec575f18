import { reviewVerdict } from '../core/afterDeployment.js';
import { breakGlassRow } from '../core/breakGlass.js';
import type { BreakGlassRow } from '../core/deploymentRows.js';
import { PromptAuditError } from '../core/errors.js';
import type { EventId } from '../core/ids.js';
import { shortHash } from '../core/labels.js';
import { adoptionInScope } from '../core/policyInScope.js';
import { everything, type DeploymentRecord, type PromptRecord } from '../core/state.js';
import { declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import { refusal } from './decide.js';
import type { ReviewDeploymentInput } from './deployApi.js';
import { adoptPolicy } from './policySource.js';
import { requiredText } from './propose.js';
import { signNow } from './signNow.js';

/**
 * Records what somebody else found of a break-glass deployment, or that their review would not count. Throws
 * `reason.missing`, `event.unknown`, `review.notBreakGlass`, `review.refused`, and what the policy throws.
 */
export async function reviewDeployment(
  context: TrailContext,
  input: ReviewDeploymentInput,
): Promise<BreakGlassRow> {
  const { identity, outcome = 'accepted' } = input;
  const findings = requiredText(input.findings, 'reason.missing', 'A review needs its findings.');
  deploymentNamed(context, input.deployment);
  const who = await declareActor(context);
  await adoptPolicy(context, who);
  const { verdict, event } = await context.transact((tx) => {
    const { state } = context;
    const { deployment, prompt } = deploymentNamed(context, input.deployment);
    const verdict = reviewVerdict(state, deployment, {
      who: state.persons.actor(who),
      name: state.persons.ref(who).name,
      outcome,
      scope: everything,
      // It may be signed in a moment, or later.
      isAttended: identity === 'git' ? true : null,
    });
    const common = { who, prompt: prompt.id, identity };
    if (verdict.allowed) {
      const refs = { deployment: deployment.id, outcome };
      const event = tx.append({
        ...common,
        type: 'deployment.reviewed',
        refs,
        body: { findings },
      });
      return { verdict, event: event.id };
    }
    const { version, env } = deployment.event.header.refs;
    tx.append({
      ...common,
      type: 'attempt.denied',
      refs: {
        attempted: 'deployment.reviewed',
        version,
        policy: adoptionInScope(state, everything)!.event.header.refs.policy,
        env,
        decision: null,
        deployment: deployment.id,
      },
      body: { reasons: verdict.reasons },
    });
    return { verdict, event: null };
  });
  const { state, syncedSize, at = '' } = context.view;
  const { deployment, prompt } = deploymentNamed(context, input.deployment);
  const version = state.versions.get(deployment.event.header.refs.version)!;
  if (event === null)
    throw refusal(context, 'review.refused', 'review the deployment of', version, verdict);
  await signNow(context, who, [event]);
  return breakGlassRow({ state, syncedSize, now: at ?? '' }, prompt, deployment);
}

function deploymentNamed(
  { state }: TrailContext,
  id: EventId,
): { readonly prompt: PromptRecord; readonly deployment: DeploymentRecord } {
  const prompt = state.deployments.get(id);
  const deployment = prompt?.deployments.find((one) => one.id === id);
  if (prompt === undefined || deployment === undefined)
    throw new PromptAuditError({
      code: 'event.unknown',
      message: `There is no deployment with the event id ${shortHash(id)}.`,
      remedy: 'See what was deployed with: prompt-audit log',
    });
  if (deployment.breakGlass) return { prompt, deployment };
  throw new PromptAuditError({
    code: 'review.notBreakGlass',
    message: `The deployment ${shortHash(id)} was by the rules, not by break-glass.`,
    remedy: 'Only break-glass deployments are reviewed. To speak against a version, decide on it.',
  });
}
