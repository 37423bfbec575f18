import { PromptAuditError } from '../core/errors.js';
import type { LedgerEvent } from '../core/event.js';
import type { Policy } from '../core/policy.js';
import { adoptionInScope } from '../core/policyInScope.js';
import { isSigned as isSignedIn } from '../core/signatures.js';
import { judgeSigner, parseAllowedSigners } from '../core/ssh/allowedSigners.js';
import type { PersonId } from '../core/ids.js';
import { fingerprint, type SshPublicKey } from '../core/ssh/publicKey.js';
import { everything } from '../core/state.js';
import { signatureNamespace } from '../signing/signer.js';
import type { TrailContext } from './context.js';

/** The text of allowed_signers that counts for what is attached now; null where none was adopted. */
export function adoptedSigners({ state }: TrailContext): string | null {
  return adoptionInScope(state, everything)?.event.body?.allowedSigners ?? null;
}

/** Whether anybody of the team has a key in the trail. */
export function hasSigners(context: TrailContext): boolean {
  return parseAllowedSigners(adoptedSigners(context) ?? '').signers.length > 0;
}

/** Whether a text of allowed_signers gives a key to an address, now. */
export function allowsNow(text: string | null, key: SshPublicKey, principal: string): boolean {
  const namespace = signatureNamespace;
  const query = { key, principal, namespace, time: Date.now() / 1000, ignoreCase: true };
  return judgeSigner(parseAllowedSigners(text ?? ''), query).status === 'good';
}

/** Whether a signature by this key, attached now, would count as that of the person of the event. */
export function mayCount(context: TrailContext, event: LedgerEvent, key: SshPublicKey): boolean {
  const { email } = context.state.persons.ref(event.header.who);
  return email !== null && allowsNow(adoptedSigners(context), key, email);
}

/** The keys that would count now as this person's, as `SHA256:…`. */
export function keysOf(context: TrailContext, who: PersonId): readonly string[] {
  const { email } = context.state.persons.ref(who);
  const text = adoptedSigners(context);
  if (email === null || text === null) return [];
  const keys = parseAllowedSigners(text).signers.map(({ key }) => key);
  return [...new Set(keys.filter((key) => allowsNow(text, key, email)).map(fingerprint))];
}

/** The person has a key in the trail, and git would sign with another. */
export function otherKey(fingerprint: string, enrolled: readonly string[]): PromptAuditError {
  return new PromptAuditError({
    code: 'signing.notSetUp',
    message: `git would sign with ${fingerprint}, which is not the key that allowed_signers has for you (${enrolled.slice(0, 3).join(', ')}).`,
    remedy:
      'Set user.signingkey to the key that it has, then run: prompt-audit sign. Or add this key with: prompt-audit sign --enroll, and have the file merged.',
  });
}

/** Whether a signature counts for an event. */
export function isSigned({ state }: TrailContext, event: LedgerEvent): boolean {
  return isSignedIn(state, event.id, everything);
}

/** Whether a rule of the policy counts signed approvals only. */
export function wantsSignatures({ approvals, environments }: Policy): boolean {
  return approvals.signed || environments.some((one) => one.approvals?.signed === true);
}

export function keyNotAdopted(
  { state }: TrailContext,
  event: LedgerEvent,
  fingerprint: string | null,
): PromptAuditError {
  const { email } = state.persons.ref(event.header.who);
  const key = fingerprint === null ? 'Your key' : `Your key ${fingerprint}`;
  return new PromptAuditError({
    code: 'signing.notSetUp',
    message: `${key} does not sign for ${email ?? 'you'} in the allowed_signers that the trail adopted, so the signature would not count.`,
    remedy:
      'Add it with: prompt-audit sign --enroll. Have the file merged into the protected branch, fetch that, then run: prompt-audit sign',
  });
}
