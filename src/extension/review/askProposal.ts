import { l10n, ThemeIcon } from 'vscode';
import type { TrailSession } from '../session/trailSession.js';
import { askTextOrMore, goBack } from '../ui/quickInput.js';
import { pickReviewers } from './pickReviewers.js';

/** What somebody says with a new version. */
export interface Proposal {
  readonly note: string;
  /** Addresses of those whose review is asked for. */
  readonly reviewers: readonly string[];
}

/** Asks for the change note, and by a button beside it whose review is wanted. */
export async function askProposal(
  session: TrailSession,
  title: string,
): Promise<Proposal | undefined> {
  let reviewers: readonly string[] = [];
  let value = '';
  for (;;) {
    const asked =
      reviewers.length === 0
        ? l10n.t('Ask for Review from…')
        : l10n.t('Asked for review: {0}', reviewers.join(', '));
    const answer = await askTextOrMore(
      {
        title,
        value,
        prompt:
          reviewers.length === 0
            ? l10n.t('What changed, and why? Reviewers read this first.')
            : `${l10n.t('What changed, and why? Reviewers read this first.')} ${asked}`,
        placeholder: l10n.t('Change note'),
        missing: l10n.t('A version needs a change note.'),
      },
      { iconPath: new ThemeIcon('person-add'), tooltip: asked },
    );
    if (answer === undefined || answer === goBack) {
      return undefined;
    }
    if (typeof answer === 'string') {
      return { note: answer, reviewers };
    }
    value = answer.written;
    const frame = { title, canGoBack: true, optional: true, ticked: reviewers };
    const people = await pickReviewers(session, frame);
    if (people === undefined) {
      return undefined;
    }
    reviewers = people === goBack ? reviewers : people;
  }
}
