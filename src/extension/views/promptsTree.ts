import {
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type MarkdownString,
} from 'vscode';
import type { PromptRow } from '../../core/rows.js';
import type { Sessions } from '../session/sessions.js';
import type { Syncer } from '../session/syncer.js';
import type { TrailSession } from '../session/trailSession.js';
import { baseUri, versionTitle, versionUri } from '../review/diff.js';
import { changeLines, changeText } from '../ui/changeWords.js';
import { stateIcon, versionIcon } from '../ui/stateIcon.js';
import { ago } from '../ui/time.js';
import { baseName, folderName, latestText, promptName, stateText } from '../ui/words.js';
import type { NodeOf, TrailNode } from './nodes.js';
import { versionTooltip } from './tooltips.js';
import { recorderItem, recorderPause } from './recorderItem.js';
import { syncItem, syncPlace, type SyncRow } from './syncItem.js';
import { TrailTree } from './trailTree.js';
import { withVerdict } from './verdictTooltip.js';

const shownVersions = 20;

/** Made once: `localeCompare` is slow for thousands of names. */
const byName = new Intl.Collator();

/** "Prompts": every tracked prompt with its versions, newest first. */
export class PromptsTree extends TrailTree {
  /** One for each repository, so that the row can be drawn anew by itself. */
  private readonly syncRows = new WeakMap<TrailSession, SyncRow>();

  constructor(
    sessions: Sessions,
    private readonly sync: Syncer,
  ) {
    super(sessions);
    this._register(sync.onDidChange((session) => this.redrawSync(session)));
  }

  /** Says anew how a repository stands to its remote. */
  redrawSync(session: TrailSession): void {
    const row = this.syncRows.get(session);
    const place = syncPlace(session, this.sync.summary(session));
    if (row === undefined || row.place !== place) {
      // Where it gets another place all rows do.
      this.redraw();
    } else if (place !== 'none') {
      this.redraw(row.node);
    }
  }

  protected topLevel(session: TrailSession): TrailNode[] {
    const prompts = this.prompts(session);
    const place = syncPlace(session, this.sync.summary(session));
    const node = this.syncRows.get(session)?.node ?? { kind: 'sync', session };
    this.syncRows.set(session, { node, place });
    const paused: TrailNode[] = recorderPause(session) ? [{ kind: 'recorder', session }] : [];
    return [
      ...paused,
      ...(place === 'first' ? [node] : []),
      ...prompts,
      ...(place === 'last' ? [node] : []),
    ];
  }

  private prompts(session: TrailSession): TrailNode[] {
    if (session.state.kind !== 'ready') {
      return [];
    }
    const rows = session.state.status.prompts.filter(isListed);
    const label = labels(rows);
    return [...rows]
      .map((row): TrailNode => ({ kind: 'prompt', session, row, label: label(row.path) }))
      .sort((a, b) => byName.compare(promptPath(a), promptPath(b)));
  }

  protected async children(node: TrailNode): Promise<TrailNode[]> {
    if (node.kind !== 'prompt' || node.row.latest === null) {
      return [];
    }
    const { session } = node;
    const { path } = node.row;
    // One more than is shown: the last of them is compared with it.
    const versions = newestFirst((await session.trail?.versions(path, shownVersions + 1)) ?? []);
    const nodes = versions.slice(0, shownVersions).map((version, index): TrailNode => {
      return { kind: 'version', session, version, previous: versions[index + 1] ?? null };
    });
    // They are counted from 1.
    const count = versions[shownVersions]?.number ?? 0;
    return count > 0 ? [...nodes, { kind: 'olderVersions', session, path, count }] : nodes;
  }

  protected tooltip(node: TrailNode): Promise<MarkdownString> | undefined {
    return node.kind === 'version'
      ? withVerdict(node.session, node.version.id, versionTooltip(node.version))
      : undefined;
  }

  protected item(node: TrailNode): TreeItem {
    switch (node.kind) {
      case 'prompt':
        return promptItem(node);
      case 'version':
        return versionItem(node);
      case 'olderVersions':
        return olderItem(node);
      case 'recorder':
        return recorderItem(node);
      case 'sync':
        return syncItem(node, this.sync.summary(node.session));
      default:
        return new TreeItem('');
    }
  }
}

