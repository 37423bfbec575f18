import { ThemeColor, ThemeIcon } from 'vscode';
import type { VersionRow, VersionState } from '../../core/rows.js';

const icons: Readonly<Record<VersionState, readonly [string, string | null]>> = {
  waiting: ['circle-outline', 'promptAudit.pendingForeground'],
  approved: ['pass-filled', 'promptAudit.approvedForeground'],
  'changes-requested': ['request-changes', 'promptAudit.pendingForeground'],
  rejected: ['error', 'errorForeground'],
  withdrawn: ['circle-slash', 'disabledForeground'],
  superseded: ['history', 'disabledForeground'],
};

export function stateIcon(state: VersionState): ThemeIcon {
  const [icon, color] = icons[state];
  return color === null ? new ThemeIcon(icon) : new ThemeIcon(icon, new ThemeColor(color));
}

/** The icon of a version: where it is live matters more than that it was approved. */
export function versionIcon(version: VersionRow): ThemeIcon {
  return version.activeIn.length > 0
    ? new ThemeIcon('rocket', new ThemeColor('promptAudit.approvedForeground'))
    : stateIcon(version.state);
}
