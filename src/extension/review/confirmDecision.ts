import { l10n } from 'vscode';
import type { DecisionKind } from '../../core/event.js';
import type { VersionRow } from '../../core/rows.js';
import type { TrailSession } from '../session/trailSession.js';
import { confirm, confirmWarning } from '../ui/confirm.js';
import { reasonWords } from '../ui/reasonWords.js';
import { personText, shortDigest } from '../ui/words.js';
import { actingPerson } from './actingPerson.js';
import type { DecisionAnswers } from './decisionAnswers.js';

export interface DecisionToConfirm {
  readonly session: TrailSession;
  readonly version: VersionRow;
  readonly decision: DecisionKind;
  readonly answers: DecisionAnswers;
}

/** Names who decides what on which bytes, and that it stays; true when the person agrees. */
export async function confirmDecision(input: DecisionToConfirm): Promise<boolean> {
  const { session, version, decision, answers } = input;
  const person = personText(await actingPerson(session));
  const obstacles = decision === 'approved' ? blockedBecause(session, version) : [];
  const detail = [
    versionLine(version),
    ...answerLines(answers),
    obstacles.length > 0 ? refusalLine(obstacles) : l10n.t('This is recorded permanently.'),
  ].join('\n\n');
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

/** `prompts/triage.prompt.md v7 (3f9c21d…)`. */
export function versionLine({ path, label, digest }: VersionRow): string {
  return `${path} ${label} (${shortDigest(digest)}…)`;
}

/** What goes with a decision, a line each. */
export function answerLines({ reason, meaning, envs }: DecisionAnswers): readonly string[] {
  return [
    ...(envs === null ? [] : [l10n.t('For: {0}', envs.join(', '))]),
    ...(meaning === null ? [] : [l10n.t('Meaning: {0}', meaning)]),
    ...(reason === '' ? [] : [l10n.t('Reason: {0}', reason)]),
  ];
}

export function refusalLine(obstacles: readonly string[]): string {
  return l10n.t(
    'The policy will refuse this: {0}. The attempt is recorded all the same.',
    obstacles.map(reasonWords).join('; '),
  );
}

/** Reason codes why the acting person cannot approve a version; empty where they can. */
export function blockedBecause(session: TrailSession, version: VersionRow): readonly string[] {
  const { state } = session;
  const reviews = state.kind === 'ready' ? state.status.reviews : [];
  return reviews.find((row) => row.version.id === version.id)?.blockedBecause ?? [];
}
