import { l10n } from 'vscode';
import type { RedactionRef } from '../../core/rows.js';
import { fullTime } from '../ui/time.js';

/** Who redacted what, when and why, in the user's language. */
export function redactionWords({ part, by, at, reason }: RedactionRef): string {
  return part === 'content'
    ? l10n.t('The text was redacted by {0} on {1} because {2}', by.name, fullTime(at), reason)
    : l10n.t('The details were redacted by {0} on {1} because {2}', by.name, fullTime(at), reason);
}
