import { l10n } from 'vscode';
import type { QuestionParams } from '../../core/questions/question.js';
import type { ParamKey } from './askParam.js';
import { periodText, shortTime } from './times.js';

/** Characters of a text that a line repeats. */
const mostShown = 60;

/** What it is, as a list of what can be set calls it. */
export function paramName(key: ParamKey): string {
  switch (key) {
    case 'period':
      return l10n.t('Time');
    case 'path':
      return l10n.t('Prompt');
    case 'env':
      return l10n.t('Environment');
    case 'at':
      return l10n.t('At');
    case 'subject':
      return l10n.t('About');
    case 'other':
      return l10n.t('And');
    case 'actor':
      return l10n.t('Who');
    case 'text':
      return l10n.t('Words');
    case 'duration':
      return l10n.t('How long');
    case 'count':
      return l10n.t('How many');
    case 'seed':
      return l10n.t('Seed');
  }
}

/** What it was set to; empty where it was not. */
export function paramText(key: ParamKey, params: QuestionParams): string {
  if (key === 'period') {
    return periodText(params);
  }
  const value = params[key];
  if (value === undefined) {
    return '';
  }
  if (key === 'duration') {
    return durationText(Number(value));
  }
  // Ids and digests as everything else shows them.
  const text =
    key === 'at'
      ? shortTime(String(value))
      : String(value).replace(/^(?:sha256:)?([0-9a-f]{7})[0-9a-f]{57}$/, '$1…');
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `3 days`, of milliseconds. */
export function durationText(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  const [unit, length] = units.find(([, most]) => size >= most) ?? (['second', 1000] as const);
  const options = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(undefined, options).format(milliseconds / length);
}
