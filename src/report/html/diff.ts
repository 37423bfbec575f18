import type { DiffLine, TextDiff, UnseenDifference } from '../../core/textDiff.js';
import { shortened } from './cells.js';
import { escaped } from './escape.js';

/** Lines of one diff that a page shows, and lines around a change. */
const mostLines = 400;
const around = 3;

const unseenTexts: Readonly<Record<UnseenDifference, string>> = {
  'byte-order-mark': 'The mark of the byte order at the beginning differs.',
  'line-ends': 'Ends of lines differ.',
  'final-newline': 'Only one of them ends with a newline.',
};

/** A diff with line numbers; what changed is marked by a sign, a colour and `ins` or `del`. */
export function diffHtml(diff: TextDiff, label: string): string {
  const { lines, removed, added, unseen, isExact } = diff;
  const notes = [
    removed === 0 && added === 0
      ? 'No line differs.'
      : `${removed} ${removed === 1 ? 'line' : 'lines'} removed, ${added} added.`,
    ...unseen.map((one) => unseenTexts[one]),
    ...(isExact ? [] : ['So much differs that everything in between counts as rewritten.']),
  ];
  const about = `<p class="about">${escaped(notes.join(' '))}</p>\n`;
  if (removed === 0 && added === 0) return about;
  return (
    `${about}<div class="scroll" role="region" aria-label="${escaped(label)}" tabindex="0">\n` +
    `<pre class="diff">${shownLines(lines)}</pre>\n</div>\n`
  );
}

function shownLines(lines: readonly DiffLine[]): string {
  const near = nearChanges(lines);
  const out: string[] = [];
  let [count, skipped] = [0, 0];
  const skip = (text: string): void => void out.push(`<span class="skip">${escaped(text)}</span>`);
  for (const [at, line] of lines.entries()) {
    if (near[at] === 0) {
      skipped++;
      continue;
    }
    if (count++ === mostLines) {
      skip(
        `… the rest is cut here: ${lines.length - at} more lines. The whole texts are in an export.`,
      );
      return out.join('');
    }
    if (skipped > 0) skip(unchangedText(skipped));
    skipped = 0;
    out.push(lineHtml(line));
  }
  if (skipped > 0) skip(unchangedText(skipped));
  return out.join('');
}

const unchangedText = (count: number): string =>
  `… ${count} unchanged ${count === 1 ? 'line' : 'lines'}`;

/** 1 for each line that changed, or is within a few lines of one. */
function nearChanges(lines: readonly DiffLine[]): Uint8Array {
  const near = new Uint8Array(lines.length);
  for (const [at, { kind }] of lines.entries())
    if (kind !== 'same') near.fill(1, Math.max(0, at - around), at + around + 1);
  return near;
}

const kinds = {
  same: { name: '', sign: ' ', tag: null },
  removed: { name: ' del', sign: '−', tag: 'del' },
  added: { name: ' add', sign: '+', tag: 'ins' },
} as const;

function lineHtml({ kind, oldLine, newLine, spans }: DiffLine): string {
  const { name, sign, tag } = kinds[kind];
  // A line that is all new or all gone says so by its sign and colour.
  const isPart = spans.some(({ isChanged }) => !isChanged);
  const text = spans
    .map(({ text: words, isChanged }) => {
      const shown = escaped(shortened(words));
      return isPart && isChanged && tag !== null ? `<${tag}>${shown}</${tag}>` : shown;
    })
    .join('');
  const number = (n: number | null): string => `<span class="n">${n ?? ''}</span>`;
  return (
    `<span class="l${name}">${number(oldLine)}${number(newLine)}` +
    `<span class="s">${sign}</span><span class="t">${text === '' ? ' ' : text}</span></span>`
  );
}
