import { activeRow, spanOf } from '../core/activeRows.js';
import { endVerdict } from '../core/afterDeployment.js';
import { PromptAuditError } from '../core/errors.js';
import { adoptionInScope } from '../core/policyInScope.js';
import type { ActiveRow } from '../core/rows.js';
import { everything, type DeploymentRecord } from '../core/state.js';
import { declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import { refusal } from './decide.js';
import type { UndeployInput } from './deployApi.js';
import { adoptPolicy } from './policySource.js';
import { requiredText } from './propose.js';
import { activeIn } from './recordDeployment.js';
import { promptAt } from './resolveVersion.js';
import { signNow } from './signNow.js';

/**
 * Records that a prompt is active no more in an environment, with nothing in its place, or that the policy refused it.
 * Answers the deployment that was ended. Throws `undeploy.nothing`, `undeploy.refused`, `reason.missing`,
 * and what the policy throws.
 */
export async function undeploy(context: TrailContext, input: UndeployInput): Promise<ActiveRow> {
  const { path, env, identity } = input;
  const reason = requiredText(input.reason, 'reason.missing', 'To undeploy needs a reason.');
  deploymentMeant(context, path, env);
  const who = await declareActor(context);
  await adoptPolicy(context, who);
  const { deployment, verdict, ended } = await context.transact((tx) => {
    const { state, policy } = context;
    const deployment = deploymentMeant(context, path, env);
    const actor = state.persons.actor(who);
    const verdict = endVerdict({ state, policy, scope: everything, who: actor, env });
    const common = { who, prompt: state.deployments.get(deployment.id)!.id, identity };
    if (verdict.allowed) {
      const refs = { deployment: deployment.id };
      const event = tx.append({ ...common, type: 'deployment.ended', refs, body: { reason } });
      return { deployment, verdict, ended: event.id };
    }
    tx.append({
      ...common,
      type: 'attempt.denied',
      refs: {
        attempted: 'deployment.ended',
        version: deployment.event.header.refs.version,
        policy: adoptionInScope(state, everything)!.event.header.refs.policy,
        env,
        decision: null,
        deployment: deployment.id,
      },
      body: { reasons: verdict.reasons },
    });
    return { deployment, verdict, ended: null };
  });
  const { state, finalSize } = context;
  const version = state.versions.get(deployment.event.header.refs.version)!;
  if (ended === null) throw refusal(context, 'undeploy.refused', 'undeploy', version, verdict);
  await signNow(context, who, [ended]);
  return activeRow(state, finalSize, spanOf(state, deployment.id)!);
}

function deploymentMeant(context: TrailContext, path: string, env: string): DeploymentRecord {
  const prompt = promptAt(context, path, { forWriting: true });
  const active = activeIn(prompt, env);
  if (active !== undefined) return active;
  throw new PromptAuditError({
    code: 'undeploy.nothing',
    message: `Nothing of ${prompt.path} is active in ${env}.`,
    remedy: 'See what is active with: prompt-audit active',
  });
}
