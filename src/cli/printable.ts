import { unsafeCharacters } from '../core/printable.js';

export { printable, printableText } from '../core/printable.js';

/** JSON with two spaces of indent; what could drive a terminal stands as `\uXXXX`. */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.replace(unsafeCharacters, (character) =>
    character === '\n' ? character : jsonEscaped(character),
  );
}

function jsonEscaped(character: string): string {
  let text = '';
  for (let i = 0; i < character.length; i++) {
    text += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }
  return text;
}
