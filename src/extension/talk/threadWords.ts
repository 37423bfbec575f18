import { l10n } from 'vscode';
import type { LineRange } from '../../core/lineMap.js';
import { notSettledTexts } from '../../core/settledTalk.js';
import type { PlacedThread } from '../../core/talkRows.js';

/** What stands above a thread: of which lines of which version it is, and how it stands. */
export function threadLabel(thread: PlacedThread): string {
  const { label, lines, place } = thread;
  const what = lines === null ? label : l10n.t('{0}, {1}', label, linesWords(lines));
  const outdated = place?.kept === false ? [l10n.t('outdated: these lines have changed')] : [];
  return [what, stateWords(thread), ...outdated].join(' · ');
}

function stateWords({ resolved, notSettledBecause }: PlacedThread): string {
  if (notSettledBecause !== null) {
    return l10n.t(notSettledTexts[notSettledBecause]);
  }
  return resolved ? l10n.t('resolved') : l10n.t('open');
}

/** `line 3`, `lines 3 to 5`. */
export function linesWords({ line, endLine }: LineRange): string {
  return line === endLine ? l10n.t('line {0}', line) : l10n.t('lines {0} to {1}', line, endLine);
}

/** `1 open comment`; empty where there is none. */
export function openCommentsWords(count = 0): string {
  if (count === 0) {
    return '';
  }
  return count === 1 ? l10n.t('1 open comment') : l10n.t('{0} open comments', count);
}
