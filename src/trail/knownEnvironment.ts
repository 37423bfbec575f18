import { environmentRule } from '../core/environmentRule.js';
import type { TrailContext } from './context.js';
import { workingPolicy } from './policySource.js';
import { unknownEnvironment } from './recordDeployment.js';

/** A misspelt name must not read as "nothing was deployed there". Throws `environment.unknown`. */
export async function assertKnownEnvironment(context: TrailContext, env: string): Promise<void> {
  const { state, policy } = context;
  const isDeployed = [...state.prompts.values()].some(({ deployments }) =>
    deployments.some((one) => one.env === env),
  );
  if (isDeployed || environmentRule(policy, env) !== undefined) return;
  // Before the first deployment no policy may be adopted yet.
  if (environmentRule(await workingPolicy(context.site), env) === undefined)
    throw unknownEnvironment(context, env);
}
