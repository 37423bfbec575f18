/**
 * A command line as git splits one that it runs without a shell: blanks part words, quotes join them,
 * a backslash outside single quotes takes the next character as it is. Null where a quote does not close.
 */
export function splitCommandLine(text: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const c = text[at]!;
    if (quote === '' && /\s/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (c === quote) quote = '';
    else if (quote === '' && (c === "'" || c === '"')) {
      quote = c;
      word ??= '';
    } else if (c === '\\' && quote !== "'") {
      at++;
      if (at === text.length) return null;
      word = (word ?? '') + text[at]!;
    } else word = (word ?? '') + c;
  }
  if (word !== null) words.push(word);
  return quote === '' ? words : null;
}
