import { kindTexts } from './cellText.js';
import type { EvidenceTable } from './table.js';

/** What the columns of a CSV file mean: JSON, for people and programs that have only the export. */
export function tableSchema({ name, title, about, columns, rows }: EvidenceTable): string {
  const described = columns.map(({ key, title: words, kind, meaning }) => ({
    name: key,
    title: words,
    kind,
    format: kindTexts[kind],
    meaning,
  }));
  const format = 'CSV (RFC 4180), UTF-8, a header line, lines end with CRLF';
  return `${JSON.stringify({ table: name, title, about, format, rows: rows.length, columns: described }, null, 2)}\n`;
}
