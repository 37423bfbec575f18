import { isPromptAuditError } from './errors.js';
import type { EventOf } from './event.js';
import type { Policy } from './policy.js';
import { parsePolicy } from './policyFile.js';
import type { LedgerState, Placed, Scope } from './state.js';

/** The newest adoption of a policy in scope. */
export function adoptionInScope(
  state: LedgerState,
  scope: Scope,
): Placed<EventOf<'policy.adopted'>> | undefined {
  return state.policies.findLast((p) => scope(p.seq));
}

/** The newest policy in scope, or null where none was adopted or its text is gone or unreadable. */
export function policyInScope(state: LedgerState, scope: Scope): Policy | null {
  const adoption = adoptionInScope(state, scope);
  const text = adoption?.event.body?.policy;
  if (adoption === undefined || text === undefined) return null;
  const known = state.parsedPolicies.get(adoption.seq);
  if (known !== undefined) return known;
  const policy = readable(text);
  state.parsedPolicies.set(adoption.seq, policy);
  return policy;
}

function readable(text: string): Policy | null {
  try {
    return parsePolicy(text);
  } catch (error) {
    if (isPromptAuditError(error, 'policy.invalid')) return null;
    throw error;
  }
}
