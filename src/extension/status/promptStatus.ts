import { l10n } from 'vscode';
import type { PromptRow } from '../../core/rows.js';
import type { TrailSession } from '../session/trailSession.js';
import { changeText } from '../ui/changeWords.js';
import { latestText } from '../ui/words.js';

/** The state of one prompt in one line: `v7 approved · changed, not recorded`. */
export function promptStatusText(session: TrailSession, row: PromptRow): string {
  const parts = [latestText(row.latest) ?? l10n.t('no version'), changeText(session, row)];
  return parts.filter((part) => part !== null).join(' · ');
}

/** Whether the working file holds what nobody proposed yet. */
export function hasUnproposed({ working }: PromptRow): boolean {
  return working === 'unrecorded' || working === 'changed' || working === 'draft';
}
