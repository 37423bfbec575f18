import {
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type MarkdownString,
} from 'vscode';
import type { BreakGlassRow } from '../../core/deploymentRows.js';
import type { ActiveRow } from '../../core/rows.js';
import { reviewStateText } from '../deploy/breakGlassWords.js';
import type { BreakGlassReviews } from '../session/breakGlassReviews.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';
import { ago } from '../ui/time.js';
import { promptName } from '../ui/words.js';
import { breakGlassGroupItem, breakGlassItem } from './breakGlassItems.js';
import type { NodeOf, TrailNode } from './nodes.js';
import { activeTooltip } from './tooltips.js';
import { expandedItem, TrailTree } from './trailTree.js';
import { withVerdict } from './verdictTooltip.js';

/** "Deployments": which version of each prompt is the active one, by environment. */
export class DeploymentsTree extends TrailTree {
  constructor(
    sessions: Sessions,
    private readonly reviews: BreakGlassReviews,
  ) {
    super(sessions);
    this._register(reviews.onDidChange(() => this.redraw()));
  }

  protected topLevel(session: TrailSession): TrailNode[] {
    const rows = this.reviews.of(session);
    const environments = this.environments(session);
    return rows.length === 0
      ? environments
      : [{ kind: 'breakGlassGroup', session, rows }, ...environments];
  }

  private environments(session: TrailSession): TrailNode[] {
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
    if (node.kind === 'breakGlassGroup') {
      return node.rows.map((row) => ({ kind: 'breakGlass', session: node.session, row }));
    }
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
        return activeItem(node, this.reviews.of(node.session));
      case 'breakGlassGroup':
        return breakGlassGroupItem(node);
      case 'breakGlass':
        return breakGlassItem(node);
      default:
        return new TreeItem('');
    }
  }
}

function environmentItem({ session, env, rows }: NodeOf<'environment'>): TreeItem {
  // With one id for both, an environment would stay folded when it gets its first row.
  const kind = rows.length === 0 ? 'empty' : 'environment';
  const item = expandedItem(env, `${kind}:${session.root}:${env}`);
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

/** Why the approval is not shown to come first. `after` also stands where none that counts ever came. */
function orderText({ order }: ActiveRow): string {
  return order === 'after' ? l10n.t('not approved before') : l10n.t('approval not proven');
}

function activeItem(
  { session, row }: NodeOf<'active'>,
  unreviewed: readonly BreakGlassRow[],
): TreeItem {
  const review = unreviewed.find(({ deployment }) => deployment === row.deployment);
  const item = new TreeItem(
    `${promptName(row.path)} ${row.version}`,
    TreeItemCollapsibleState.None,
  );
  item.id = `active:${session.root}:${row.deployment}`;
  item.description = [
    review === undefined ? '' : reviewStateText(review),
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
  item.contextValue = review === undefined ? 'active' : 'active.unreviewed';
  const spoken = l10n.t('{0} {1} is active in {2}', row.path, row.version, row.env);
  item.accessibilityInformation = {
    label: [spoken, item.description].join(' · '),
  };
  item.command = {
    command: 'promptAudit.openVersion',
    title: l10n.t('Open Version'),
    arguments: [{ kind: 'active', session, row } satisfies TrailNode],
  };
  return item;
}
