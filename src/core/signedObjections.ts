import type { EventOf } from './event.js';
import type { Identities } from './identities.js';
import { isSigned, signerAddresses } from './signatures.js';
import type { LedgerState, Placed, Scope } from './state.js';
import type { Decision } from './trace.js';

/**
 * Whether a decision falls by a later one, or by a revocation, of its own person. Everybody who can write to the
 * ledger can use another's address, so an objection with a good signature falls only by a good signature of the same
 * address, or of another that the policy or `.mailmap` gives the same person. Approvals fall by anything.
 */
export function fallsBy(
  state: LedgerState,
  decision: Decision,
  later: Placed<EventOf<'review.decided'> | EventOf<'review.revoked'>>,
  scope: Scope,
  identities: Identities,
): boolean {
  const { id, header } = decision.event;
  if (header.refs.decision === 'approved') return true;
  const signers = state.signatures.has(id) ? signerAddresses(state, id, scope) : [];
  // Joining two ids takes nobody's objection away.
  if (signers.length === 0) return identities.isOwn(header.who, later.event.header.who);
  if (!isSigned(state, later.event.id, scope)) return false;
  // Not by what somebody declares or joins without a signature: by the address that each key was good for.
  const names = signers.flatMap((email) => [...identities.namesOf({ ids: [], email })]);
  return signerAddresses(state, later.event.id, scope).some((email) =>
    [...identities.namesOf({ ids: [], email })].some((name) => names.includes(name)),
  );
}
