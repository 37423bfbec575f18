import { readFileSync } from 'node:fs';
import type { Database, SqlJsStatic, SqlValue, Statement } from 'sql.js';
import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import { digestOf, eventIdOf } from '../core/hash.js';
import type { Digest, EventId } from '../core/ids.js';
import { digestBytes } from './attachments.js';
import type { BaseFiles } from './base.js';
import type { EncodedContent } from './contentCodec.js';
import { diskError } from './diskErrors.js';
import { restoreRemedy } from './findings.js';
import { protect } from './sqlEngine.js';
import { checkHeader } from './sqliteHeader.js';

/** One file of the ledger and the events in it. */
export interface VolumePlace {
  readonly path: string;
  readonly first: number;
  readonly last: number;
}

interface OpenVolume {
  readonly db: Database;
  /** Prepared once; closing the database frees them. */
  readonly statements: Map<string, Statement>;
}

/**
 * Databases that are kept open in this process, by whomever: each takes its file's size of SQLite's memory,
 * and whoever reads a ledger anew forgets the reader before.
 */
const mostOpen = 3;
const openNow: { readonly owner: VolumeFiles; readonly path: string }[] = [];

/** Reads single rows of the volumes when they are asked for. What it gives is checked against the ids. */
export class VolumeFiles implements BaseFiles {
  readonly #engine: SqlJsStatic;
  readonly #open = new Map<string, OpenVolume>();
  /** Files that are not on the disk yet, by path. */
  readonly #provided = new Map<string, Uint8Array>();
  #places: readonly VolumePlace[] = [];

  constructor(engine: SqlJsStatic) {
    this.#engine = engine;
  }

  /** Tells which file holds what, oldest first; forgets what was open. */
  set places(places: readonly VolumePlace[]) {
    this.close();
    this.#places = places;
  }

  /** Keeps the bytes of a file that has yet to be written. */
  provide(path: string, bytes: Uint8Array): void {
    this.#provided.set(path, bytes);
  }

  /** The files are on the disk now. */
  forgetProvided(): void {
    this.#provided.clear();
  }

  texts(seq: number, id: EventId): { header: string; body: string | null } {
    const place = this.#places.findLast(({ first }) => first <= seq);
    const row = place && this.#row(place.path, eventSql, [seq]);
    const [header, body] = row ?? [];
    if (typeof header !== 'string' || eventIdOf(header) !== id) throw unreadable(seq, place?.path);
    if (typeof body !== 'string') return { header, body: null };
    const { body: expected } = JSON.parse(header) as { readonly body: Digest };
    if (digestOf(body) !== expected) throw unreadable(seq, place?.path);
    return { header, body };
  }

  content(digest: Digest, seq: number): EncodedContent | undefined {
    const named = this.#places.findLast(({ first }) => seq > 0 && first <= seq);
    const others = this.#places.filter((place) => place !== named).toReversed();
    for (const place of named ? [named, ...others] : others) {
      const [encoding, bytes] = this.#row(place.path, contentSql, [digestBytes(digest)]) ?? [];
      const known = encoding === 'identity' || encoding === 'deflate';
      if (known && bytes instanceof Uint8Array) return { digest, encoding, bytes };
    }
    return undefined;
  }

  close(): void {
    for (const path of [...this.#open.keys()]) this.#drop(path);
  }

  #row(path: string, sql: string, parameters: SqlValue[]): SqlValue[] | undefined {
    const { db, statements } = this.#database(path);
    try {
      const known = statements.get(sql) ?? db.prepare(sql);
      statements.set(sql, known);
      known.bind(parameters);
      const row = known.step() ? known.get() : undefined;
      known.reset();
      return row;
    } catch {
      return undefined; // SQLite cannot read the page: there is no such row to whoever asks.
    }
  }

  #database(path: string): OpenVolume {
    const volume = this.#open.get(path) ?? { db: this.#opened(path), statements: new Map() };
    this.#open.set(path, volume);
    const at = openNow.findIndex((one) => one.owner === this && one.path === path);
    if (at >= 0) openNow.splice(at, 1);
    openNow.push({ owner: this, path });
    if (openNow.length > mostOpen) openNow[0]!.owner.#drop(openNow[0]!.path);
    return volume;
  }

  #drop(path: string): void {
    this.#open.get(path)?.db.close();
    this.#open.delete(path);
    const at = openNow.findIndex((one) => one.owner === this && one.path === path);
    if (at >= 0) openNow.splice(at, 1);
  }

  #opened(path: string): Database {
    try {
      const { bytes } = checkHeader(this.#provided.get(path) ?? readFileSync(path));
      if (bytes === null) throw unreadable(null, path);
      const db = new this.#engine.Database(bytes);
      protect(db);
      // One lock for all reads: outside of a transaction each row costs a look for a hot journal and a changed file.
      db.run('BEGIN');
      return db;
    } catch (error) {
      throw isPromptAuditError(error) ? error : diskError(error, path);
    }
  }
}

const eventSql = 'SELECT header, body FROM event WHERE seq = ?';
const contentSql = 'SELECT encoding, bytes FROM content WHERE digest = ?';

function unreadable(seq: number | null, path: string | undefined): PromptAuditError {
  return new PromptAuditError({
    code: 'ledger.damaged',
    message:
      path === undefined
        ? `No file of the ledger holds event ${seq}.`
        : seq === null
          ? `${path} is no file of a ledger.`
          : `Event ${seq} cannot be read from ${path}: it is not what was recorded.`,
    remedy: `${restoreRemedy} Run "prompt-audit verify" to see what is affected.`,
  });
}
