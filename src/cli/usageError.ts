import { PromptAuditError } from '../core/errors.js';

/** The command line cannot be understood; exit status 3. */
export function usageError(message: string, remedy: string): PromptAuditError {
  return new PromptAuditError({ code: 'usage', message, remedy });
}
