import { promptMatcher } from '../prompts/matcher.js';
import type { TrailContext } from './context.js';
import { workingPolicy } from './policySource.js';
import { listFiles } from './site.js';

/** Paths of what is tracked by the policy on disk; of what the ledger has where that cannot be read. */
export async function trackedPrompts({ site, state }: TrailContext): Promise<readonly string[]> {
  const policy = await workingPolicy(site).catch(() => null);
  if (policy !== null) return (await listFiles(site)).filter(promptMatcher(policy));
  return [...state.prompts.values()].flatMap(({ path, removed, retired }) =>
    path === null || removed || retired ? [] : [path],
  );
}
