import { passes, ratio, sideNames, type Row, type SideName } from './row.js';

const headings = ['', 'what', 'events', 'ours', '10–90 %', 'limit', 'SQLite', 'git', 'bar'];
/** Columns of numbers. */
const rightAligned = new Set([2, 3, 4, 5, 6, 7]);

/** The rows as aligned plain text; a mark in front: `ok`, `NO`, or `–` where there is no bar. */
export function textTable(rows: readonly Row[]): string {
  const cells = [headings, ...rows.map(cellsOf)];
  const widths = headings.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) =>
        rightAligned.has(at) ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!),
      )
      .join('  ')
      .trimEnd();
  return cells.map(line).join('\n');
}

/** The same as a table in Markdown. */
export function markdownTable(rows: readonly Row[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  const rule = headings.map((_, at) => (rightAligned.has(at) ? '---:' : '---'));
  return [headings, rule, ...rows.map(cellsOf)].map(line).join('\n');
}

function cellsOf(row: Row): string[] {
  const { what, size, ours, unit, spread } = row;
  return [
    markOf(row),
    what,
    size.toLocaleString('en'),
    `${short(ours)} ${unit}`,
    spread === null ? '' : `${short(spread[0])}–${short(spread[1])}`,
    ...sideNames.map((side) => sideCell(row, side)),
    barText(row),
  ];
}

function markOf(row: Row): string {
  const passed = passes(row);
  return passed === null ? '–' : passed ? 'ok' : 'NO';
}

function sideCell(row: Row, side: SideName): string {
  const value = row.sides[side];
  const times = ratio(row, side);
  return value === undefined || times === undefined ? '' : `${short(value)} (×${short(times)})`;
}

function barText({ bar, unit }: Row): string {
  if (bar === null) return '';
  if (bar.of === 'ours') return `≤ ${short(bar.most)} ${unit}`;
  return `≤ ×${short(bar.most)} of the ${bar.of === 'limit' ? 'limit' : bar.of}`;
}

/** Three digits, and never an exponent. */
function short(value: number): string {
  if (!Number.isFinite(value)) return '?';
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
