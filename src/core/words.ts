/** Scripts that put no space between words: each character counts as one. */
const unspaced =
  '[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}]';

const pattern = new RegExp(
  `${unspaced}\\p{M}*|(?:(?!${unspaced})[\\p{L}\\p{M}\\p{N}_])+|[^\\S\\n]+|\\n|[^]`,
  'gu',
);

/**
 * The pieces of a text that a comparison keeps whole; together they are the text: words, white space within a line, ends
 * of lines, and every other character by itself.
 */
export function wordsOf(text: string): readonly string[] {
  return text.match(pattern) ?? [];
}

/** How often each word stands in a text; white space does not count. */
export function wordCounts(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) if (/\S/u.test(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** From 0 to 1: the share of the words of two texts that both have, wherever they stand (Dice). */
export function commonShare(
  one: ReadonlyMap<string, number>,
  other: ReadonlyMap<string, number>,
): number {
  let [common, all] = [0, 0];
  for (const [word, count] of one) {
    common += Math.min(count, other.get(word) ?? 0);
    all += count;
  }
  for (const count of other.values()) all += count;
  return all === 0 ? 1 : (2 * common) / all;
}
