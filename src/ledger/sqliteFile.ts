import type { Database } from 'sql.js';
import { PromptAuditError } from '../core/errors.js';
import { isRandomId, type LedgerId } from '../core/ids.js';
import { merkleRoot } from '../core/merkle.js';
import type { Finding, LedgerPoint } from '../core/rows.js';
import { checkAttachments } from './attachmentCheck.js';
import type { Attachments } from './attachments.js';
import { readAttachmentRows } from './attachmentRows.js';
import { checkChain, type PlacedEvent } from './chainCheck.js';
import { readEvents } from './eventReader.js';
import { finding, hasError, restoreRemedy } from './findings.js';
import { fileFormatVersion, metaNames, pageSize, schemaRows } from './schema.js';
import { withDatabase, type WasmLoader } from './sqlEngine.js';
import { checkHeader, harmless } from './sqliteHeader.js';
import { scan } from './sqliteRows.js';
import { buildLedgerFile } from './sqliteWriter.js';

/** A ledger file after every check (docs/LEDGER.md, "File"). */
export interface LedgerFile {
  readonly bytes: Uint8Array;
  /** Null when nothing in the file says which ledger it is. */
  readonly ledger: LedgerId | null;
  /** The events whose bytes are intact, in the order of the file. */
  readonly events: readonly PlacedEvent[];
  readonly attachments: Attachments;
  readonly findings: readonly Finding[];
  /** The checkpoint of `events`; null where there are none. */
  readonly point: LedgerPoint | null;
}

export interface ReadOptions {
  readonly wasm?: WasmLoader | undefined;
  /** Also checks every text against its digest and SQLite's own structures. */
  readonly full?: boolean;
}

/**
 * Reads the bytes of a ledger file as hostile. Throws only `ledger.tooLarge` and
 * `ledger.futureVersion`; everything else that is wrong is a finding.
 */
export async function readLedgerFile(
  bytes: Uint8Array,
  options: ReadOptions = {},
): Promise<LedgerFile> {
  const header = checkHeader(bytes);
  const nothing: Attachments = { contents: new Map(), signatures: new Map() };
  if (header.bytes === null) {
    return {
      bytes,
      ledger: null,
      events: [],
      attachments: nothing,
      findings: header.findings,
      point: null,
    };
  }
  const problem = await schemaProblem(header.bytes, options.wasm);
  if (header.userVersion !== fileFormatVersion) {
    if (problem !== undefined && header.userVersion > fileFormatVersion)
      throw fromTheFuture(header.userVersion);
  }
  const findings = [...header.findings];
  let readable = header.bytes;
  if (header.userVersion !== fileFormatVersion) {
    findings.push(
      harmless(
        'its header names another format',
        String(fileFormatVersion),
        String(header.userVersion),
      ),
    );
  }
  if (problem !== undefined) {
    findings.push(
      finding({
        code: 'file.schema',
        message: `The tables of ledger.sqlite are not those of a ledger: ${problem}.`,
        remedy: restoreRemedy,
      }),
    );
    readable = await withCleanSchema(readable, options.wasm);
  }
  return await withDatabase(
    readable,
    async (db) => {
      protect(db);
      return await readRows(bytes, db, findings, options.full ?? false);
    },
    options.wasm,
  );
}

async function readRows(
  bytes: Uint8Array,
  db: Database,
  findings: Finding[],
  full: boolean,
): Promise<LedgerFile> {
  const read = readEvents(db, bytes.length);
  findings.push(...read.findings);
  const { attachments, findings: problems } = await readAttachmentRows(
    db,
    bytes.length,
    read.events,
    full,
  );
  findings.push(...problems);
  const claimed = readMeta(db, findings);
  const ledger = read.events[0]?.event.header.ledger ?? claimed;
  if (claimed !== null && claimed !== ledger) {
    findings.push(metaFinding('it names another ledger than the events do', ledger, claimed));
  }
  findings.push(...checkChain(read.events, read.broken));
  findings.push(...checkAttachments(read.events, attachments, read.bodyless));
  if (full && !hasError(findings)) {
    const said = integrityProblem(db);
    if (said !== undefined) findings.push(harmless(`SQLite says "${said}"`));
  }
  return {
    bytes,
    ledger,
    events: read.events,
    attachments,
    findings,
    point: pointOf(ledger, read.events),
  };
}

