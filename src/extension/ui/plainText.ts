/**
 * Characters that hide text or turn it round: controls, bidirectional and other invisible ones, line separators.
 * Tabs and line feeds stay, and the two joiners: names and emoji need them.
 */
const unsafe = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** UTF-16 units of one text that are shown. */
const mostShown = 64 * 1024;

/** What others wrote, as the editor may show it as plain text: nothing in it is hidden. */
export function plainText(text: string): string {
  const lines = text.slice(0, mostShown).replace(/\r\n?/g, '\n');
  const shown = lines.replace(unsafe, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
  return text.length > mostShown ? `${shown}…` : shown;
}

/** The same in one line. */
export function plainLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim();
}
