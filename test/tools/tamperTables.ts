import canonicalize from 'canonicalize';
import type { JsonValue } from '../../src/core/canonicalJson.js';
import { digestOf, sha256 } from '../../src/core/hash.js';
import { withDatabase } from '../../src/ledger/sqlEngine.js';

/** The header of an event as a forger sees it: any JSON. */
export type Loose = Record<string, JsonValue>;

export interface EventCells {
  seq: number | string;
  id: Uint8Array;
  header: string | Uint8Array | null;
  body: string | Uint8Array | number | null;
}

export interface BlobRow {
  /** `digest`, or the event and the digest of a signature. */
  keys: Uint8Array[];
  encoding?: string | Uint8Array;
  bytes: Uint8Array;
}

/** Every row of a ledger file, to change at will. */
export interface Tables {
  events: EventCells[];
  contents: BlobRow[];
  signatures: BlobRow[];
  meta: [string | Uint8Array, string | Uint8Array][];
}

/** The rows of an intact file. */
export async function readTables(bytes: Uint8Array): Promise<Tables> {
  return await withDatabase(bytes, (db) => {
    const rows = (sql: string): unknown[][] => db.exec(sql)[0]?.values ?? [];
    return {
      events: rows('SELECT seq, id, header, body FROM event ORDER BY seq').map(
        ([seq, id, header, body]) => ({ seq, id, header, body }) as EventCells,
      ),
      contents: rows('SELECT digest, encoding, bytes FROM content ORDER BY rowid').map(
        ([digest, encoding, data]) => ({ keys: [digest], encoding, bytes: data }) as BlobRow,
      ),
      signatures: rows('SELECT event, digest, bytes FROM signature ORDER BY rowid').map(
        ([event, digest, data]) => ({ keys: [event, digest], bytes: data }) as BlobRow,
      ),
      meta: rows('SELECT name, value FROM meta ORDER BY rowid') as [string, string][],
    };
  });
}

/** A file with these rows and the pages of `bytes` otherwise, as a careful forger leaves it. */
export async function writeTables(bytes: Uint8Array, tables: Tables): Promise<Buffer> {
  return await withDatabase(bytes, (db) => {
    db.run('PRAGMA ignore_check_constraints = ON');
    for (const name of ['event', 'content', 'signature', 'meta']) db.run(`DELETE FROM ${name}`);
    for (const { seq, id, header, body } of tables.events)
      db.run('INSERT INTO event VALUES (?, ?, ?, ?)', [seq, id, header, body]);
    for (const { keys, encoding, bytes: data } of tables.contents)
      db.run('INSERT INTO content VALUES (?, ?, ?)', [keys[0]!, encoding ?? null, data]);
    for (const { keys, bytes: data } of tables.signatures)
      db.run('INSERT INTO signature VALUES (?, ?, ?)', [keys[0]!, keys[1]!, data]);
    for (const row of tables.meta) db.run('INSERT INTO meta VALUES (?, ?)', row);
    db.run('VACUUM');
    return sealed(Buffer.from(db.export()));
  });
}

/** Runs SQL as another program would, and puts the counters of the header back. */
export async function withSql(bytes: Uint8Array, sql: string): Promise<Buffer> {
  return await withDatabase(bytes, (db) => {
    db.run('PRAGMA ignore_check_constraints = ON');
    db.run(sql);
    return sealed(Buffer.from(db.export()));
  });
}

function sealed(bytes: Buffer): Buffer {
  bytes.writeUInt32BE(1, 24);
  bytes.writeUInt32BE(1, 92);
  bytes.writeUInt32BE(3045000, 96);
  return bytes;
}

export const headerOf = (row: EventCells): Loose => JSON.parse(row.header as string) as Loose;
export const bodyOf = (row: EventCells): Loose => JSON.parse(row.body as string) as Loose;
export const idOf = (row: EventCells): string => Buffer.from(row.id).toString('hex');
export const eventIdBytes = (header: string): Buffer => sha256(header);

/** RFC 8785 without the further rules of a ledger. */
export const canonical = (value: JsonValue): string => canonicalize(value) as string;

/** Puts other texts into an event; the id follows unless `keepId`. */
export function put(
  row: EventCells,
  header: Loose | string,
  body?: Loose | string | null,
  keepId = false,
): void {
  if (body !== undefined) {
    row.body = typeof body === 'string' || body === null ? body : canonical(body);
    if (typeof header !== 'string' && row.body !== null)
      header = { ...header, body: digestOf(row.body) };
  }
  row.header = typeof header === 'string' ? header : canonical(header);
  if (!keepId) row.id = eventIdBytes(row.header);
}

/** Recomputes every id behind a change, so that the chain is whole again: what only a checkpoint shows. */
export function rebuildChain(events: readonly EventCells[], old: readonly string[]): void {
  const now = new Map<string, string>();
  for (const [at, row] of events.entries()) {
    let text = row.header as string;
    for (const [before, after] of now) text = text.replaceAll(before, after);
    const header = JSON.parse(text) as Loose;
    const parents = [...(header['parents'] as string[])].sort();
    put(row, { ...header, parents });
    const before = old[at];
    if (before !== undefined && before !== idOf(row)) now.set(before, idOf(row));
  }
}
