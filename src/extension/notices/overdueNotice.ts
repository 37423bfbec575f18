import { commands, l10n, window, type Memento } from 'vscode';
import { Disposable } from '../base/disposable.js';
import { setting } from '../base/settings.js';
import type { BreakGlassReviews } from '../session/breakGlassReviews.js';
import { promptName } from '../ui/words.js';
import type { TrailNode } from '../views/nodes.js';

const shownKey = 'promptAudit.notifiedOverdue';
const remembered = 200;

/** Says once that the review of an emergency deployment is overdue, to who could give it. */
export class OverdueNotice extends Disposable {
  constructor(
    private readonly reviews: BreakGlassReviews,
    private readonly memory: Memento,
  ) {
    super();
    this._register(reviews.onDidChange(() => void this.look()));
  }

  private async look(): Promise<void> {
    if (setting('notifications') === 'off') {
      return;
    }
    const shown = this.memory.get<readonly string[]>(shownKey, []);
    const fresh = this.reviews.overdueForMe().filter(({ row }) => !shown.includes(row.deployment));
    const [first] = fresh;
    if (first === undefined) {
      return;
    }
    const ids = fresh.map(({ row }) => row.deployment);
    void this.memory.update(shownKey, [...shown, ...ids].slice(-remembered));
    const { session, row } = first;
    const text =
      fresh.length === 1
        ? l10n.t(
            'The review of an emergency deployment is overdue: {0} {1} in {2}, by {3}.',
            ...[promptName(row.path), row.version, row.env, row.deployedBy.name],
          )
        : l10n.t('The reviews of {0} emergency deployments are overdue.', fresh.length);
    const review = l10n.t('Review…');
    if ((await window.showInformationMessage(text, review)) === review) {
      const node: TrailNode | undefined =
        fresh.length === 1 ? { kind: 'breakGlass', session, row } : undefined;
      await commands.executeCommand('promptAudit.reviewDeployment', node);
    }
  }
}
