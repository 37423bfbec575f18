import type { Database } from 'sql.js';
import { PromptAuditError } from '../core/errors.js';
import { isRandomId, type LedgerId } from '../core/ids.js';
import { MerkleTree } from '../core/merkle.js';
import { pushAll } from '../core/pushAll.js';
import type { RedactionTarget } from '../core/redaction.js';
import type { Finding } from '../core/rows.js';
import type { LedgerEvent } from '../core/event.js';
import { checkAttachments, redactedTargets } from './attachmentCheck.js';
import type { Attachments } from './attachments.js';
import { readAttachmentRows } from './attachmentRows.js';
import { checkChain, type PlacedEvent } from './chainCheck.js';
import { readEvents, type EventsRead } from './eventReader.js';
import { finding, hasError, restoreRemedy } from './findings.js';
import type { ReadWatch } from './pristineEvents.js';
import type { Ground, LedgerBase } from './base.js';
import { fileFormatVersion, pageSize, schemaRows } from './schema.js';
import { protect, withDatabase, type WasmLoader } from './sqlEngine.js';
import { checkHeader, harmless } from './sqliteHeader.js';
import { exactText, scan, textBytes } from './sqliteRows.js';
import { buildVolume } from './sqliteWriter.js';
import { firstVolumeStart, startFromMeta, type VolumeStart } from './volumeStart.js';

/** A volume, open or sealed, after every check (docs/LEDGER.md, "File"). */
export interface LedgerFile {
  readonly bytes: Uint8Array;
  /** Null when nothing in the file says which ledger it is. */
  readonly ledger: LedgerId | null;
  /** What the file says that stands before it. */
  readonly start: VolumeStart;
  /** What stands before `events`: as `start`, or a base whose events were not read. */
  readonly before: { readonly size: number; readonly frontier: readonly Uint8Array[] };
  /** The events whose bytes are intact, in the order of the file. */
  readonly events: readonly PlacedEvent[];
  readonly attachments: Attachments;
  readonly findings: readonly Finding[];
  /** What a sealed volume lacks: only a redaction in a later one may explain it. Of the open one, nothing. */
  readonly missing: readonly Finding[];
}

/** How many events there are up to the end of a file, as far as they are intact. */
export const sizeInFile = ({ before, events }: Pick<LedgerFile, 'before' | 'events'>): number =>
  before.size + events.length;

/** The Merkle root that a file has over the first `size` events of the ledger; null where it cannot tell. */
export function rootInFile(file: LedgerFile, size: number): string | null {
  const { before, events } = file;
  if (size < before.size || size > sizeInFile(file)) return null;
  const tree = MerkleTree.restore(before.size, before.frontier);
  for (let at = 0; at < size - before.size; at++) tree.append(events[at]!.event.headerText);
  return tree.root();
}

export interface ReadOptions {
  readonly wasm?: WasmLoader | undefined;
  /** Also checks every text against its digest and SQLite's own structures. */
  readonly full?: boolean;
  /** What stands before the file, where that is known: without it a later volume's chain is not checked. */
  readonly base?: LedgerBase | null;
  /**
   * What stands before a volume that others stand behind, or may: then what it lacks is told apart. Null
   * for the first one.
   */
  readonly ground?: Ground | null;
  /**
   * The bytes are known, by their SHA-256, to be what this program checked and wrote, and hold the events
   * of `base` first: only what stands behind these is read, and taken as it is.
   */
  readonly trusted?: boolean;
  /** Only what the file shows by itself: the chain and what may be missing are `checkBehind`'s. */
  readonly alone?: boolean;
  /** Looks on, and may end it: then this throws `cancelled`. */
  readonly watch?: ReadWatch | undefined;
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
      start: firstVolumeStart,
      before: firstVolumeStart,
      events: [],
      attachments: nothing,
      findings: header.findings,
      missing: [],
    };
  }
  const { userVersion } = header;
  const read = await withDatabase(
    header.bytes,
    async (db) => {
      const problem = schemaProblem(db);
      if (problem !== undefined && userVersion > fileFormatVersion)
        throw fromTheFuture(userVersion);
      const findings = [...header.findings, ...versionFindings(userVersion)];
      return problem ?? (await readRows(bytes, db, findings, options));
    },
    options.wasm,
  );
  if (typeof read !== 'string') return read;
  const findings = [...header.findings, ...versionFindings(userVersion)];
  findings.push(
    finding({
      code: 'file.schema',
      message: `The tables of ledger.sqlite are not those of a ledger: ${read}.`,
      remedy: restoreRemedy,
    }),
  );
  return await withDatabase(
    await withCleanSchema(header.bytes, options.wasm),
    async (db) => {
      protect(db);
      return await readRows(bytes, db, findings, options);
    },
    options.wasm,
  );
}

const versionFindings = (userVersion: number): readonly Finding[] =>
  userVersion === fileFormatVersion
    ? []
    : [harmless('its header names another format', String(fileFormatVersion), String(userVersion))];

/**
 * Where a hostile file says that it begins, and of which ledger; undefined where it does not say that.
 * Throws `ledger.tooLarge` and `ledger.futureVersion`.
 */
export async function readVolumeStart(
  bytes: Uint8Array,
  wasm?: WasmLoader,
): Promise<VolumeStart | undefined> {
  const header = checkHeader(bytes);
  if (header.bytes === null) return undefined;
  return await withDatabase(
    header.bytes,
    (db) => (schemaProblem(db) === undefined ? readMeta(db, []).start : undefined),
    wasm,
  );
}

