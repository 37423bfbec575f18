/** UTF-16 units of the longest line that goes to the page: a note of a megabyte must not stop it. */
const lineLength = 300;

export function line(text: string): string {
  return text.length <= lineLength ? text : `${text.slice(0, lineLength)}…`;
}

export function lineOrNull(text: string | null): string | null {
  return text === null ? null : line(text);
}
