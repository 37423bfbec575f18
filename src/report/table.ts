import type { AnswerRow, Column } from '../core/questions/question.js';

export interface TableColumn extends Column {
  /** One English sentence for who reads the file without this program. */
  readonly meaning: string;
}

/** A table of evidence: a CSV file of an export, or a table of a report. */
export interface EvidenceTable {
  /** Lower case, words with `-`: the file's name. */
  readonly name: string;
  readonly title: string;
  /** What a row is and which rows there are, as English sentences. */
  readonly about: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly AnswerRow[];
}

/** A row's name for another one: `{ key, title, kind, meaning }` in one line. */
export function column(
  key: string,
  title: string,
  kind: Column['kind'],
  meaning: string,
): TableColumn {
  return { key, title, kind, meaning };
}
