import { diffArrays } from 'diff';
import { linesOf } from './lineMap.js';
import { commonShare, wordCounts, wordsOf } from './words.js';

/** A piece of one line; `isChanged` where its words are not in the other text at that place. */
export interface DiffSpan {
  readonly text: string;
  readonly isChanged: boolean;
}

/** One line of two texts that were compared; numbers count from 1. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly oldLine: number | null;
  readonly newLine: number | null;
  /** Together they are the line, without its end. */
  readonly spans: readonly DiffSpan[];
}

/** Two texts may have the same lines and be other bytes all the same. */
export type UnseenDifference = 'byte-order-mark' | 'line-ends' | 'final-newline';

export interface TextDiff {
  /** The changed ones and unchanged ones around them; where others were left out, the numbers jump. */
  readonly lines: readonly DiffLine[];
  readonly removed: number;
  readonly added: number;
  /** What else differs, beside lines. */
  readonly unseen: readonly UnseenDifference[];
  /** False: so much differs that everything between the first and the last difference counts as rewritten. */
  readonly isExact: boolean;
}

/** Lines, and words in a rewritten place, that may be added and removed: the work grows with the square of it. */
const mostEdits = { lines: 2000, words: 1000 } as const;

/** Words times edits, all rewritten places of two texts together; behind that no words are marked. */
const mostWork = 20_000_000;

/** Words of two places that are less alike are shown as rewritten: marks would only be noise. */
const leastAlike = 0.3;

/** Unchanged lines before and behind each change; `Infinity`: all. */
const usualContext = 3;

/** Line by line, with the words that changed marked inside the lines. Ends of lines make no difference there. */
export function textDiff(older: string, newer: string, context = usualContext): TextDiff {
  const [from, into] = [older, newer].map((text) => (text === '' ? [] : linesOf(text))) as [
    readonly string[],
    readonly string[],
  ];
  const { head, tail } = commonEnds(from, into);
  const left = from.slice(head, from.length - tail);
  const right = into.slice(head, into.length - tail);
  const lines: DiffLine[] = [];
  let [oldLine, newLine] = [1, 1];
  const same = (texts: readonly string[], isFirst: boolean, isLast: boolean): void => {
    const isCut = Number.isFinite(context);
    const start = isFirst && isCut ? 0 : context;
    const end = texts.length - (isLast && isCut ? 0 : context);
    for (const [at, text] of texts.entries()) {
      const [here, there] = [oldLine++, newLine++];
      if (at < start || at >= end)
        lines.push({ kind: 'same', oldLine: here, newLine: there, spans: whole(text) });
    }
  };
  const budget = { left: mostWork };
  const change = (gone: readonly string[], come: readonly string[]): void => {
    const marked = markedWords(gone, come, budget);
    for (const spans of marked.removed)
      lines.push({ kind: 'removed', oldLine: oldLine++, newLine: null, spans });
    for (const spans of marked.added)
      lines.push({ kind: 'added', oldLine: null, newLine: newLine++, spans });
  };
  same(from.slice(0, head), true, left.length === 0 && right.length === 0);
  const changes = diffArrays([...left], [...right], { maxEditLength: mostEdits.lines });
  if (changes === undefined) change(left, right);
  let gone: readonly string[] = [];
  let come: readonly string[] = [];
  for (const { added, removed, value } of changes ?? []) {
    if (removed) gone = [...gone, ...value];
    else if (added) come = [...come, ...value];
    else {
      change(gone, come);
      same(value, false, false);
      gone = come = [];
    }
  }
  change(gone, come);
  same(from.slice(from.length - tail), left.length === 0 && right.length === 0, true);
  return {
    lines,
    removed: lines.filter(({ kind }) => kind === 'removed').length,
    added: lines.filter(({ kind }) => kind === 'added').length,
    unseen: unseenDifferences(older, newer),
    isExact: changes !== undefined,
  };
}

