import {
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type MarkdownString,
} from 'vscode';
import type { VersionRow } from '../../core/rows.js';
import { shownReviews } from '../session/reviews.js';
import type { TrailSession } from '../session/trailSession.js';
import { openCommentsWords } from '../talk/threadWords.js';
import { ago } from '../ui/time.js';
import { approvalsText, promptName, folderName } from '../ui/words.js';
import { stateIcon } from '../ui/stateIcon.js';
import type { NodeOf, ReviewGroup, TrailNode } from './nodes.js';
import { versionTooltip } from './tooltips.js';
import { withVerdict } from './verdictTooltip.js';
import { expandedItem, TrailTree } from './trailTree.js';

/** "Needs Review": what waits for a decision, and whose turn it is. */
export class ReviewTree extends TrailTree {
  protected topLevel(session: TrailSession): TrailNode[] {
    const { mine, others, changes } = shownReviews(session);
    const groups: readonly NodeOf<'reviewGroup'>[] = [
      { kind: 'reviewGroup', session, group: 'mine', rows: mine },
      { kind: 'reviewGroup', session, group: 'others', rows: others },
      { kind: 'reviewGroup', session, group: 'changes', rows: changes },
    ];
    return groups.filter(({ rows }) => rows.length > 0);
  }

  protected children(node: TrailNode): TrailNode[] {
    if (node.kind !== 'reviewGroup') {
      return [];
    }
    const { session, group } = node;
    return node.rows.map((row) => ({ kind: 'review', session, group, row }));
  }

  protected tooltip(node: TrailNode): Promise<MarkdownString> | undefined {
    if (node.kind !== 'review') {
      return undefined;
    }
    const { session, row } = node;
    return withVerdict(session, row.version.id, versionTooltip(row.version, row.blockedBecause));
  }

  protected item(node: TrailNode): TreeItem {
    switch (node.kind) {
      case 'reviewGroup':
        return groupItem(node);
      case 'review':
        return reviewItem(node);
      default:
        return new TreeItem('');
    }
  }
}

/** Whose review was asked for and is still missing. */
function askedText({ requested = [] }: VersionRow): string {
  return requested.length === 0
    ? ''
    : l10n.t('asked: {0}', requested.map(({ name }) => name).join(', '));
}

function groupItem(node: NodeOf<'reviewGroup'>): TreeItem {
  const item = expandedItem(groupText(node.group), `group:${node.session.root}:${node.group}`);
  item.description = String(node.rows.length);
  item.iconPath = new ThemeIcon(groupIcons[node.group]);
  item.contextValue = 'reviewGroup';
  return item;
}

const groupIcons: Readonly<Record<ReviewGroup, string>> = {
  mine: 'inbox',
  others: 'organization',
  changes: 'request-changes',
};

function groupText(group: ReviewGroup): string {
  switch (group) {
    case 'mine':
      return l10n.t('Waiting for me');
    case 'others':
      return l10n.t('Waiting for others');
    case 'changes':
      return l10n.t('Changes requested');
  }
}

function reviewItem({ session, group, row }: NodeOf<'review'>): TreeItem {
  const { version, base } = row;
  const item = new TreeItem(
    `${promptName(version.path)} ${version.label}`,
    TreeItemCollapsibleState.None,
  );
  item.id = `review:${session.root}:${version.id}`;
  item.description = [
    l10n.t('{0} of {1}', version.approvals.given, version.approvals.required),
    row.requestedOfMe === true ? l10n.t('you were asked') : '',
    openCommentsWords(version.openComments),
    l10n.t('{0}, {1}', version.proposedBy.name, ago(version.at)),
    askedText(version),
    folderName(version.path),
  ]
    .filter((part) => part !== '')
    .join(' · ');
  item.iconPath =
    row.requestedOfMe === true
      ? new ThemeIcon('mention', new ThemeColor('promptAudit.pendingForeground'))
      : stateIcon(version.state);
  item.contextValue = `review.${group}`;
  const spoken = l10n.t(
    '{0} {1}, {2}, proposed by {3} {4}',
    version.path,
    version.label,
    approvalsText(version),
    version.proposedBy.name,
    ago(version.at),
  );
  const asked = row.requestedOfMe === true ? l10n.t('you were asked') : askedText(version);
  item.accessibilityInformation = {
    label: [spoken, openCommentsWords(version.openComments), asked]
      .filter((part) => part !== '')
      .join(', '),
  };
  item.command = {
    command: 'promptAudit.compareWithApproved',
    title: l10n.t('Compare with Approved Version'),
    arguments: [{ kind: 'review', session, group, row: { ...row, base } } satisfies TrailNode],
  };
  return item;
}
