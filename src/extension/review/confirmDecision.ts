import { l10n } from 'vscode';
import type { DecisionKind } from '../../core/event.js';
import type { VersionRow } from '../../core/rows.js';
import type { TrailSession } from '../session/trailSession.js';
import { confirm, confirmWarning } from '../ui/confirm.js';
import { reasonWords } from '../ui/reasonWords.js';
import { personText, shortDigest } from '../ui/words.js';
import { actingPerson } from './actingPerson.js';

export interface DecisionToConfirm {
  readonly session: TrailSession;
  readonly version: VersionRow;
  readonly decision: DecisionKind;
  readonly reason: string;
}

/** Names who decides what on which bytes, and that it stays; true when the person agrees. */
export async function confirmDecision(input: DecisionToConfirm): Promise<boolean> {
  const { session, version, decision, reason } = input;
  const person = personText(await actingPerson(session));
  const what = `${version.path} ${version.label} (${shortDigest(version.digest)}…)`;
  const lines = [what];
  if (reason !== '') {
    lines.push(l10n.t('Reason: {0}', reason));
  }
  const obstacles = decision === 'approved' ? blockedBecause(session, version) : [];
  if (obstacles.length > 0) {
    lines.push(
      l10n.t(
        'The policy will refuse this: {0}. The attempt is recorded all the same.',
        obstacles.map(reasonWords).join('; '),
      ),
    );
  }
  if (obstacles.length === 0) {
    lines.push(l10n.t('This is recorded permanently.'));
  }
  const detail = lines.join('\n\n');
  switch (decision) {
    case 'approved': {
      const ask = obstacles.length > 0 ? confirmWarning : confirm;
      return await ask({
        message: l10n.t('Approve as {0}?', person),
        detail,
        button: l10n.t('Approve'),
      });
    }
    case 'changes-requested':
      return await confirm({
        message: l10n.t('Request changes as {0}?', person),
        detail,
        button: l10n.t('Request Changes'),
      });
    case 'rejected':
      return await confirmWarning({
        message: l10n.t('Reject as {0}?', person),
        detail,
        button: l10n.t('Reject'),
      });
  }
}

function blockedBecause(session: TrailSession, version: VersionRow): readonly string[] {
  const { state } = session;
  const reviews = state.kind === 'ready' ? state.status.reviews : [];
  return reviews.find((row) => row.version.id === version.id)?.blockedBecause ?? [];
}
