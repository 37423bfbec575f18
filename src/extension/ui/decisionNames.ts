import { l10n } from 'vscode';
import type { DecisionKind } from '../../core/event.js';

/** A decision as a list calls it. */
export function decisionName(decision: DecisionKind): string {
  switch (decision) {
    case 'approved':
      return l10n.t('Approval');
    case 'changes-requested':
      return l10n.t('Request for changes');
    case 'rejected':
      return l10n.t('Rejection');
  }
}
