import {
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type MarkdownString,
} from 'vscode';
import type { ActiveRow } from '../../core/rows.js';
import type { TrailSession } from '../session/trailSession.js';
import { ago } from '../ui/time.js';
import { promptName } from '../ui/words.js';
import type { NodeOf, TrailNode } from './nodes.js';
import { activeTooltip } from './tooltips.js';
import { expandedItem, TrailTree } from './trailTree.js';
import { withVerdict } from './verdictTooltip.js';

/** "Deployments": which version of each prompt is the active one, by environment. */
export class DeploymentsTree extends TrailTree {
  protected topLevel(session: TrailSession): TrailNode[] {
    const { state } = session;
    if (state.kind !== 'ready' || state.status.active.length === 0) {
      return [];
    }
    const { active } = state.status;
    const named = state.policy?.environments.map(({ name }) => name) ?? [];
    // An environment that the policy no longer names may still have something active in it.
    const all = new Set([...named, ...active.map(({ env }) => env)]);
    return [...all].reverse().map((env) => ({
      kind: 'environment',
      session,
      env,
      rows: active.filter((row) => row.env === env),
    }));
  }

  protected children(node: TrailNode): TrailNode[] {
    if (node.kind !== 'environment') {
      return [];
    }
    const rows = [...node.rows].sort((a, b) => a.path.localeCompare(b.path));
    return rows.map((row) => ({ kind: 'active', session: node.session, row }));
  }

  protected tooltip(node: TrailNode): Promise<MarkdownString> | undefined {
    return node.kind === 'active'
      ? withVerdict(node.session, node.row.deployment, activeTooltip(node.row))
      : undefined;
  }

  protected item(node: TrailNode): TreeItem {
    switch (node.kind) {
      case 'environment':
        return environmentItem(node);
      case 'active':
        return activeItem(node);
      default:
        return new TreeItem('');
    }
  }
}

function environmentItem({ session, env, rows }: NodeOf<'environment'>): TreeItem {
  const item = expandedItem(env, `environment:${session.root}:${env}`);
  if (rows.length === 0) {
    item.collapsibleState = TreeItemCollapsibleState.None;
  }
  item.description = rows.length === 0 ? l10n.t('nothing deployed') : '';
  item.iconPath = new ThemeIcon('server');
  item.contextValue = 'environment';
  return item;
}

/** An imported deployment was never judged, so nothing about it is missing. */
const isUnproven = ({ order, imported }: ActiveRow): boolean =>
  order !== 'proven' && imported === undefined;

/** Why the approval is not shown to come first. */
function orderText({ order }: ActiveRow): string {
  return order === 'after' ? l10n.t('approved afterwards') : l10n.t('approval not proven');
}

function activeItem({ session, row }: NodeOf<'active'>): TreeItem {
  const item = new TreeItem(
    `${promptName(row.path)} ${row.version}`,
    TreeItemCollapsibleState.None,
  );
  item.id = `active:${session.root}:${row.deployment}`;
  item.description = [
    l10n.t('{0}, {1}', row.deployedBy.name, ago(row.from)),
    row.rollback ? l10n.t('rolled back') : '',
    row.breakGlass ? l10n.t('break-glass') : '',
    row.imported !== undefined ? l10n.t('imported') : isUnproven(row) ? orderText(row) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
  item.iconPath = isUnproven(row)
    ? new ThemeIcon('warning', new ThemeColor('list.warningForeground'))
    : new ThemeIcon('rocket', new ThemeColor('promptAudit.approvedForeground'));
  item.contextValue = 'active';
  item.accessibilityInformation = {
    label: l10n.t(
      '{0} {1} is active in {2}, deployed by {3} {4}',
      row.path,
      row.version,
      row.env,
      row.deployedBy.name,
      ago(row.from),
    ),
  };
  item.command = {
    command: 'promptAudit.openVersion',
    title: l10n.t('Open Version'),
    arguments: [{ kind: 'active', session, row } satisfies TrailNode],
  };
  return item;
}
