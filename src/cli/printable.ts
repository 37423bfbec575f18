/**
 * Characters that could drive a terminal or hide text: controls, bidirectional and other invisible
 * ones, line separators, half surrogates. The two joiners stay: names and emoji need them.
 */
const unsafe = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One line of text that is safe to print for people, whatever it came from. */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => short[character] ?? escaped(character));
}

/** As `printable`, but line ends and tabs stay. */
export function printableText(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(unsafe, (character) =>
      character === '\n' || character === '\t'
        ? character
        : (short[character] ?? escaped(character)),
    );
}

/** JSON with two spaces of indent; what could drive a terminal stands as `\uXXXX`. */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.replace(unsafe, (character) =>
    character === '\n' ? character : jsonEscaped(character),
  );
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function jsonEscaped(character: string): string {
  let text = '';
  for (let i = 0; i < character.length; i++) {
    text += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }
  return text;
}
