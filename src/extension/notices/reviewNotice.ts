import { commands, l10n, window, type Memento } from 'vscode';
import type { ReviewRow } from '../../core/rows.js';
import { Disposable } from '../base/disposable.js';
import { setting } from '../base/settings.js';
import { shownReviews } from '../session/reviews.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';
import type { TrailNode } from '../views/nodes.js';
import { promptName } from '../ui/words.js';

const shownKey = 'promptAudit.notifiedVersions';
const remembered = 500;

const isAsked = ({ requestedOfMe }: ReviewRow): boolean => requestedOfMe === true;
const askedKey = ({ version }: ReviewRow): string => `${version.id}:asked`;

/** Who is asked by name is told, also when the version had waited for anybody before. */
function keyOf(row: ReviewRow): string {
  return isAsked(row) ? askedKey(row) : row.version.id;
}

function manyText(rows: readonly ReviewRow[]): string {
  const all = l10n.t('{0} versions wait for your review.', rows.length);
  const asked = rows.filter(isAsked).length;
  if (asked === 0) {
    return all;
  }
  return `${all} ${
    asked === 1
      ? l10n.t('For 1 of them somebody asked you by name.')
      : l10n.t('For {0} of them somebody asked you by name.', asked)
  }`;
}

/** Says once that a version has begun to wait for me. */
export class ReviewNotice extends Disposable {
  constructor(
    private readonly sessions: Sessions,
    private readonly memory: Memento,
  ) {
    super();
    this._register(sessions.onDidChange(() => this.look()));
  }

  private look(): void {
    if (setting('notifications') === 'off') {
      return;
    }
    const shown = this.memory.get<readonly string[]>(shownKey, []);
    const fresh = this.sessions.all
      .flatMap((session) => shownReviews(session).mine.map((row) => ({ session, row })))
      .filter(({ row }) => !shown.includes(keyOf(row)) && !shown.includes(askedKey(row)))
      .sort((a, b) => Number(isAsked(b.row)) - Number(isAsked(a.row)));
    if (fresh.length === 0) {
      return;
    }
    const ids = fresh.map(({ row }) => keyOf(row));
    void this.memory.update(shownKey, [...shown, ...ids].slice(-remembered));
    void this.tell(fresh);
  }

  private async tell(fresh: readonly { session: TrailSession; row: ReviewRow }[]): Promise<void> {
    const [first] = fresh;
    if (first === undefined) {
      return;
    }
    const review = l10n.t('Review');
    const { version } = first.row;
    const text =
      fresh.length === 1
        ? l10n.t(
            '{0} asks you to review {1} {2}.',
            version.proposedBy.name,
            promptName(version.path),
            version.label,
          )
        : manyText(fresh.map(({ row }) => row));
    if ((await window.showInformationMessage(text, review)) !== review) {
      return;
    }
    if (fresh.length > 1) {
      await commands.executeCommand('promptAudit.review.focus');
      return;
    }
    const { session, row } = first;
    const node: TrailNode = { kind: 'review', session, group: 'mine', row };
    await commands.executeCommand('promptAudit.review', node);
  }
}
