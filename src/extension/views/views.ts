import { l10n, window, type TreeView } from 'vscode';
import { Disposable } from '../base/disposable.js';
import { shownReviews } from '../session/reviews.js';
import type { SyncProblem } from '../../trail/api.js';
import type { Sessions } from '../session/sessions.js';
import { DeploymentsTree } from './deploymentsTree.js';
import type { TrailNode } from './nodes.js';
import { PromptsTree } from './promptsTree.js';
import { ReviewTree } from './reviewTree.js';

/** The three trees of the sidebar, with the badge and the lines above them. */
export class Views extends Disposable {
  readonly reviewTree: ReviewTree;
  readonly promptsTree: PromptsTree;
  readonly deploymentsTree: DeploymentsTree;
  readonly review: TreeView<TrailNode>;
  readonly prompts: TreeView<TrailNode>;
  readonly deployments: TreeView<TrailNode>;

  constructor(private readonly sessions: Sessions) {
    super();
    this.reviewTree = this._register(new ReviewTree(sessions));
    this.promptsTree = this._register(new PromptsTree(sessions));
    this.deploymentsTree = this._register(new DeploymentsTree(sessions));
    this.review = this._register(
      window.createTreeView('promptAudit.review', {
        treeDataProvider: this.reviewTree,
      }),
    );
    this.prompts = this._register(
      window.createTreeView('promptAudit.prompts', {
        showCollapseAll: true,
        treeDataProvider: this.promptsTree,
      }),
    );
    this.deployments = this._register(
      window.createTreeView('promptAudit.deployments', {
        treeDataProvider: this.deploymentsTree,
      }),
    );
    this._register(sessions.onDidChange(() => this.update()));
  }

  private update(): void {
    const mine = this.sessions.all.flatMap((session) => shownReviews(session).mine).length;
    this.review.badge =
      mine === 0
        ? undefined
        : {
            value: mine,
            tooltip:
              mine === 1
                ? l10n.t('1 version waits for your review')
                : l10n.t('{0} versions wait for your review', mine),
          };
    const message = this.message() ?? '';
    this.prompts.message = message;
    this.deployments.message = message;
  }

  /** One line for what makes all rows doubtful; undefined when they can be believed. */
  private message(): string | undefined {
    for (const { state } of this.sessions.all) {
      if (state.kind === 'ready' && state.status.damage !== null) {
        return l10n.t('Do not rely on this list: {0}', state.status.damage);
      }
      if (state.kind === 'ready' && state.status.syncProblem !== null) {
        return syncText(state.status.syncProblem, state.status.unsent);
      }
      if (state.kind === 'ready' && state.policyError !== null) {
        return state.policyError.message;
      }
    }
    return undefined;
  }
}

function syncText({ message, passing }: SyncProblem, unsent: number): string {
  return passing
    ? l10n.t('{0} events are not shared yet. {1}', unsent, message)
    : l10n.t('Sharing has stopped; nothing was overwritten. {0}', message);
}
