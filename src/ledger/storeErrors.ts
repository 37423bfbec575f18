import { PromptAuditError } from '../core/errors.js';

export const notesLost =
  'The folder prompt-audit in the git directory was deleted or is incomplete. If this clone recorded events that it never synced or folded into ledger.sqlite, they are missing.';

export function ledgerMissing(): PromptAuditError {
  return new PromptAuditError({
    code: 'ledger.missing',
    message: 'There is no ledger here yet.',
    remedy: 'Run "prompt-audit init", or press "Set Up" in the Prompt Audit view.',
  });
}

export function ledgerExists(): PromptAuditError {
  return new PromptAuditError({
    code: 'ledger.exists',
    message: 'This repository has a ledger already.',
    remedy: 'Go on with it: nothing needs to be set up again.',
  });
}
