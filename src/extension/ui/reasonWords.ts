import { l10n } from 'vscode';
import { reasonText } from '../../core/reasons.js';

/** A reason code in the user's language, where the bundle has it, else in English. */
export function reasonWords(code: string): string {
  return l10n.t(reasonText(code));
}
