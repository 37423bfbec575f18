import { l10n, QuickPickItemKind, type QuickPickItem } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { ReviewRow } from '../../core/rows.js';
import { openSessions, type VersionTarget } from '../commands/targets.js';
import { shownReviews } from '../session/reviews.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';
import type { PickEntry } from '../ui/quickInput.js';
import { ago } from '../ui/time.js';
import { approvalsText, baseName, promptName } from '../ui/words.js';
import { isTrailNode } from '../views/nodes.js';

export type ReviewEntry = PickEntry<VersionTarget> | QuickPickItem;

/** The versions of "Needs Review" that are selected in the tree, in its order; none where there is no selection. */
export function selectedReviews(selection: unknown): readonly VersionTarget[] {
  const nodes = Array.isArray(selection) ? selection.filter(isTrailNode) : [];
  return nodes.flatMap((node) =>
    node.kind === 'review' && node.row.version.state === 'waiting'
      ? [{ session: node.session, version: node.row.version }]
      : [],
  );
}

/** All versions that wait for a decision, to choose from: mine first. Throws where there is none. */
export function waitingEntries(sessions: Sessions, which: 'open' | 'all'): readonly ReviewEntry[] {
  const open = openSessions(sessions);
  const entries = (pick: (session: TrailSession) => readonly ReviewRow[]): ReviewEntry[] =>
    open.flatMap((session) =>
      pick(session).map((row) => reviewEntry(session, row, open.length > 1)),
    );
  const mine = entries((session) => shownReviews(session).mine);
  const others = entries((session) => {
    const { others: waiting, changes } = shownReviews(session);
    return which === 'all' ? [...waiting, ...changes] : waiting;
  });
  if (mine.length + others.length === 0) {
    throw new PromptAuditError({
      code: 'version.unknown',
      message: l10n.t('No version waits for a decision.'),
      remedy: l10n.t('A version waits after its author ran "Prompt Audit: Propose Version…".'),
    });
  }
  return [...group(l10n.t('Waiting for me'), mine), ...group(l10n.t('Waiting for others'), others)];
}

function group(label: string, entries: readonly ReviewEntry[]): readonly ReviewEntry[] {
  return entries.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...entries];
}

function reviewEntry(
  session: TrailSession,
  { version }: ReviewRow,
  named: boolean,
): PickEntry<VersionTarget> {
  const words = [approvalsText(version), version.proposedBy.name, ago(version.at)];
  return {
    label: `${promptName(version.path)} ${version.label}`,
    description: [...(named ? [baseName(session.root)] : []), ...words].join(' · '),
    ...(version.note === null ? {} : { detail: version.note }),
    value: { session, version },
  };
}
