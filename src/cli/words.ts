import type { PersonRef } from '../core/rows.js';

const shortLength = 7;
const mostOfName = 40;

/** The first digits of an id or digest, as people name it. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, shortLength);
}

/** `Ravi Reviewer <ravi@example.org>`; without an address the name alone. */
export function fullPerson(person: PersonRef): string {
  return person.email === null ? person.name : `${person.name} <${person.email}>`;
}

/** A name for a column of a table: a long one would pad all other rows. `--json` has the whole. */
export function shortName(name: string): string {
  const letters = [...name.slice(0, 4 * mostOfName)];
  return letters.length <= mostOfName ? name : `${letters.slice(0, mostOfName - 1).join('')}…`;
}

/** Names for a table cell; `-` when there is nobody. */
export function names(people: readonly PersonRef[]): string {
  return people.length === 0 ? '-' : people.map((person) => person.name).join(', ');
}

/** `1 event`, `2 events`. */
export function plural(count: number, singular: string, several = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : several}`;
}

/** A free text inside a line. */
export function quoted(text: string | null): string {
  return text === null ? '' : `"${text}"`;
}

/** An argument as a POSIX shell takes it back. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
