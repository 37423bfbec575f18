import { l10n } from 'vscode';
import type { UnseenDifference } from '../../core/textDiff.js';
import type { Identified, IdentifiedRow, IdentifiedSpan } from '../../trail/identifyApi.js';
import { shortTime } from '../ask/times.js';

/** How a text of the ledger fits what was asked about. */
export function matchText(row: IdentifiedRow): string {
  switch (row.match) {
    case 'exact':
      return l10n.t('exactly this text');
    case 'same-text':
      return l10n.t('the same lines, but {0}', row.unseen.map(unseenText).join(', '));
    case 'part':
      return row.lines === null
        ? l10n.t('this text is a part of it')
        : row.lines.line === row.lines.endLine
          ? l10n.t('this text is line {0} of it', row.lines.line)
          : l10n.t('this text is lines {0} to {1} of it', row.lines.line, row.lines.endLine);
    case 'whole':
      return l10n.t('all of it stands in this text');
    case 'near':
      return l10n.t('{0} % of the words are the same', Math.round(row.similarity * 100));
  }
}

function unseenText(what: UnseenDifference): string {
  switch (what) {
    case 'byte-order-mark':
      return l10n.t('with another byte order mark');
    case 'line-ends':
      return l10n.t('with other line endings');
    case 'final-newline':
      return l10n.t('with another last line ending');
  }
}

export function spanText({ env, version, from, to, deployedBy }: IdentifiedSpan): string {
  return to === null
    ? l10n.t('{0}: active in {1} since {2}, by {3}', version, env, shortTime(from), deployedBy.name)
    : l10n.t(
        '{0}: active in {1} from {2} to {3}, by {4}',
        ...[version, env, shortTime(from), shortTime(to), deployedBy.name],
      );
}

/** What the answer rests on: how many texts were looked at, and how many could not be. */
export function populationText({ compared, notCompared }: Identified): string {
  const { redacted, missing, beyondLimits } = notCompared;
  return [
    ...(compared === 0 ? [] : [l10n.t('Compared with {0} texts.', compared)]),
    ...(redacted === 0 ? [] : [l10n.t('{0} were redacted.', redacted)]),
    ...(missing === 0 ? [] : [l10n.t('{0} are not in this clone.', missing)]),
    ...(beyondLimits === 0 ? [] : [l10n.t('{0} are too large or too old.', beyondLimits)]),
  ].join(' ');
}
