import {
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
} from 'vscode';
import { isOverdue, dueText } from '../deploy/breakGlassWords.js';
import { ago, fullTime } from '../ui/time.js';
import { promptName } from '../ui/words.js';
import type { NodeOf, TrailNode } from './nodes.js';
import { expandedItem } from './trailTree.js';

/** What waits for somebody's eyes stands above the environments. */
export function breakGlassGroupItem({ session, rows }: NodeOf<'breakGlassGroup'>): TreeItem {
  const item = expandedItem(l10n.t('Emergency reviews'), `breakGlass:${session.root}`);
  const overdue = rows.filter((row) => isOverdue(row)).length;
  item.description =
    overdue === 0 ? String(rows.length) : l10n.t('{0}, {1} overdue', rows.length, overdue);
  item.iconPath = new ThemeIcon('eye');
  item.contextValue = 'breakGlassGroup';
  return item;
}

export function breakGlassItem({ session, row }: NodeOf<'breakGlass'>): TreeItem {
  const item = new TreeItem(
    `${promptName(row.path)} ${row.version}`,
    TreeItemCollapsibleState.None,
  );
  const words = [dueText(row), row.env, l10n.t('{0}, {1}', row.deployedBy.name, ago(row.at))];
  item.id = `breakGlass:${session.root}:${row.deployment}`;
  item.description = words.join(' · ');
  item.iconPath = isOverdue(row)
    ? new ThemeIcon('warning', new ThemeColor('list.warningForeground'))
    : new ThemeIcon('circle-outline', new ThemeColor('promptAudit.pendingForeground'));
  item.contextValue = 'breakGlass';
  item.tooltip = tooltip(row);
  item.accessibilityInformation = { label: [row.path, row.version, ...words].join(', ') };
  item.command = {
    command: 'promptAudit.openVersion',
    title: l10n.t('Open Version'),
    arguments: [{ kind: 'breakGlass', session, row } satisfies TrailNode],
  };
  return item;
}

/** Names and reasons come from the ledger: they go in as text, never as Markdown. */
function tooltip(row: NodeOf<'breakGlass'>['row']): MarkdownString {
  const lines = [
    `${row.path} ${row.version} · ${row.env}`,
    l10n.t('Deployed by {0}, {1}', row.deployedBy.name, fullTime(row.at)),
    ...(row.reason === null ? [] : [l10n.t('Reason: {0}', row.reason)]),
    ...(row.due === null ? [] : [l10n.t('To be reviewed until {0}', fullTime(row.due))]),
    row.reviewers.length === 0
      ? l10n.t('By anybody but who deployed it')
      : l10n.t('By somebody else with one of the roles {0}', row.reviewers.join(', ')),
  ];
  return lines.reduce(
    (text, line) => text.appendText(line).appendMarkdown('\n\n'),
    new MarkdownString(),
  );
}
