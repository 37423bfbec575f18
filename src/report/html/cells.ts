import type { Cell, CellKind } from '../../core/questions/question.js';
import { factText } from '../../core/reasons.js';
import type { PersonRef } from '../../core/rows.js';
import { durationWords, isPerson } from '../cellText.js';
import { escaped } from './escape.js';

/** Digits of a digest or an event id in tables; the whole is in the export. */
const shownDigits = 12;
/** Characters of one text in a table. */
const mostText = 2000;

/** A cell of a table as HTML. */
export function cellHtml(cell: Cell | undefined, kind: CellKind): string {
  if (cell === null || cell === undefined || cell === '') return none;
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell === 'number')
    return escaped(kind === 'duration' ? durationWords(cell) : String(cell));
  if (isPerson(cell)) return personHtml(cell);
  if (typeof cell !== 'string')
    return cell.length === 0 ? none : cell.map((one) => oneHtml(one, kind)).join('<br>');
  return oneHtml(cell, kind);
}

const none = '<span class="none">–</span>';

function oneHtml(value: string | PersonRef, kind: CellKind): string {
  if (typeof value !== 'string') return personHtml(value);
  switch (kind) {
    case 'digest':
    case 'event':
    case 'events':
      return `<code>${escaped(value.replace(/^sha256:/, '').slice(0, shownDigits))}</code>`;
    case 'time':
      return timeHtml(value);
    case 'codes':
      return codeHtml(value);
    default:
      return `<bdi>${escaped(shortened(value))}</bdi>`;
  }
}

/** A reason code with its words, where it is one. */
function codeHtml(code: string): string {
  const words = factText(code);
  return words === code
    ? escaped(code)
    : `<code>${escaped(code)}</code> <span class="words">${escaped(words)}</span>`;
}

export function personHtml({ name, email }: PersonRef): string {
  const address = email === null ? '' : ` <span class="mail">${escaped(shortened(email))}</span>`;
  return `<bdi>${escaped(shortened(name))}</bdi>${address}`;
}

/** A time as a page shows it: to the second, in UTC. */
export function timeHtml(at: string): string {
  const shown = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(at)
    ? `${at.slice(0, 10)} ${at.slice(11, 19)}Z`
    : at;
  return `<span class="time">${escaped(shown)}</span>`;
}

export function shortened(text: string): string {
  return text.length <= mostText ? text : `${text.slice(0, mostText)}… (cut)`;
}
