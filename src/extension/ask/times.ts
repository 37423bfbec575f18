import { env, l10n } from 'vscode';
import type { Period } from '../../core/questions/question.js';
import { askText, goBack, pickOne, type Answer, type StepFrame } from '../ui/quickInput.js';
import { localTime } from './localTime.js';

const day = 86_400_000;

/** Asks for a period of time; an empty one is all of it. */
export async function pickPeriod(frame: StepFrame): Promise<Answer<Period>> {
  const now = Date.now();
  const since = (days: number): Period => ({ from: new Date(now - days * day).toISOString() });
  const [thisQuarter, quarterBefore, yearStart] = quarterStarts(new Date(now));
  const answer = await pickOne<Period | null>({
    ...frame,
    placeholder: l10n.t('In which time?'),
    items: [
      { label: l10n.t('At any time'), value: {} },
      { label: l10n.t('The last 7 days'), value: since(7) },
      { label: l10n.t('The last 30 days'), value: since(30) },
      { label: l10n.t('This quarter'), value: { from: thisQuarter } },
      { label: l10n.t('The quarter before'), value: { from: quarterBefore, to: thisQuarter } },
      { label: l10n.t('This year'), value: { from: yearStart } },
      { label: l10n.t('From … to …'), value: null },
    ],
  });
  if (answer !== null) {
    return answer;
  }
  const from = await askTime({
    ...frame,
    prompt: l10n.t('From when on? Nothing: from the beginning'),
  });
  if (typeof from !== 'string') {
    return from;
  }
  const to = await askTime({ ...frame, prompt: l10n.t('Until when? Nothing: until now') });
  return typeof to === 'string'
    ? { ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) }
    : to;
}

/** First instants of this quarter, of the one before, and of the year, in local time. */
function quarterStarts(now: Date): readonly [string, string, string] {
  const [year, first] = [now.getFullYear(), Math.floor(now.getMonth() / 3) * 3];
  const at = (month: number): string => new Date(year, month, 1).toISOString();
  return [at(first), at(first - 3), at(0)];
}

/** Asks for a moment in local time; ISO 8601 UTC, or nothing. */
export async function askTime(
  frame: StepFrame & { readonly prompt: string },
): Promise<Answer<string>> {
  let value = '';
  let wrong = '';
  for (;;) {
    const text = await askText({
      ...frame,
      value,
      prompt: wrong === '' ? frame.prompt : wrong,
      placeholder: l10n.t('2026-03-31 or 2026-03-31 14:05'),
    });
    if (text === undefined || text === goBack || text === '') {
      return text;
    }
    const time = localTime(text);
    if (time !== null) {
      return time;
    }
    value = text;
    wrong = l10n.t('{0} is no date. Write it as 2026-03-31 or 2026-03-31 14:05.', text);
  }
}

/** A moment for a line of text: local, to the minute. */
export function shortTime(at: string): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime())
    ? at
    : time.toLocaleString(env.language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** A period for a line of text; empty for all time. */
export function periodText({ from, to }: Period): string {
  if (from !== undefined && to !== undefined) {
    return l10n.t('from {0} to {1}', shortTime(from), shortTime(to));
  }
  return from !== undefined
    ? l10n.t('from {0} on', shortTime(from))
    : to !== undefined
      ? l10n.t('until {0}', shortTime(to))
      : '';
}
