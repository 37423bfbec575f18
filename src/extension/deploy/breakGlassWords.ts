import { l10n, type QuickPickItem } from 'vscode';
import type { BreakGlassRow } from '../../core/deploymentRows.js';
import { ago } from '../ui/time.js';
import { promptName } from '../ui/words.js';

/** Whether the time that the policy gave for the review is over, by this machine's clock. */
export function isOverdue({ state, due }: BreakGlassRow, now = Date.now()): boolean {
  return state === 'overdue' || (state === 'open' && due !== null && Date.parse(due) <= now);
}

/** How the review of an emergency deployment stands. */
export function reviewStateText(row: BreakGlassRow): string {
  if (row.state === 'objected') {
    return l10n.t('objected');
  }
  if (row.due === null) {
    return l10n.t('not reviewed');
  }
  return isOverdue(row) ? l10n.t('review overdue') : l10n.t('review due {0}', ago(row.due));
}

/** The same where it stands among such reviews. */
export function dueText(row: BreakGlassRow): string {
  if (row.state === 'objected') {
    return l10n.t('objected');
  }
  if (row.due === null) {
    return l10n.t('not reviewed');
  }
  return isOverdue(row) ? l10n.t('overdue') : l10n.t('due {0}', ago(row.due));
}

/** What is due first stands first. */
export function byDue(rows: readonly BreakGlassRow[]): readonly BreakGlassRow[] {
  const end = ({ due }: BreakGlassRow): string => due ?? '9';
  return [...rows].sort((a, b) => (end(a) < end(b) ? -1 : end(a) > end(b) ? 1 : 0));
}

/** It in a list to choose from. */
export function breakGlassEntry(row: BreakGlassRow): QuickPickItem {
  const words = [row.env, row.deployedBy.name, ago(row.at), reviewStateText(row)];
  return {
    label: `${isOverdue(row) ? '$(warning)' : '$(circle-outline)'} ${promptName(row.path)} ${row.version}`,
    description: words.join(' · '),
    ...(row.reason === null ? {} : { detail: row.reason }),
  };
}

/** `1 review of an emergency deployment is overdue`. */
export function overdueText(count: number): string {
  return count === 1
    ? l10n.t('1 review of an emergency deployment is overdue')
    : l10n.t('{0} reviews of emergency deployments are overdue', count);
}
