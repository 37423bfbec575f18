import { l10n } from 'vscode';
import type { PendingChange } from '../../core/pendingChange.js';
import type { PromptRow } from '../../core/rows.js';
import type { TrailSession } from '../session/trailSession.js';
import { fullTime } from './time.js';
import { workingText } from './words.js';

/** What the working file is against the newest version, and who changed it; null when there is nothing to say. */
export function changeText(session: TrailSession, row: PromptRow): string | null {
  const newest = row.pending?.at(-1);
  if (newest !== undefined) {
    return l10n.t('commit {0} by {1}, not recorded yet', newest.commit.slice(0, 7), byWhom(newest));
  }
  return session.outsideWork.changed.has(row.path)
    ? l10n.t('changed outside the editor')
    : workingText(row.working, row.latest);
}

/** The same in sentences, one for each change, the newest first. */
export function changeLines(session: TrailSession, row: PromptRow): readonly string[] {
  const pending = row.pending ?? [];
  if (pending.length > 0) {
    const lines = pending.slice(-shownChanges).map(pendingLine).reverse();
    const more = pending.length - lines.length;
    return [
      ...lines,
      ...(more > 0 ? [l10n.t('{0} more changes before that.', more)] : []),
      hasRemote(session)
        ? l10n.t('Recorded under that name at the next sync, or when somebody acts on it.')
        : l10n.t('Recorded under that name in a moment.'),
    ];
  }
  return session.outsideWork.changed.has(row.path)
    ? [
        l10n.t('Another program changed the file, and nobody committed it.'),
        l10n.t('Recorded when somebody saves it here, proposes it, or commits it.'),
      ]
    : [];
}

const shownChanges = 5;

function pendingLine(change: PendingChange): string {
  const commit = change.commit.slice(0, 7);
  const [who, when] = [byWhom(change), fullTime(change.authoredAt)];
  switch (change.kind) {
    case 'moved':
      return l10n.t(
        'Moved from {0} by {1} in commit {2}, {3}.',
        change.from ?? '',
        who,
        commit,
        when,
      );
    case 'removed':
      return l10n.t('Deleted by {0} in commit {1}, {2}.', who, commit, when);
    case 'registered':
    case 'revision':
      return l10n.t('Changed by {0} in commit {1}, {2}.', who, commit, when);
  }
}

/** Programs that a commit names wrote it with or for its author. */
function byWhom({ author, agents }: PendingChange): string {
  return agents.length === 0 ? author : l10n.t('{0} with {1}', author, agents.join(', '));
}

function hasRemote({ state }: TrailSession): boolean {
  return state.kind === 'ready' && state.status.remote !== null;
}
