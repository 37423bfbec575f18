import { basename } from 'node:path';
import { unlink } from 'node:fs/promises';
import { PromptAuditError } from '../core/errors.js';
import type { LedgerEvent } from '../core/event.js';
import type { Digest } from '../core/ids.js';
import { sha256 } from '../core/hash.js';
import { writeFileAtomically } from './atomicFile.js';
import type { FoldRecord } from './cloneState.js';
import { readBytes, setAside, type FileRead } from './fileOnDisk.js';
import { isAboutHistory, isPristine } from './findings.js';
import { sameStamp, stampOf } from './fileStamp.js';
import { rootOf } from './memory.js';
import type { LedgerFile } from './sqliteFile.js';
import { buildLedgerFile, type LedgerBase, type LedgerRows } from './sqliteWriter.js';
import type { StoreContext } from './storeOptions.js';

export interface FoldInput {
  readonly context: StoreContext;
  /** What the file shall hold. */
  readonly rows: LedgerRows;
  /** What it holds; null when there is none. */
  readonly current: FileRead | null;
  readonly record: FoldRecord | null;
  /** Another file to build on, as sync does with the remote's. */
  readonly base: LedgerFile | null;
}

export interface Folded {
  readonly record: FoldRecord;
  readonly file: FileRead;
}

/**
 * Writes ledger.sqlite as a whole, durably. A file that this program did not write is kept beside
 * it when anything in it differs from what it should be. Null when the file has all rows already.
 */
export async function foldInto(input: FoldInput): Promise<Folded | null> {
  const { context, rows, current, record } = input;
  const intact = current !== null && isPristine(current.findings) && current.ledger === rows.ledger;
  const ours = intact && record?.sha256 === current.sha256;
  if (intact && input.base === null && holdsAll(current, rows)) {
    return ours ? null : { record: recordOf(rows, current.sha256), file: current };
  }
  const stamp = await stampOf(context.file);
  const onDisk = await readBytes(context.file);
  if ((onDisk && sha256(onDisk).toString('hex')) !== (current?.sha256 ?? null)) throw changed();

  const base =
    baseOf(input.base, rows) ??
    (ours && onDisk ? baseOf({ ...current, bytes: onDisk }, rows) : null);
  const bytes = await buildLedgerFile(rows, base, context.wasm);
  const rewritten =
    record !== null && current?.sha256 !== record.sha256 && !isPrefix(current, rows);
  const aside =
    current && (!intact || rewritten) ? await setAside(context.file, context.clock().at) : null;
  try {
    await writeFileAtomically(context.file, bytes, {
      platform: context.platform,
      readBack: true,
      recheck: async () => {
        if (!sameStamp(ignoringLinks(await stampOf(context.file)), ignoringLinks(stamp)))
          throw changed();
      },
    });
  } catch (error) {
    // The file itself is still in its place.
    if (aside) await unlink(aside).catch(() => undefined);
    throw error;
  }
  if (aside) {
    context.warn(
      `ledger.sqlite was not as it should be. It is kept as ${basename(aside)}, and all ${rows.events.length} events are in the restored ledger.sqlite.`,
    );
  } else if (current === null && record !== null) {
    context.warn(`ledger.sqlite was gone. It was restored with all ${rows.events.length} events.`);
  }
  const hash = sha256(bytes).toString('hex');
  const { ledger, events, attachments } = rows;
  const placed = events.map((event, at) => ({ seq: at + 1, event }));
  const snapshot = {
    contents: new Map(attachments.contents),
    signatures: new Map(attachments.signatures),
  };
  const noBytes = new Uint8Array();
  const findings = (current?.findings ?? []).filter(isAboutHistory);
  return {
    record: recordOf(rows, hash),
    file: {
      bytes: noBytes,
      ledger,
      events: placed,
      attachments: snapshot,
      findings,
      point: null,
      sha256: hash,
    },
  };
}

function changed(): PromptAuditError {
  return new PromptAuditError({
    code: 'ledger.locked',
    message: 'Another program changed ledger.sqlite at the same moment; nothing was written to it.',
    remedy: 'Try again. What was recorded is safe in the journal.',
  });
}

/** Setting a file aside links it, which changes the time of its inode. */
const ignoringLinks = (stamp: Awaited<ReturnType<typeof stampOf>>) =>
  stamp && { ...stamp, ctime: 0n };

function recordOf({ events }: LedgerRows, hash: string): FoldRecord {
  return { size: events.length, root: rootOf(events, events.length)!, sha256: hash };
}

const isPrefix = (file: LedgerFile | null, rows: LedgerRows): boolean =>
  (file?.events ?? []).every(({ event }, at) => sameEvent(event, rows.events[at]));

const sameEvent = (a: LedgerEvent, b: LedgerEvent | undefined): boolean =>
  a.id === b?.id && (a.bodyText === null) === (b.bodyText === null);

function holdsAll(file: LedgerFile, rows: LedgerRows): boolean {
  return (
    file.events.length === rows.events.length && isPrefix(file, rows) && lacksNothing(file, rows)
  );
}

function lacksNothing({ attachments }: LedgerFile, rows: LedgerRows): boolean {
  const { contents, signatures } = rows.attachments;
  return (
    [...contents.keys()].every((digest) => attachments.contents.has(digest)) &&
    [...signatures.keys()].every((digest) => attachments.signatures.has(digest))
  );
}

function baseOf(file: LedgerFile | null, rows: LedgerRows): LedgerBase | null {
  if (file === null || !isPristine(file.findings) || !isPrefix(file, rows)) return null;
  const attached = new Set<Digest>([
    ...file.attachments.contents.keys(),
    ...file.attachments.signatures.keys(),
  ]);
  return { bytes: file.bytes, size: file.events.length, attached };
}
