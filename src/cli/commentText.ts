import type { LineRange } from '../core/lineMap.js';
import { notSettledTexts } from '../core/settledTalk.js';
import type { PlacedThread, ThreadRow } from '../core/talkRows.js';
import { printable, printableText } from './printable.js';
import { redactedTexts } from './redactText.js';
import type { Paint } from './style.js';
import { localTime } from './time.js';
import { shortDigest } from './words.js';

/** Lines of a quotation that are shown. */
const mostQuoted = 3;

/** `line 3 of v1`, `lines 3 to 5 of v1`, `v1`. */
export function linesText({ lines, label }: Pick<ThreadRow, 'lines' | 'label'>): string {
  return lines === null ? label : `${rangeText(lines)} of ${label}`;
}

/** Threads for people, each with where it stands in the version that was asked for. */
export function threadsText(threads: readonly PlacedThread[], paint: Paint, shown: string): string {
  if (threads.length === 0) return 'No comments.\n';
  return threads.map((thread) => threadText(thread, paint, shown)).join('\n');
}

/** `shown`: label of the version in whose text places are meant. */
function threadText(thread: PlacedThread, paint: Paint, shown: string): string {
  const state = stateText(thread, paint);
  const head = `${paint('bold', printable(linesText(thread)))}, ${state}`;
  const where = placeText(thread, shown);
  const said = thread.comments.map((comment) => {
    const who = [
      `${shortDigest(comment.id)} ${comment.by.name}, ${localTime(comment.at)}`,
      ...(comment.unattended === true ? ['unattended'] : []),
      ...redactedTexts(comment),
    ].join(', ');
    return `  ${paint('dim', printable(who))}\n${indented(comment.text ?? '(its text is gone)', 4)}`;
  });
  const acts = thread.acts.map(({ resolved, by, at, note }) => {
    const what = `${resolved ? 'resolved' : 'opened again'} by ${by.name}, ${localTime(at)}`;
    return `  ${printable(note === null ? what : `${what}: ${note}`)}\n`;
  });
  const not = notSettledText(thread);
  const end = not === null ? '' : `  It was ${not}.\n`;
  return `${head}${where === '' ? '' : `, ${printable(where)}`}\n${quoteText(thread)}${said.join('')}${acts.join('')}${end}`;
}

function stateText({ resolved, settled }: ThreadRow, paint: Paint): string {
  if (settled) return paint('green', 'resolved');
  return paint('yellow', resolved ? 'resolved, not settled' : 'open');
}

/** Why a thread that somebody resolved is not settled; null where it is, or is open. */
export function notSettledText({ notSettledBecause }: ThreadRow): string | null {
  return notSettledBecause === null ? null : notSettledTexts[notSettledBecause];
}

function placeText({ place, lines, label }: PlacedThread, shown: string): string {
  if (place === null || label === shown) return '';
  if (!place.kept) return `outdated: near ${rangeText(place)} of ${shown}`;
  return place.line === lines?.line ? '' : `now ${rangeText(place)} of ${shown}`;
}

function quoteText({ quote }: PlacedThread): string {
  if (quote === null) return '';
  const lines = quote.split('\n');
  const shown = lines.slice(0, mostQuoted);
  const more = lines.length > mostQuoted ? ['…'] : [];
  return [...shown, ...more].map((line) => `  > ${printable(line)}`.trimEnd() + '\n').join('');
}

function indented(text: string, by: number): string {
  const space = ' '.repeat(by);
  return printableText(text)
    .split('\n')
    .map((line) => `${space}${line}`.trimEnd() + '\n')
    .join('');
}

function rangeText({ line, endLine }: LineRange): string {
  return line === endLine ? `line ${line}` : `lines ${line} to ${endLine}`;
}
