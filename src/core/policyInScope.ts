import { isPromptAuditError } from './errors.js';
import type { EventOf } from './event.js';
import type { Policy } from './policy.js';
import { parsePolicy } from './policyFile.js';
import type { LedgerState, Placed, Scope } from './state.js';

type Adoption = Placed<EventOf<'policy.adopted'>>;

/** Of more adoptions that had not seen each other only the last ones in the ledger are looked at: no team has so many. */
const mostConcurrent = 64;

/**
 * The newest adoption of a policy in scope: the one that has seen all others. Of several that had not seen each other
 * the one with the latest claimed time judges, then the one with the highest id: not the one that arrived last.
 */
export function adoptionInScope(state: LedgerState, scope: Scope): Adoption | undefined {
  const { causality, policies } = state;
  const newest: Adoption[] = [];
  for (let at = policies.length - 1; at >= 0; at--) {
    const one = policies[at]!;
    if (!scope(one.seq) || newest.some(({ seq }) => causality.isAncestor(one.seq, seq))) continue;
    newest.push(one);
    const before = policies[at - 1]?.seq ?? 0;
    if (newest.length === mostConcurrent || before < causality.firstUnseen(one.seq)) break;
  }
  return newest.length < 2 ? newest[0] : newest.reduce((a, b) => (isLater(b, a) ? b : a));
}

function isLater({ event: one }: Adoption, { event: other }: Adoption): boolean {
  const [a, b] = [one.header.at, other.header.at];
  return a === b ? one.id > other.id : a > b;
}

/** The newest policy in scope, or null where none was adopted or its text is gone or unreadable. */
export function policyInScope(state: LedgerState, scope: Scope): Policy | null {
  const adoption = adoptionInScope(state, scope);
  return adoption === undefined ? null : adoptedPolicy(state, adoption);
}

/** What was adopted; null where its text is gone or unreadable. */
export function adoptedPolicy(state: LedgerState, adoption: Adoption): Policy | null {
  const text = adoption.event.body?.policy;
  if (text === undefined) return null;
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
