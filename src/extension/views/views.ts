import { l10n, window, type TreeView } from 'vscode';
import { Disposable } from '../base/disposable.js';
import { overdueText } from '../deploy/breakGlassWords.js';
import type { BreakGlassReviews } from '../session/breakGlassReviews.js';
import { shownReviews } from '../session/reviews.js';
import type { Sessions } from '../session/sessions.js';
import type { SessionState } from '../session/sessionState.js';
import type { Syncer } from '../session/syncer.js';
import type { TrailSession } from '../session/trailSession.js';
import { syncWords } from '../status/syncWords.js';
import { DeploymentsTree } from './deploymentsTree.js';
import type { TrailNode } from './nodes.js';
import { PromptsTree } from './promptsTree.js';
import { ReviewTree } from './reviewTree.js';

/** Prompts that a view of usual height shows without being scrolled. */
const shortList = 10;

/** Milliseconds. */
const agesGrow = 60_000;

/** The three trees of the sidebar, with the badge and the lines above them. */
export class Views extends Disposable {
  readonly reviewTree: ReviewTree;
  readonly promptsTree: PromptsTree;
  readonly deploymentsTree: DeploymentsTree;
  readonly review: TreeView<TrailNode>;
  readonly prompts: TreeView<TrailNode>;
  readonly deployments: TreeView<TrailNode>;

  constructor(
    private readonly sessions: Sessions,
    private readonly sync: Syncer,
    private readonly breakGlass: BreakGlassReviews,
  ) {
    super();
    this.reviewTree = this._register(new ReviewTree(sessions));
    this.promptsTree = this._register(new PromptsTree(sessions, sync));
    this.deploymentsTree = this._register(new DeploymentsTree(sessions, breakGlass));
    this.review = this._register(
      window.createTreeView('promptAudit.review', {
        canSelectMany: true,
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
    this._register(sync.onDidChange(() => this.update()));
    this._register(breakGlass.onDidChange(() => this.update()));
    const aging = setInterval(() => this.age(), agesGrow);
    aging.unref();
    this._register({ dispose: () => clearInterval(aging) });
  }

  /** "2 minutes ago" grows older while nothing happens. */
  private age(): void {
    if (window.state.focused && this.prompts.visible) {
      this.describe();
      this.sessions.all.forEach((session) => this.promptsTree.redrawSync(session));
    }
  }

  /** What is only here yet stands beside the title where the row at the end of the list is out of sight. */
  private describe(): void {
    const long = this.sessions.all.filter(({ state }) => isLong(state));
    const summaries = long.map((session) => this.sync.summary(session));
    const apart = summaries.find(({ kind }) => /^(unsent|offline|waiting)$/.test(kind));
    this.prompts.description = (apart && syncWords(apart)?.short) ?? '';
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
    const overdue = this.breakGlass.overdueForMe().length;
    this.deployments.badge =
      overdue === 0 ? undefined : { value: overdue, tooltip: overdueText(overdue) };
    this.prompts.message = this.message({ sharing: false }) ?? '';
    this.deployments.message = this.message({ sharing: true }) ?? '';
    this.describe();
  }

  /** One line for what makes all rows doubtful; undefined when they can be believed. */
  private message({ sharing }: { readonly sharing: boolean }): string | undefined {
    for (const session of this.sessions.all) {
      const { state } = session;
      if (state.kind === 'ready' && state.status.damage !== null) {
        return l10n.t('Do not rely on this list: {0}', state.status.damage);
      }
      const stopped = sharing ? this.stopped(session) : undefined;
      if (stopped !== undefined) {
        return stopped;
      }
      if (state.kind === 'ready' && state.policyError !== null) {
        return state.policyError.message;
      }
    }
    return undefined;
  }

  /** What runs elsewhere may be hidden by a remote that is not what it was. */
  private stopped(session: TrailSession): string | undefined {
    const summary = this.sync.summary(session);
    return summary.kind === 'stopped' ? syncWords(summary)?.line : undefined;
  }
}

function isLong(state: SessionState): boolean {
  return state.kind === 'ready' && state.status.prompts.length > shortList;
}
