import type {
  AnswerRow,
  Cell as AnswerCell,
  CellKind,
  Column,
  QuestionAnswer,
} from '../core/questions/question.js';
import type { PersonRef } from '../core/rows.js';
import { durationText } from './duration.js';
import { printable } from './printable.js';
import type { Paint } from './style.js';
import { table, type Cell } from './table.js';
import { localTime } from './time.js';
import { shortDigest, shortName } from './words.js';

const mostOfText = 60;

/** An answer for people: the sentence, the rows without their details, and what was searched. */
export function answerText(answer: QuestionAnswer, paint: Paint): string {
  const { columns, rows, population, summary, digest, unanswerable } = answer;
  if (unanswerable !== undefined) return `Not answered: ${printable(unanswerable)}\n`;
  const shown = columns.filter(({ isDetail }) => isDetail !== true);
  const lines = rows.map((row) => shown.map((column) => cellText(row, column)));
  const head = shown.map(({ title }) => title.toUpperCase());
  const body = rows.length === 0 ? '' : table(lines, { paint, head });
  return [
    ...(summary === undefined ? [] : [`${printable(summary)}\n`]),
    body,
    `${populationText(answer)}\n`,
    ...(digest === undefined ? [] : [`Digest: ${printable(digest)} (of ${population.of})\n`]),
  ].join('');
}

/** `3 of 412 deployments.`: how much was found, and of what. */
export function populationText({ rows, population }: QuestionAnswer): string {
  return printable(`${rows.length} of ${population.count} ${population.of}.`);
}

function cellText(row: AnswerRow, { key, kind, saysNo }: Column): Cell {
  const value = row[key] ?? null;
  if (value === false && saysNo === true) return 'no';
  if (value === null) return '-';
  if (Array.isArray(value)) {
    const texts = (value as readonly (string | PersonRef)[]).map((one) => oneText(one, kind));
    return texts.length === 0 ? '-' : texts.join(', ');
  }
  return oneText(value as Exclude<AnswerCell, null | readonly unknown[]>, kind);
}

function oneText(value: string | number | boolean | PersonRef, kind: CellKind): string {
  if (typeof value === 'object') return shortName(value.name);
  if (typeof value === 'boolean') return value ? 'yes' : '-';
  if (typeof value === 'number') return kind === 'duration' ? durationText(value) : String(value);
  switch (kind) {
    case 'time':
      return localTime(value);
    case 'digest':
    case 'event':
    case 'events':
      return shortDigest(value);
    default:
      return cut(value);
  }
}

/** Free texts may be pages; `--json` has the whole. */
function cut(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  const letters = [...line.slice(0, 4 * mostOfText)];
  return letters.length <= mostOfText ? line : `${letters.slice(0, mostOfText - 1).join('')}…`;
}
