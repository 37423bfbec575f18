import { l10n } from 'vscode';
import { deploymentReasonText, factText, reasonText } from '../../core/reasons.js';

/** A reason code in the user's language, where the bundle has it, else in English. Speaks to who was refused. */
export function reasonWords(code: string): string {
  return l10n.t(reasonText(code));
}

/** As `reasonWords`, of somebody else's act. */
export function factWords(code: string): string {
  return l10n.t(factText(code));
}

/** As `reasonWords`, to who wants to deploy: codes about approvers are not about them. */
export function deploymentReasonWords(code: string): string {
  return l10n.t(deploymentReasonText(code));
}
