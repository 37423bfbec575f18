import { l10n } from 'vscode';
import type { ReviewFault } from '../../core/rows.js';

/** Why a review of a finding does not count, each in one sentence. */
export function reviewFaults(): Readonly<Record<ReviewFault, string>> {
  return {
    'same-person': l10n.t('It does not count: the same person recorded the event.'),
    'same-clone': l10n.t('It does not count: the same clone recorded the event.'),
    unattended: l10n.t('It does not count: nobody was there, and it is not signed.'),
    'event-unknown': l10n.t('It does not count: the event is not in the ledger here.'),
  };
}
