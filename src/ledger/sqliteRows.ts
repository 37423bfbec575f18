import type { Database, SqlValue } from 'sql.js';

/** How far a reader looks behind a page that SQLite cannot read. */
const probeLimit = 500;

/** Single look-ups in one file, together. */
const maxProbes = 20_000;

export interface EventRowBytes {
  readonly seq: number;
  readonly id: SqlValue;
  /** Null when the column is of another type than TEXT. */
  readonly header: Uint8Array | null;
  readonly body: Uint8Array | null;
  readonly bodyType: string;
}

/**
 * All bytes of a text, NULL of anything else, for `exactText`. As a text sql.js would give them without a
 * byte order mark, and with U+FFFD for what is no UTF-8.
 */
export const textBytes = (column: string): string =>
  `CASE typeof(${column}) WHEN 'text' THEN CAST(${column} AS BLOB) END`;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Exactly what stands in the file: what is not UTF-8 must not pass as replacement characters. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A cell that was read as `textBytes`; null for what is no text. */
export const exactText = (cell: SqlValue): string | null =>
  cell instanceof Uint8Array ? (decodeText(cell) ?? null) : null;

const eventColumns = `seq, id, ${textBytes('header')}, CAST(body AS BLOB), typeof(body)`;

/**
 * The event rows behind seq `after` in the order of the file, as far as SQLite can read them; `broken` is
 * told of each place where it cannot. With `all`, rows that stand before those come as well: a search by seq
 * would pass them by. `limit` ends a file whose pages run in a circle.
 */
export function readEventRows(
  db: Database,
  { after, all }: { readonly after: number; readonly all: boolean },
  limit: number,
  each: (row: EventRowBytes) => void,
  broken: (afterSeq: number, problem: string) => void,
): void {
  let last = after;
  let count = 0;
  const take = (row: EventRowBytes): void => {
    last = Math.max(last, row.seq);
    count++;
    each(row);
  };
  for (let start = after, probes = maxProbes, isFirst = true; count < limit; isFirst = false) {
    const everything = all && isFirst;
    const problem = scan(
      db,
      `SELECT ${eventColumns} FROM event ${everything ? '' : 'WHERE seq > ? '}ORDER BY seq`,
      everything ? [] : [start],
      (row) => {
        take(bytesOf(row));
        return count < limit;
      },
    );
    if (problem === undefined) return;
    broken(last, problem);
    start = Math.max(start, last);
    // Rows behind a broken page are still found one by one; each round gets further by one at least.
    for (let tries = probeLimit; ; tries--) {
      if (tries === 0 || probes-- === 0) return;
      const row = rowAt(db, ++start);
      if (row === undefined) continue;
      take(row);
      break;
    }
  }
}

/** All rows of a query until SQLite fails or `each` returns false; what SQLite said if it failed. */
export function scan(
  db: Database,
  sql: string,
  parameters: SqlValue[],
  each: (row: SqlValue[]) => boolean,
): string | undefined {
  try {
    const statement = db.prepare(sql, parameters);
    try {
      while (statement.step()) if (!each(statement.get())) return undefined;
    } finally {
      statement.free();
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The row at a seq; undefined where there is none or SQLite cannot read it. */
export function rowAt(db: Database, seq: number): EventRowBytes | undefined {
  let found: EventRowBytes | undefined;
  scan(db, `SELECT ${eventColumns} FROM event WHERE seq = ?`, [seq], (row) => {
    found = bytesOf(row);
    return false;
  });
  return found;
}

/** How many event rows a file has, wherever they stand; undefined where SQLite cannot count them. */
export function countEventRows(db: Database): number | undefined {
  let count: number | undefined;
  const failed = scan(db, 'SELECT count(*) FROM event', [], (row) => {
    count = row[0] as number;
    return false;
  });
  return failed === undefined ? count : undefined;
}

function bytesOf([seq, id, header, body, bodyType]: SqlValue[]): EventRowBytes {
  return {
    seq: seq as number,
    id: id ?? null,
    header: (header as Uint8Array | null) ?? null,
    body: (body as Uint8Array | null) ?? null,
    bodyType: bodyType as string,
  };
}
