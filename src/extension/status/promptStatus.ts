import { l10n } from 'vscode';
import type { PromptRow } from '../../core/rows.js';
import { latestText, workingText } from '../ui/words.js';

/** The state of one prompt in one line: `v7 approved · changed, not recorded`. */
export function promptStatusText({ latest, working }: PromptRow): string {
  const parts = [latestText(latest) ?? l10n.t('no version'), workingText(working, latest)];
  return parts.filter((part) => part !== null).join(' · ');
}

/** Whether the working file holds what nobody proposed yet. */
export function hasUnproposed({ working }: PromptRow): boolean {
  return working === 'unrecorded' || working === 'changed' || working === 'draft';
}
