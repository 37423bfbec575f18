/**
 * Characters that could drive a terminal or hide text: controls, bidirectional and other invisible
 * ones, line separators, half surrogates. The two joiners stay: names and emoji need them.
 */
export const unsafeCharacters = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One line of text that is safe to print for people, whatever it came from. */
export function printable(text: string): string {
  return text.replace(unsafeCharacters, (character) => short[character] ?? escaped(character));
}

/** As `printable`, but line ends and tabs stay. */
export function printableText(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(unsafeCharacters, (character) =>
      character === '\n' || character === '\t'
        ? character
        : (short[character] ?? escaped(character)),
    );
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
