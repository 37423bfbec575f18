import { printableText } from '../core/printable.js';
import type { AnswerRow, Cell } from '../core/questions/question.js';
import { cellText } from './cellText.js';
import type { TableColumn } from './table.js';

const lineEnd = '\r\n';

/** What spreadsheets take for the beginning of a formula, full-width forms and leading blanks included. */
const formula = /^[\s\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;

/** The header line of a CSV file (RFC 4180): the keys of its columns. */
export function csvHead(columns: readonly TableColumn[]): string {
  return columns.map(({ key }) => quoted(key)).join(',') + lineEnd;
}

/**
 * One line of a CSV file. What a spreadsheet would run as a formula gets a `'` in front; what hides or turns round text
 * (controls, bidirectional marks) stands as `\u{…}`. The exact texts are in the events.
 */
export function csvLine(columns: readonly TableColumn[], row: AnswerRow): string {
  return columns.map(({ key }) => field(row[key])).join(',') + lineEnd;
}

function field(cell: Cell | undefined): string {
  // A number is none that anybody typed: -300 minutes is no formula.
  if (typeof cell === 'number') return String(cell);
  const text = cellText(cell);
  const safe = formula.test(text) ? `'${text}` : text;
  return quoted(printableText(safe));
}

function quoted(text: string): string {
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
