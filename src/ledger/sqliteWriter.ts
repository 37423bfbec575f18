import type { Database, Statement } from 'sql.js';
import type { LedgerEvent } from '../core/event.js';
import type { Digest, LedgerId } from '../core/ids.js';
import { digestBytes, type Attachments, type StoredSignature } from './attachments.js';
import type { EncodedContent } from './contentCodec.js';
import { digestsNamed } from './digestsNamed.js';
import { createStatements } from './schema.js';
import { withDatabase, type WasmLoader } from './sqlEngine.js';
import { metaRowsOf, type VolumeStart } from './volumeStart.js';

/** What one volume shall hold. */
export interface LedgerRows {
  readonly ledger: LedgerId;
  readonly start: VolumeStart;
  /** All its events, in order. */
  readonly events: readonly LedgerEvent[];
  readonly attachments: Attachments;
}

/** What a file holds already, so that only the rest is appended. */
export interface WrittenRows {
  readonly bytes: Uint8Array;
  /** Number of the leading events of the volume that stand in it, bodies included. */
  readonly size: number;
  /** Digests of the texts and signatures that stand in it. */
  readonly attached: ReadonlySet<Digest>;
}

/**
 * The bytes of a volume with these rows, appended to those of `written` if given; its `events` may then
 * be left out of the rows: `rows.events` begin behind them. The same rows in the same order give the same
 * bytes: texts and signatures come in before the first event that names them, the others at the end.
 */
export async function buildVolume(
  rows: LedgerRows,
  written: WrittenRows | null,
  wasm?: WasmLoader,
): Promise<Uint8Array> {
  return await withDatabase(
    written?.bytes ?? null,
    (db) => {
      if (written === null) createVolume(db, rows);
      appendRows(db, rows, written);
      return withSteadyHeader(db.export());
    },
    wasm,
  );
}

function createVolume(db: Database, { ledger, start }: LedgerRows): void {
  for (const statement of createStatements) db.run(statement);
  for (const row of metaRowsOf(ledger, start))
    db.run('INSERT INTO meta(name, value) VALUES(?, ?)', row);
}

function appendRows(db: Database, rows: LedgerRows, written: WrittenRows | null): void {
  const contents = new Map(rows.attachments.contents);
  const signatures = new Map(rows.attachments.signatures);
  for (const digest of written?.attached ?? []) {
    contents.delete(digest);
    signatures.delete(digest);
  }
  const insert = new Inserts(db);
  let seq = rows.start.size + (written?.size ?? 0);
  db.run('BEGIN');
  for (const event of rows.events) {
    for (const name of digestsNamed(event)) {
      const content = contents.get(name);
      if (content) insert.content(content);
      contents.delete(name);
      const signature = signatures.get(name);
      if (signature) insert.signature(signature);
      signatures.delete(name);
    }
    insert.event(++seq, event);
  }
  for (const content of contents.values()) insert.content(content);
  for (const signature of signatures.values()) insert.signature(signature);
  insert.end();
  db.run('COMMIT');
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