export function pointOf(
  ledger: LedgerId | null,
  events: readonly PlacedEvent[],
): LedgerPoint | null {
  if (ledger === null || events.length === 0) return null;
  return {
    id: ledger,
    size: events.length,
    root: merkleRoot(events.map(({ event }) => event.headerText)),
  };
}

function protect(db: Database): void {
  for (const pragma of ['trusted_schema = OFF', 'cell_size_check = ON', 'query_only = ON']) {
    db.run(`PRAGMA ${pragma}`);
  }
}

/** What differs from the one schema that a ledger has; undefined when nothing does. */
async function schemaProblem(bytes: Uint8Array, wasm?: WasmLoader): Promise<string | undefined> {
  return await withDatabase(
    bytes,
    (db) => {
      const rows: unknown[][] = [];
      let problem: string | undefined;
      try {
        protect(db);
        problem = scan(
          db,
          'SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid',
          [],
          (row) => {
            rows.push(row);
            return rows.length <= schemaRows.length;
          },
        );
      } catch (error) {
        problem = String(error);
      }
      if (problem !== undefined) return 'SQLite cannot read them';
      if (rows.length > schemaRows.length) return 'there are more';
      if (rows.length < schemaRows.length) return 'some are missing';
      const at = schemaRows.findIndex((row, i) => row.some((cell, j) => cell !== rows[i]?.[j]));
      return at < 0 ? undefined : `the definition of "${schemaRows[at]![1]}" differs`;
    },
    wasm,
  );
}

/** The file with the first page that an empty ledger has: foreign definitions are never run. */
async function withCleanSchema(bytes: Uint8Array, wasm?: WasmLoader): Promise<Uint8Array> {
  const rows = { ledger: '0'.repeat(32) as LedgerId, events: [] };
  const empty = await buildLedgerFile(
    { ...rows, attachments: { contents: new Map(), signatures: new Map() } },
    null,
    wasm,
  );
  const copy = Buffer.from(bytes);
  copy.set(empty.subarray(0, Math.min(pageSize, copy.length)));
  copy.writeUInt32BE(Math.floor(copy.length / pageSize), 28);
  return copy;
}

function readMeta(db: Database, findings: Finding[]): LedgerId | null {
  const rows: unknown[][] = [];
  const failed = scan(db, 'SELECT name, value FROM meta ORDER BY rowid', [], (row) => {
    rows.push(row);
    return rows.length <= metaNames.length;
  });
  const [format, ledger, firstSeq] = metaNames.map((name, i) =>
    rows[i]?.[0] === name ? rows[i]?.[1] : undefined,
  );
  if (isNewer(format) || isNewer(firstSeq)) throw fromTheFuture(Number(format));
  const fits =
    format === String(fileFormatVersion) && firstSeq === '1' && rows.length === metaNames.length;
  if (failed !== undefined || !fits || !isRandomId(ledger)) {
    findings.push(
      metaFinding('its rows are not those of a ledger', null, JSON.stringify(rows).slice(0, 200)),
    );
  }
  return isRandomId(ledger) ? ledger : null;
}

const isNewer = (value: unknown): boolean =>
  typeof value === 'string' && /^[1-9]\d{0,8}$/.test(value) && Number(value) > 1;

function metaFinding(what: string, expected: string | null, found: string | null): Finding {
  return finding({
    code: 'file.meta',
    message: `The table "meta" of ledger.sqlite is damaged: ${what}. No event has changed by that.`,
    expected,
    found,
    remedy: restoreRemedy,
  });
}

function integrityProblem(db: Database): string | undefined {
  let said: string | undefined;
  const failed = scan(db, 'PRAGMA integrity_check(1)', [], (row) => {
    if (row[0] !== 'ok') said = String(row[0]);
    return false;
  });
  return (failed ?? said)?.replaceAll(/\s+/g, ' ').slice(0, 200);
}

function fromTheFuture(version: number): PromptAuditError {
  return new PromptAuditError({
    code: 'ledger.futureVersion',
    message: `ledger.sqlite has format version ${version}, which this program does not know.`,
    remedy: 'Update the extension (or the command-line program) and try again.',
  });
}
