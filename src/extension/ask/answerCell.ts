import type { EventId } from '../../core/ids.js';
import type { AnswerRow, Cell, Column } from '../../core/questions/question.js';
import type { PersonRef } from '../../core/rows.js';
import { plainLine } from '../ui/plainText.js';
import { escaped } from './answerPage.js';

/** What cells need of their surroundings. */
export interface CellWords {
  /** Address of the link that opens an event. */
  readonly eventLink: (event: EventId) => string;
  readonly eventHint: string;
  readonly yes: string;
  readonly no: string;
  readonly time: (at: string) => { readonly short: string; readonly full: string };
  readonly duration: (milliseconds: number) => string;
  readonly code: (code: string) => string;
}

/** Links that one cell shows; the rest is counted. */
const mostLinks = 8;

/** A cell as safe HTML: what the ledger says goes in as text, with nothing hidden in it. Empty for an empty cell. */
export function cellHtml(words: CellWords, column: Column, row: AnswerRow): string {
  const cell = row[column.key] ?? null;
  if (cell === null || cell === '') {
    return '';
  }
  if (isPerson(cell)) {
    return personHtml(cell);
  }
  return Array.isArray(cell)
    ? manyHtml(words, column, cell as readonly (string | PersonRef)[])
    : oneHtml(words, column, cell as string | number | boolean);
}

function manyHtml(words: CellWords, column: Column, all: readonly (string | PersonRef)[]): string {
  const shown = all
    .slice(0, mostLinks)
    .map((one) => (typeof one === 'string' ? oneHtml(words, column, one) : personHtml(one)));
  const more = all.length - shown.length;
  return [...shown, ...(more > 0 ? [`+${more}`] : [])].join(
    column.kind === 'codes' ? '<br>' : ', ',
  );
}

function oneHtml(words: CellWords, { kind }: Column, value: string | number | boolean): string {
  switch (kind) {
    case 'flag':
      return escaped(value === true ? words.yes : value === false ? words.no : String(value));
    case 'time': {
      const { short, full } = words.time(String(value));
      return `<time datetime="${escaped(String(value))}" title="${escaped(full)}">${escaped(short)}</time>`;
    }
    case 'duration':
      return escaped(words.duration(Number(value)));
    case 'event':
    case 'events':
      return eventHtml(words, String(value));
    case 'digest':
      return digestHtml(String(value));
    case 'codes':
      return textHtml(words.code(String(value)));
    default:
      return textHtml(String(value));
  }
}

function eventHtml(words: CellWords, event: string): string {
  return /^[0-9a-f]{64}$/.test(event)
    ? `<a href="${escaped(words.eventLink(event as EventId))}" title="${escaped(words.eventHint)}">${event.slice(0, 7)}</a>`
    : textHtml(event);
}

function digestHtml(digest: string): string {
  const hex = digest.replace(/^sha256:/, '');
  return `<code title="${escaped(digest)}">${escaped(hex.slice(0, 7))}</code>`;
}

function personHtml({ name, email }: PersonRef): string {
  return email === null
    ? textHtml(name)
    : `<bdi title="${escaped(plainLine(email))}">${escaped(plainLine(name))}</bdi>`;
}

function textHtml(text: string): string {
  return `<bdi>${escaped(plainLine(text))}</bdi>`;
}

function isPerson(cell: Cell): cell is PersonRef {
  return typeof cell === 'object' && cell !== null && 'name' in cell;
}
