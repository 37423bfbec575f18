import { printable, printableText } from '../../core/printable.js';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** One line of any text inside an element or a quoted attribute. What hides or turns round text stands as `\u{…}`. */
export function escaped(text: string): string {
  return entitiesOf(printable(text));
}

/** As `escaped`, but line ends stay. */
export function escapedText(text: string): string {
  return entitiesOf(printableText(text));
}

function entitiesOf(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
