import { CommentMode, l10n, type Comment, type CommentAuthorInformation } from 'vscode';
import { agentNamed } from '../../core/agentNames.js';
import type { EventId } from '../../core/ids.js';
import type { CommentRow, PlacedThread, ResolutionRow } from '../../core/talkRows.js';
import { redactionWords } from '../redact/redactionWords.js';
import type { TrailSession } from '../session/trailSession.js';
import { plainLine, plainText } from '../ui/plainText.js';

/** One event of a thread in the editor. Its body is plain text: what others wrote is never read as Markdown. */
export class ShownComment implements Comment {
  readonly mode = CommentMode.Preview;
  readonly author: CommentAuthorInformation;
  readonly timestamp: Date;

  constructor(
    readonly session: TrailSession,
    readonly event: EventId,
    readonly body: string,
    /** Whether there is something left to redact. */
    readonly contextValue: 'whole' | 'gone',
    { by, at }: Pick<CommentRow, 'by' | 'at'>,
    readonly label: string,
  ) {
    this.author = { name: plainLine(by.name) };
    this.timestamp = new Date(at);
  }
}

/** What the editor lists of a thread: the comments, and who resolved it or opened it again. */
export function shownComments(
  session: TrailSession,
  thread: PlacedThread,
): readonly ShownComment[] {
  const [first, ...answers] = thread.comments;
  const quote = thread.place?.kept === false ? quoteOf(thread) : '';
  const rows = [
    ...(first === undefined ? [] : [{ row: first, shown: commentOf(session, first, quote) }]),
    ...answers.map((row) => ({ row, shown: commentOf(session, row) })),
    ...thread.acts.map((row) => ({ row, shown: actOf(session, row) })),
  ];
  return rows.sort((a, b) => a.row.seq - b.row.seq).map(({ shown }) => shown);
}

function commentOf(session: TrailSession, row: CommentRow, quote = ''): ShownComment {
  const isAgent = agentNamed({ name: row.by.name, email: row.by.email ?? '' }) !== null;
  const labels = [
    ...(isAgent ? [l10n.t('agent')] : []),
    ...(row.unattended === true ? [l10n.t('unattended')] : []),
    ...(row.synced ? [] : [l10n.t('not sent yet')]),
  ];
  const gone = row.redactions?.map(redactionWords).join('\n') ?? l10n.t('This text is not here.');
  const body = plainText(row.text ?? gone) + quote;
  const value = row.text === null ? 'gone' : 'whole';
  return new ShownComment(session, row.id, body, value, row, labels.join(' · '));
}

function actOf(session: TrailSession, row: ResolutionRow): ShownComment {
  const what = row.resolved ? l10n.t('Resolved') : l10n.t('Opened again');
  const gone = row.redactions?.map(redactionWords).join('\n') ?? null;
  const note = row.note ?? gone;
  const body = plainText(note === null ? what : `${what}: ${note}`);
  return new ShownComment(session, row.id, body, row.note === null ? 'gone' : 'whole', row, '');
}

/** The lines as they were, below what is said of them: lists show how a comment begins. */
function quoteOf({ quote }: PlacedThread): string {
  if (quote === null) {
    return '';
  }
  const lines = plainText(quote).split('\n');
  return `\n\n${[l10n.t('Said of:'), ...lines.map((line) => `> ${line}`.trimEnd())].join('\n')}`;
}
