import { environmentRule } from './environmentRule.js';
import type { Policy } from './policy.js';
import { adoptedPolicy, policyInScope } from './policyInScope.js';
import type { LedgerState, Scope } from './state.js';

/**
 * The newest adopted policy in scope that has an environment; null where none has. Of several that had not seen each
 * other the same one judges as among all adoptions (policyInScope.ts).
 */
export function policyWithEnvironment(
  state: LedgerState,
  scope: Scope,
  env: string,
): Policy | null {
  const having = new Set<number>();
  for (const adoption of state.policies) {
    const policy = scope(adoption.seq) ? adoptedPolicy(state, adoption) : null;
    if (policy !== null && environmentRule(policy, env)) having.add(adoption.seq);
  }
  return policyInScope(state, (seq) => having.has(seq));
}
