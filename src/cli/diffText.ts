import type { DiffLine, DiffSpan, TextDiff, UnseenDifference } from '../core/textDiff.js';
import { printable } from './printable.js';
import type { Colour, Paint } from './style.js';

const marks = { same: ' ', removed: '-', added: '+' } as const;
const colours = { removed: 'red', added: 'green' } as const;

const unseenTexts: Readonly<Record<UnseenDifference, string>> = {
  'byte-order-mark': 'the byte order mark',
  'line-ends': 'the ends of lines',
  'final-newline': 'the newline at the end',
};

/** `the ends of lines and the newline at the end`; empty where nothing differs so. */
export function unseenText(unseen: readonly UnseenDifference[]): string {
  return unseen.map((one) => unseenTexts[one]).join(' and ');
}

/** The changed lines of two texts with those around them; changed words are marked in lines that keep others. */
export function diffText(diff: TextDiff, paint: Paint): string {
  const { lines, unseen, isExact } = diff;
  const parts: string[] = [];
  let [older, newer] = [0, 0];
  for (const [at, line] of lines.entries()) {
    const isNext =
      (line.oldLine ?? older + 1) === older + 1 && (line.newLine ?? newer + 1) === newer + 1;
    if (at === 0 || !isNext) parts.push(paint('dim', headText(lines, at)) + '\n');
    parts.push(`${lineText(line, paint)}\n`);
    [older, newer] = [line.oldLine ?? older, line.newLine ?? newer];
  }
  if (!isExact) parts.push('(So much differs that all of it is shown as rewritten.)\n');
  if (unseen.length > 0) parts.push(`${sentence(unseenText(unseen), parts.length > 0)}\n`);
  return parts.length === 0 ? 'The texts are the same.\n' : parts.join('');
}

function sentence(what: string, alsoLines: boolean): string {
  return alsoLines ? `They differ in ${what}, too.` : `They differ in ${what} only.`;
}

/** Where the next lines stand: `@@ line 12 @@`, or in both texts where that is not the same. */
function headText(lines: readonly DiffLine[], at: number): string {
  const next = lines.slice(at);
  const older = next.find(({ oldLine }) => oldLine !== null)?.oldLine;
  const newer = next.find(({ newLine }) => newLine !== null)?.newLine;
  const where = [...new Set([older, newer].filter((line) => line !== undefined))].join(' → ');
  return `@@ line ${where} @@`;
}

function lineText({ kind, spans }: DiffLine, paint: Paint): string {
  const hasKept = spans.some(({ isChanged }) => !isChanged);
  const text = spans.map((span) => spanText(span, kind, hasKept, paint)).join('');
  const line = `${marks[kind]} ${text}`.trimEnd();
  return kind === 'same' ? line : paint(colours[kind], line);
}

/** Words are marked by signs, not by colours alone: those are lost in files, and not seen by everybody. */
function spanText(
  { text, isChanged }: DiffSpan,
  kind: DiffLine['kind'],
  isMarked: boolean,
  paint: Paint,
): string {
  const safe = printable(text);
  if (!isChanged || !isMarked || kind === 'same') return safe;
  const bold: Colour = 'bold';
  return paint(bold, kind === 'removed' ? `[-${safe}-]` : `{+${safe}+}`);
}
