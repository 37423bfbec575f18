import type { Cell, CellKind } from '../core/questions/question.js';
import type { PersonRef } from '../core/rows.js';

/** A cell as the text of a file that programs read: nothing is shortened, times are UTC, several values stand on lines. */
export function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  if (isPerson(cell)) return personText(cell);
  return cell.map((one) => (typeof one === 'string' ? one : personText(one))).join('; ');
}

/** `Ravi Reviewer <ravi@example.org>`; without an address the name alone. */
export function personText({ name, email }: PersonRef): string {
  return email === null ? name : `${name} <${email}>`;
}

export function isPerson(cell: Cell): cell is PersonRef {
  return typeof cell === 'object' && cell !== null && 'name' in cell;
}

const hour = 3_600_000;

/** `45 s`, `12 min`, `5 h`, `3 d`: a duration as people say it. */
export function durationWords(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  if (size < 60_000) return `${round(milliseconds / 1000)} s`;
  if (size < hour) return `${round(milliseconds / 60_000)} min`;
  return size < 48 * hour
    ? `${round(milliseconds / hour)} h`
    : `${round(milliseconds / (24 * hour))} d`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** What a column of this kind holds in a CSV file, for the description beside it. */
export const kindTexts: Readonly<Record<CellKind, string>> = {
  text: 'text',
  number: 'integer',
  flag: 'true or false',
  time: 'ISO 8601 in UTC',
  duration: 'milliseconds',
  digest: '"sha256:" and 64 hex digits',
  event: 'event id: 64 hex digits, the SHA-256 of its header',
  events: 'event ids, separated by "; "',
  person: 'name <e-mail address>',
  persons: 'names <e-mail addresses>, separated by "; "',
  codes: 'reason codes, separated by "; "',
};
