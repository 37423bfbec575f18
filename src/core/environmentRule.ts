import type { EnvironmentRule, Policy } from './policy.js';

export function environmentRule(policy: Policy, env: string): EnvironmentRule | undefined {
  return policy.environments.find((e) => e.name === env);
}