/** Whether a prompt without a file here is still of use in the list: somebody may review or run it. */
function isListed({ working, latest, active, pending }: PromptRow): boolean {
  if (working === 'removed') {
    return active.length > 0 || latest?.state === 'waiting';
  }
  return working !== 'elsewhere' || latest !== null || pending !== undefined;
}

function isGone({ working }: PromptRow): boolean {
  return working === 'missing' || working === 'removed' || working === 'elsewhere';
}

function promptPath(node: TrailNode): string {
  return node.kind === 'prompt' ? node.row.path : '';
}

function newestFirst<T extends { readonly number: number }>(versions: readonly T[]): readonly T[] {
  return [...versions].sort((a, b) => b.number - a.number);
}

/** File names, with the folder in front where several prompts share one, as all `SKILL.md` do. */
function labels(rows: readonly PromptRow[]): (path: string) => string {
  const seen = new Map<string, number>();
  for (const { path } of rows) {
    seen.set(baseName(path), (seen.get(baseName(path)) ?? 0) + 1);
  }
  return (path) => {
    const name = baseName(path);
    const folder = baseName(folderName(path));
    return (seen.get(name) ?? 0) > 1 && folder !== '' ? `${folder}/${name}` : promptName(path);
  };
}

function promptItem({ session, row, label }: NodeOf<'prompt'>): TreeItem {
  const { latest } = row;
  const item = new TreeItem(
    label,
    latest === null ? TreeItemCollapsibleState.None : TreeItemCollapsibleState.Collapsed,
  );
  const words = [latestText(latest), changeText(session, row), row.problem].filter(
    (part) => part !== null,
  );
  item.id = `prompt:${session.root}:${row.path}`;
  item.description = words.join(' · ');
  item.iconPath = promptIcon(row);
  item.tooltip = [row.path, row.problem, ...changeLines(session, row)]
    .filter((part) => part !== null)
    .join('\n');
  item.contextValue = promptContext(row);
  // Spoken in full: who can't see the icon is told that there is no version yet.
  const spoken = latest === null ? [l10n.t('no version'), ...words] : words;
  item.accessibilityInformation = { label: [row.path, ...spoken].join(', ') };
  if (!isGone(row)) {
    item.command = {
      command: 'vscode.open',
      title: l10n.t('Open Prompt'),
      arguments: [session.location.uriOf(row.path)],
    };
  }
  return item;
}

/** What the prompt can be asked for, read by `when` clauses: `prompt.versions.unproposed`, say. */
function promptContext(row: PromptRow): string {
  const { latest, working } = row;
  const versions = latest === null ? '' : '.versions';
  const settled = working === 'current' || working === 'untracked' || isGone(row);
  return `prompt${versions}${settled ? '' : '.unproposed'}`;
}

function promptIcon({ latest, working, problem }: PromptRow): ThemeIcon {
  if (problem !== null || working === 'missing') {
    return new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  }
  return latest === null ? new ThemeIcon('circle-large-outline') : stateIcon(latest.state);
}

function versionItem({ session, version, previous }: NodeOf<'version'>): TreeItem {
  const item = new TreeItem(version.label, TreeItemCollapsibleState.None);
  const active = version.activeIn.join(', ');
  item.id = `version:${session.root}:${version.id}`;
  item.description = [stateText(version.state), active, version.proposedBy.name, ago(version.at)]
    .filter((part) => part !== '')
    .join(' · ');
  item.iconPath = versionIcon(version);
  item.contextValue = `version.${version.state}`;
  item.accessibilityInformation = { label: `${version.label}, ${String(item.description)}` };
  item.command = {
    command: 'vscode.diff',
    title: l10n.t('Compare with the Version Before'),
    arguments: [
      baseUri(session, version.path, previous),
      versionUri(session, version),
      versionTitle(version, previous),
    ],
  };
  return item;
}

function olderItem(node: NodeOf<'olderVersions'>): TreeItem {
  const item = new TreeItem(l10n.t('{0} older versions', node.count));
  item.id = `older:${node.session.root}:${node.path}`;
  item.iconPath = new ThemeIcon('ellipsis');
  item.command = {
    command: 'promptAudit.showHistory',
    title: l10n.t('Show Prompt History'),
    arguments: [node],
  };
  return item;
}
