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

const eventColumns =
  "seq, id, CASE typeof(header) WHEN 'text' THEN CAST(header AS BLOB) END, CAST(body AS BLOB), typeof(body)";

/**
 * The event rows behind seq `after` in the order of the file, as far as SQLite can read them; `broken` is
 * told of each place where it cannot. `limit` ends a file whose pages run in a circle.
 */
export function readEventRows(
  db: Database,
  after: number,
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
  for (let start = after, probes = maxProbes; count < limit;) {
    const problem = scan(
      db,
      `SELECT ${eventColumns} FROM event WHERE seq > ? ORDER BY seq`,
      [start],
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

/** The seq of a row up to `seq`, which a reader that begins behind it would never see; undefined where there is none. */
export function rowBefore(db: Database, seq: number): number | undefined {
  let found: number | undefined;
  scan(db, 'SELECT seq FROM event WHERE seq <= ? ORDER BY seq LIMIT 1', [seq], (row) => {
    found = row[0] as number;
    return false;
  });
  return found;
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
