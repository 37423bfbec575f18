import {
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type CancellationToken,
  type MarkdownString,
  type TreeDataProvider,
} from 'vscode';
import { Disposable } from '../base/disposable.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';
import { baseName } from '../ui/words.js';
import type { NodeOf, TrailNode } from './nodes.js';

/** A tree with one branch for each repository, or none of these branches where there is only one. */
export abstract class TrailTree extends Disposable implements TreeDataProvider<TrailNode> {
  private readonly changed = this._register(new EventEmitter<TrailNode | undefined>());
  readonly onDidChangeTreeData = this.changed.event;

  constructor(protected readonly sessions: Sessions) {
    super();
    this._register(sessions.onDidChange(() => this.redraw()));
  }

  /** Draws one row anew, or all. */
  protected redraw(node?: TrailNode): void {
    this.changed.fire(node);
  }

  getTreeItem(node: TrailNode): TreeItem {
    return node.kind === 'root' ? rootItem(node) : this.item(node);
  }

  async resolveTreeItem(
    item: TreeItem,
    node: TrailNode,
    token: CancellationToken,
  ): Promise<TreeItem> {
    const tooltip = await this.tooltip(node);
    if (tooltip !== undefined && !token.isCancellationRequested) {
      item.tooltip = tooltip;
    }
    return item;
  }

  getChildren(node?: TrailNode): TrailNode[] | Promise<TrailNode[]> {
    if (node !== undefined) {
      return node.kind === 'root' ? this.topLevel(node.session) : this.children(node);
    }
    const { all } = this.sessions;
    if (all.length <= 1) {
      return all.flatMap((session) => this.topLevel(session));
    }
    // Welcome views speak for all repositories at once, so a broken one among others shows itself.
    return all
      .filter((session) => session.state.kind === 'failed' || this.topLevel(session).length > 0)
      .map((session) => ({ kind: 'root', session }));
  }

  protected abstract topLevel(session: TrailSession): TrailNode[];
  protected abstract children(node: TrailNode): TrailNode[] | Promise<TrailNode[]>;
  protected abstract item(node: TrailNode): TreeItem;

  /** What the pointer shows of a row, read when it is asked for; undefined: what the row has. */
  protected abstract tooltip(node: TrailNode): Promise<MarkdownString> | undefined;
}

function rootItem({ session }: NodeOf<'root'>): TreeItem {
  const item = new TreeItem(baseName(session.root), TreeItemCollapsibleState.Expanded);
  const { state } = session;
  item.id = `root:${session.root}`;
  item.iconPath = new ThemeIcon('repo');
  item.tooltip = session.root;
  item.contextValue = 'root';
  if (state.kind === 'failed') {
    item.collapsibleState = TreeItemCollapsibleState.None;
    item.iconPath = new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
    item.description = state.error.message;
    item.tooltip = `${session.root}\n${state.error.message}\n${state.error.remedy}`;
  }
  return item;
}

export function expandedItem(label: string, id: string): TreeItem {
  const item = new TreeItem(label, TreeItemCollapsibleState.Expanded);
  item.id = id;
  return item;
}
