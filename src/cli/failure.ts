import { PromptAuditError, type ExitStatus } from '../core/errors.js';
import { printable } from './printable.js';
import { deploymentReasonText, reasonText } from '../core/reasons.js';
import { programName } from './tool.js';

export interface Failure {
  readonly status: ExitStatus;
  /** For standard error, with a newline at its end. */
  readonly text: string;
}

/** An error as people read it: what happened, why, what to do. A stack trace only for `debug`. */
export function failureOf(error: unknown, debug: boolean): Failure {
  const stack = debug && error instanceof Error ? `${error.stack ?? ''}\n` : '';
  if (error instanceof PromptAuditError) {
    const words = error.code === 'deployment.refused' ? deploymentReasonText : reasonText;
    const reasons = error.reasons.map((code) => `  - ${printable(words(code))}\n`).join('');
    const remedy = `  ${printable(error.remedy)}\n`;
    const text = `${programName}: ${printable(error.message)}\n${reasons}${remedy}${stack}`;
    return { status: error.exitStatus, text };
  }
  const message = printable(error instanceof Error ? error.message : String(error));
  const hint = debug ? '' : ' (PROMPT_AUDIT_DEBUG=1 shows where)';
  return { status: 2, text: `${programName}: unexpected error: ${message}${hint}\n${stack}` };
}
