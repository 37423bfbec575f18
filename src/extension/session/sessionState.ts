import { PromptAuditError, isPromptAuditError } from '../../core/errors.js';
import type { Policy } from '../../core/policy.js';
import type { TrailStatus } from '../../trail/api.js';

/** What is known about one repository. */
export type SessionState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'uninitialized'; readonly git: boolean }
  | { readonly kind: 'failed'; readonly error: PromptAuditError; readonly damaged: boolean }
  | {
      readonly kind: 'ready';
      readonly status: TrailStatus;
      /** Prompts that another program changed, and no commit says who. */
      readonly outside: ReadonlySet<string>;
      /** Null when the policy is missing or wrong; `policyError` then says why. */
      readonly policy: Policy | null;
      readonly policyError: PromptAuditError | null;
    };

/** Whether an error means that the ledger file itself cannot be believed. */
export function meansDamage(error: PromptAuditError): boolean {
  return error.code === 'ledger.damaged' || error.code === 'ledger.foreign';
}

/** Whether an error is a mistake in the policy file, which its own text has to cure. */
export function isPolicyError(error: PromptAuditError): boolean {
  return error.code === 'policy.invalid' || error.code === 'policy.missing';
}

/** Whatever went wrong while the trail was read, in words for people. */
export function asKnownError(error: unknown): PromptAuditError {
  if (isPromptAuditError(error)) {
    return error;
  }
  return new PromptAuditError({
    code: 'ledger.damaged',
    message: 'The audit trail could not be read.',
    remedy: 'See the log for the cause; nothing was overwritten.',
    cause: error,
  });
}