async function readRows(
  bytes: Uint8Array,
  db: Database,
  findings: Finding[],
  options: ReadOptions,
): Promise<LedgerFile> {
  const full = options.full ?? false;
  const ground = options.ground === undefined ? (options.base ?? null) : options.ground;
  const claimed = readMeta(db, findings);
  const start = claimed.start ?? firstVolumeStart;
  const skipped = options.trusted === true ? ground : null;
  const before = skipped ? { size: skipped.size, frontier: skipped.frontier } : start;
  const read = readEvents(db, bytes.length, {
    firstSeq: start.size + 1,
    after: before.size,
    trusted: options.trusted ?? false,
    watch: options.watch,
  });
  pushAll(findings, read.findings);
  const { attachments, findings: problems } = await readAttachmentRows(
    db,
    bytes.length,
    read.events,
    {
      full,
      isKnown: (digest) => skipped?.hasContent(digest) ?? false,
      watch: options.watch?.watch,
    },
  );
  pushAll(findings, problems);
  const ledger = read.events[0]?.event.header.ledger ?? claimed.ledger;
  if (claimed.ledger !== null && claimed.ledger !== ledger) {
    findings.push(
      metaFinding('it names another ledger than the events do', ledger, claimed.ledger),
    );
  }
  const known = before.size === 0 || ground?.size === before.size;
  let missing: readonly Finding[] = [];
  if (known && options.trusted !== true && options.alone !== true) {
    const isLast = options.ground === undefined;
    const redacted = isLast
      ? redactedTargets(options.base ?? null, eventsOf(read))
      : new Set<never>();
    const behind = checkBehind(read, attachments, before.size === 0 ? null : ground, redacted);
    pushAll(findings, behind.findings);
    if (isLast) pushAll(findings, behind.missing);
    else missing = behind.missing;
  }
  if (full && !hasError(findings)) {
    const said = integrityProblem(db);
    if (said !== undefined) findings.push(harmless(`SQLite says "${said}"`));
  }
  const { events } = read;
  return { bytes, ledger, start, before, events, attachments, findings, missing };
}

/** Holds the events of a file to what stands before it: the chain, and what is neither there nor here. */
export function checkBehind(
  { events, broken, bodyless }: Pick<EventsRead, 'events' | 'broken' | 'bodyless'>,
  attachments: Attachments,
  ground: Ground | null,
  redacted: ReadonlySet<RedactionTarget> = new Set(),
): { readonly findings: readonly Finding[]; readonly missing: readonly Finding[] } {
  return {
    findings: checkChain(events, broken, ground),
    missing: checkAttachments(events, attachments, { ground, redacted, broken: bodyless }),
  };
}

const eventsOf = ({ events }: { readonly events: readonly PlacedEvent[] }): LedgerEvent[] =>
  events.map(({ event }) => event);

/** What differs from the one schema that a ledger has; undefined when nothing does. Protects the database. */
function schemaProblem(db: Database): string | undefined {
  const rows: unknown[][] = [];
  const columns = ['type', 'name', 'tbl_name', 'sql'].map(textBytes).join();
  let problem: string | undefined;
  try {
    protect(db);
    problem = scan(db, `SELECT ${columns} FROM sqlite_schema ORDER BY rowid`, [], (row) => {
      rows.push(row.map(exactText));
      return rows.length <= schemaRows.length;
    });
  } catch (error) {
    problem = String(error);
  }
  if (problem !== undefined) return 'SQLite cannot read them';
  if (rows.length > schemaRows.length) return 'there are more';
  if (rows.length < schemaRows.length) return 'some are missing';
  const at = schemaRows.findIndex((row, i) => row.some((cell, j) => cell !== rows[i]?.[j]));
  return at < 0 ? undefined : `the definition of "${schemaRows[at]![1]}" differs`;
}

/** The file with the first page that an empty ledger has: foreign definitions are never run. */
async function withCleanSchema(bytes: Uint8Array, wasm?: WasmLoader): Promise<Uint8Array> {
  const rows = { ledger: '0'.repeat(32) as LedgerId, start: firstVolumeStart, events: [] };
  const empty = await buildVolume(
    { ...rows, attachments: { contents: new Map(), signatures: new Map() } },
    null,
    wasm,
  );
  const copy = Buffer.from(bytes);
  copy.set(empty.subarray(0, Math.min(pageSize, copy.length)));
  copy.writeUInt32BE(Math.floor(copy.length / pageSize), 28);
  return copy;
}

function readMeta(
  db: Database,
  findings: Finding[],
): { readonly ledger: LedgerId | null; readonly start: VolumeStart | undefined } {
  const rows: (string | null)[][] = [];
  const failed = scan(db, metaQuery, [], (row) => {
    rows.push(row.map(exactText));
    return rows.length <= mostMetaRows;
  });
  const [format, ledger] = ['format', 'ledger'].map((name, i) =>
    rows[i]?.[0] === name ? rows[i]?.[1] : undefined,
  );
  if (isNewer(format)) throw fromTheFuture(Number(format));
  const start = startFromMeta(rows);
  const fits = format === String(fileFormatVersion) && start !== undefined;
  if (failed !== undefined || !fits || !isRandomId(ledger)) {
    findings.push(
      metaFinding('its rows are not those of a ledger', null, JSON.stringify(rows).slice(0, 200)),
    );
  }
  return { ledger: isRandomId(ledger) ? ledger : null, start };
}

const mostMetaRows = 6;

const metaQuery = `SELECT ${textBytes('name')}, ${textBytes('value')} FROM meta ORDER BY rowid`;

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
