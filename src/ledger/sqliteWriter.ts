import type { Database, Statement } from 'sql.js';
import type { LedgerEvent } from '../core/event.js';
import { isDigest, type Digest, type LedgerId } from '../core/ids.js';
import { digestBytes, type Attachments, type StoredSignature } from './attachments.js';
import type { EncodedContent } from './contentCodec.js';
import { createStatements, fileFormatVersion } from './schema.js';
import { withDatabase, type WasmLoader } from './sqlEngine.js';

export interface LedgerRows {
  readonly ledger: LedgerId;
  /** All events in order. */
  readonly events: readonly LedgerEvent[];
  readonly attachments: Attachments;
}

/** What a file holds already, so that only the rest is appended. */
export interface LedgerBase {
  readonly bytes: Uint8Array;
  /** Number of the leading `events` that stand in it, bodies included. */
  readonly size: number;
  /** Digests of the texts and signatures that stand in it. */
  readonly attached: ReadonlySet<Digest>;
}

/**
 * The bytes of ledger.sqlite with these rows, appended to those of `base` if given.
 * The same rows in the same order give the same bytes: texts and signatures come in
 * before the first event that names them, the others at the end.
 */
export async function buildLedgerFile(
  rows: LedgerRows,
  base: LedgerBase | null,
  wasm?: WasmLoader,
): Promise<Uint8Array> {
  return await withDatabase(
    base?.bytes ?? null,
    (db) => {
      if (base === null) createLedger(db, rows.ledger);
      appendRows(db, rows, base);
      return withSteadyHeader(db.export());
    },
    wasm,
  );
}

function createLedger(db: Database, ledger: LedgerId): void {
  for (const statement of createStatements) db.run(statement);
  const meta: [string, string][] = [
    ['format', String(fileFormatVersion)],
    ['ledger', ledger],
    ['first_seq', '1'],
  ];
  for (const row of meta) db.run('INSERT INTO meta(name, value) VALUES(?, ?)', row);
}

function appendRows(db: Database, { events, attachments }: LedgerRows, base: LedgerBase | null) {
  const contents = new Map(attachments.contents);
  const signatures = new Map(attachments.signatures);
  for (const digest of base?.attached ?? []) {
    contents.delete(digest);
    signatures.delete(digest);
  }
  const insert = new Inserts(db);
  db.run('BEGIN');
  for (let at = base?.size ?? 0; at < events.length; at++) {
    const event = events[at]!;
    for (const name of digestsNamed(event)) {
      const content = contents.get(name);
      if (content) insert.content(content);
      contents.delete(name);
      const signature = signatures.get(name);
      if (signature) insert.signature(signature);
      signatures.delete(name);
    }
    insert.event(at + 1, event);
  }
  for (const content of contents.values()) insert.content(content);
  for (const signature of signatures.values()) insert.signature(signature);
  insert.end();
  db.run('COMMIT');
}

/** The digests in an event's refs, in the order of their names. */
export function digestsNamed(event: LedgerEvent): readonly Digest[] {
  const refs = (event.header as unknown as { refs: Record<string, unknown> }).refs;
  return Object.keys(refs)
    .sort()
    .map((name) => refs[name])
    .filter(isDigest);
}

class Inserts {
  readonly #event: Statement;
  readonly #content: Statement;
  readonly #signature: Statement;

  constructor(db: Database) {
    this.#event = db.prepare('INSERT INTO event(seq, id, header, body) VALUES(?, ?, ?, ?)');
    this.#content = db.prepare('INSERT INTO content(digest, encoding, bytes) VALUES(?, ?, ?)');
    this.#signature = db.prepare('INSERT INTO signature(event, digest, bytes) VALUES(?, ?, ?)');
  }

  event(seq: number, event: LedgerEvent): void {
    this.#event.run([seq, Buffer.from(event.id, 'hex'), event.headerText, event.bodyText]);
  }

  content({ digest, encoding, bytes }: EncodedContent): void {
    this.#content.run([digestBytes(digest), encoding, bytes]);
  }

  signature({ event, digest, bytes }: StoredSignature): void {
    this.#signature.run([Buffer.from(event, 'hex'), digestBytes(digest), bytes]);
  }

  end(): void {
    for (const statement of [this.#event, this.#content, this.#signature]) statement.free();
  }
}

/** SQLite's counters of changes and its own version say nothing about the rows; fixed, files compare. */
export function withSteadyHeader(bytes: Uint8Array): Uint8Array {
  const header = new DataView(bytes.buffer, bytes.byteOffset, 100);
  header.setUint32(24, 1);
  header.setUint32(92, 1);
  header.setUint32(96, 3_045_000);
  return bytes;
}
