import type { Cell } from '../../core/questions/question.js';
import type { EvidenceTable, TableColumn } from '../table.js';
import { cellHtml } from './cells.js';
import { escaped } from './escape.js';

/** Rows that a page shows of one table; an export has them all. */
export const mostRows = 1000;

/** A table with its caption, in a frame that scrolls by itself. */
export function tableHtml(
  table: EvidenceTable,
  shown: readonly string[] | undefined,
  empty: string,
): string {
  const { title, about, rows } = table;
  if (rows.length === 0) return `<p><b>${escaped(sentence(title))}</b> ${escaped(empty)}</p>\n`;
  const columns = columnsShown(table, shown);
  const cut = rows.length > mostRows;
  const count = cut
    ? `The first ${mostRows} of ${rows.length} rows; an export of the same scope has them all.`
    : `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}.`;
  const head = columns
    .map(
      (one) =>
        `<th scope="col"${isNumber(one) ? ' class="number"' : ''}>${escaped(one.title)}</th>`,
    )
    .join('');
  const body = rows.slice(0, mostRows).map((row) => {
    const cells = columns.map(
      (one) => `<td${classOf(one, row[one.key])}>${cellHtml(row[one.key], one.kind)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>\n`;
  });
  return (
    `<div class="scroll" role="region" aria-label="Table: ${escaped(title)}" tabindex="0">\n<table>\n` +
    `<caption><b>${escaped(sentence(title))}</b> ${escaped(count)} ${escaped(about)}</caption>\n` +
    `<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('')}</tbody>\n</table>\n</div>\n`
  );
}

function columnsShown(
  { columns }: EvidenceTable,
  shown: readonly string[] | undefined,
): readonly TableColumn[] {
  if (shown === undefined) return columns.filter(({ isDetail }) => isDetail !== true);
  return shown.flatMap((key) => columns.find((one) => one.key === key) ?? []);
}

const classes: Readonly<Partial<Record<TableColumn['kind'], string>>> = {
  number: 'number',
  duration: 'number',
  person: 'people',
  persons: 'people',
  codes: 'long',
};

/** Columns of free text, which need room. */
const long = new Set([
  'note',
  'reason',
  'meaning',
  'question',
  'findings',
  'path',
  'paths',
  'target',
]);

function classOf({ key, kind }: TableColumn, cell: Cell | undefined): string {
  const names = [
    classes[kind] ?? (kind === 'text' && long.has(key) ? 'long' : ''),
    kind === 'text' && typeof cell === 'string' && hasLongWord.test(cell) ? 'any' : '',
  ].filter((name) => name !== '');
  return names.length === 0 ? '' : ` class="${names.join(' ')}"`;
}

/** Such a word may be broken anywhere, so that a printed table stays on its page. */
const hasLongWord = /\S{16}/u;

const isNumber = ({ kind }: TableColumn): boolean => kind === 'number' || kind === 'duration';

const sentence = (title: string): string => (/[.?!]$/.test(title) ? title : `${title}.`);
