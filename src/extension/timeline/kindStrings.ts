import { l10n } from 'vscode';
import type { ReadyResult } from '../../webview/protocol.js';

type Strings = ReadyResult['strings'];

/** The words for kinds of events, versions and decisions. */
export function kindStrings(): Pick<Strings, 'groups' | 'variants' | 'states' | 'decisions'> {
  return {
    groups: {
      edits: l10n.t('Edits'),
      versions: l10n.t('Versions'),
      decisions: l10n.t('Decisions'),
      deployments: l10n.t('Deployments'),
      refusals: l10n.t('Refusals'),
      people: l10n.t('People & policy'),
      other: l10n.t('Other'),
    },
    variants: {
      approved: l10n.t('approved'),
      'changes-requested': l10n.t('changes requested'),
      rejected: l10n.t('rejected'),
      rollback: l10n.t('rollback'),
      'break-glass': l10n.t('break-glass'),
      failed: l10n.t('failed'),
    },
    states: {
      waiting: l10n.t('Waiting for review'),
      approved: l10n.t('Approved'),
      'changes-requested': l10n.t('Changes requested'),
      rejected: l10n.t('Rejected'),
      withdrawn: l10n.t('Withdrawn'),
      superseded: l10n.t('Superseded'),
    },
    decisions: {
      approved: l10n.t('approved'),
      'changes-requested': l10n.t('requested changes'),
      rejected: l10n.t('rejected'),
    },
  };
}
