import {
  comments,
  CommentThreadCollapsibleState,
  CommentThreadState,
  l10n,
  Range,
  type CommentController,
  type CommentingRanges,
  type CommentThread,
  type TextDocument,
} from 'vscode';
import type { PlacedThread } from '../../core/talkRows.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';
import { versionPlace, type TalkPlace } from './places.js';
import { shownComments } from './shownComment.js';
import { threadLabel } from './threadWords.js';

/** VS Code's part of the comments. New ones are on versions: a draft has nothing that others could look up. */
export function talkController(sessions: Sessions): CommentController {
  const controller = comments.createCommentController(
    'promptAudit.comments',
    l10n.t('Prompt Audit Trail'),
  );
  controller.options = {
    prompt: l10n.t('Reply…'),
    placeHolder: l10n.t('Kept in the trail: it cannot be edited or deleted'),
  };
  controller.commentingRangeProvider = {
    provideCommentingRanges: (document): CommentingRanges =>
      versionPlace(sessions, document.uri) === null
        ? { enableFileComments: false, ranges: [] }
        : { enableFileComments: true, ranges: [wholeOf(document)] },
  };
  return controller;
}

/** All lines that the version has: what a line end at its end begins is none. */
function wholeOf(document: TextDocument): Range {
  const { lineCount } = document;
  const isEmpty = lineCount > 1 && document.lineAt(lineCount - 1).text === '';
  return new Range(0, 0, lineCount - (isEmpty ? 2 : 1), 0);
}

export function createThread(
  controller: CommentController,
  { uri, version }: TalkPlace,
  row: PlacedThread,
): CommentThread {
  // The editor takes no range for the whole document, which the type of this one method does not say.
  const thread = controller.createCommentThread(uri, rangeOf(row) as Range, []);
  thread.collapsibleState =
    row.settled || version === null || row.place?.kept === false
      ? CommentThreadCollapsibleState.Collapsed
      : CommentThreadCollapsibleState.Expanded;
  return thread;
}

/** Brings a thread up to date; whether it is folded is up to the reader, unless it was settled meanwhile. */
export function updateThread(
  thread: CommentThread,
  session: TrailSession,
  row: PlacedThread,
): void {
  const state = row.settled ? CommentThreadState.Resolved : CommentThreadState.Unresolved;
  if (row.settled && thread.state === CommentThreadState.Unresolved) {
    thread.collapsibleState = CommentThreadCollapsibleState.Collapsed;
  }
  const range = rangeOf(row);
  if (range === undefined ? thread.range !== undefined : !thread.range?.isEqual(range)) {
    thread.range = range;
  }
  thread.comments = shownComments(session, row);
  thread.label = threadLabel(row);
  thread.state = state;
  thread.contextValue = row.settled ? 'resolved' : row.resolved ? 'unsettled' : 'open';
  thread.canReply = true;
}

/** Undefined: the whole document. */
function rangeOf({ place }: PlacedThread): Range | undefined {
  return place === null ? undefined : new Range(place.line - 1, 0, place.endLine - 1, 0);
}
