import { PromptAuditError } from '../core/errors.js';
import type { Trail } from '../trail/api.js';

/** A misspelt name must not read as "nothing is active there". Throws `environment.unknown`. */
export async function assertKnownEnvironment(trail: Trail, env: string): Promise<void> {
  if ((await trail.active(null, env)).length > 0) return;
  // One that the policy has no more, and where everything was ended, has a past all the same.
  const deployed = await trail.log({ types: ['deployment.recorded'] });
  if (deployed.some((row) => row.env === env)) return;
  const { environments } = await trail.policy();
  if (environments.some((one) => one.name === env)) return;
  throw new PromptAuditError({
    code: 'environment.unknown',
    message: `There is no environment "${env}", and nothing was ever deployed to it.`,
    remedy: `The policy names ${environments.map((one) => one.name).join(', ') || 'none'}.`,
  });
}