/** What differs between two texts beside the words in their lines. */
export function unseenDifferences(older: string, newer: string): readonly UnseenDifference[] {
  // Against nothing everything is new.
  if (older === '' || newer === '') return [];
  const differ = (of: (text: string) => unknown): boolean => of(older) !== of(newer);
  const found: UnseenDifference[] = [];
  if (differ((text) => text.startsWith('\ufeff'))) found.push('byte-order-mark');
  // One line has no ends that could differ.
  if (lineEnds(older) !== '' && lineEnds(newer) !== '' && differ(lineEnds)) found.push('line-ends');
  if (differ((text) => /[\r\n]$/.test(text))) found.push('final-newline');
  return found;
}

/** The kinds of line ends in a text but for the last one; empty for one line. */
function lineEnds(text: string): string {
  const ends = text.replace(/(\r\n|\n|\r)$/, '').match(/\r\n|\n|\r/g) ?? [];
  const kinds = [...new Set(ends)];
  // Of a mix, the ends themselves count.
  return kinds.length > 1 ? ends.join('') : (kinds[0] ?? '');
}

function commonEnds(
  from: readonly string[],
  into: readonly string[],
): { readonly head: number; readonly tail: number } {
  const most = Math.min(from.length, into.length);
  let head = 0;
  while (head < most && from[head] === into[head]) head++;
  let tail = 0;
  while (tail < most - head && from.at(-1 - tail) === into.at(-1 - tail)) tail++;
  return { head, tail };
}

interface Marked {
  readonly removed: readonly (readonly DiffSpan[])[];
  readonly added: readonly (readonly DiffSpan[])[];
}

/** The lines of a place that was rewritten, with the words marked that did not stay. */
function markedWords(
  gone: readonly string[],
  come: readonly string[],
  budget: { left: number },
): Marked {
  const all = { removed: gone.map(changed), added: come.map(changed) };
  if (gone.length === 0 || come.length === 0) return all;
  const [older, newer] = [wordsOf(gone.join('\n')), wordsOf(come.join('\n'))];
  if (commonShare(wordCounts(older), wordCounts(newer)) < leastAlike) return all;
  const count = older.length + newer.length;
  const maxEditLength = Math.min(mostEdits.words, count, Math.floor(budget.left / count));
  if (maxEditLength === 0) return all;
  budget.left -= count * maxEditLength;
  const changes = diffArrays([...older], [...newer], { maxEditLength, comparator: isAsGood });
  if (changes === undefined) return all;
  const before: DiffSpan[] = [];
  const after: DiffSpan[] = [];
  let [from, to] = [0, 0];
  for (const { added, removed, count: words } of changes) {
    if (!added) {
      const text = older.slice(from, (from += words)).join('');
      before.push({ text, isChanged: removed });
    }
    if (!removed) {
      const text = newer.slice(to, (to += words)).join('');
      after.push({ text, isChanged: added });
    }
  }
  return { removed: byLine(before), added: byLine(after) };
}

/** A line that was broken elsewhere has the same words. */
function isAsGood(one: string, other: string): boolean {
  if (one === other) return true;
  const isBreak = one === '\n' || other === '\n';
  return isBreak && one.trim() === '' && other.trim() === '';
}

/** Cuts spans at the ends of lines. */
function byLine(spans: readonly DiffSpan[]): DiffSpan[][] {
  const lines: DiffSpan[][] = [[]];
  for (const { text, isChanged } of spans) {
    for (const [at, piece] of text.split('\n').entries()) {
      if (at > 0) lines.push([]);
      if (piece !== '') lines.at(-1)!.push({ text: piece, isChanged });
    }
  }
  return lines;
}

const whole = (text: string): DiffSpan[] => (text === '' ? [] : [{ text, isChanged: false }]);
const changed = (text: string): DiffSpan[] => (text === '' ? [] : [{ text, isChanged: true }]);
