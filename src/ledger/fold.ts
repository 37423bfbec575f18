import { basename, dirname } from 'node:path';
import { unlink } from 'node:fs/promises';
import { PromptAuditError } from '../core/errors.js';
import type { LedgerEvent } from '../core/event.js';
import { sha256 } from '../core/hash.js';
import { writeFileAtomically } from './atomicFile.js';
import type { FoldRecord, VolumeRecord } from './cloneState.js';
import { isAsWritten } from './combine.js';
import { onDisk as diskErrors } from './diskErrors.js';
import { readBytes, setAside, withoutBytes, type FileRead } from './fileOnDisk.js';
import { isAboutHistory, isPristine } from './findings.js';
import { sameStamp, stampOf } from './fileStamp.js';
import type { LedgerMemory } from './memory.js';
import { planVolumes, type PlannedVolume } from './sealing.js';
import { sizeInFile, type LedgerFile } from './sqliteFile.js';
import type { WrittenRows } from './sqliteWriter.js';
import type { StoreContext } from './storeOptions.js';
import { removeVolumesAfter, writeVolumes } from './volumeWriter.js';
import type { VolumeStart } from './volumeStart.js';

/** The sealed volumes before the open one, and where that begins. */
export interface Layout {
  readonly sealed: readonly Omit<VolumeRecord, 'stamp'>[];
  readonly start: VolumeStart;
  /** Bytes of sealed volumes that are not on the disk yet, or broken there. */
  readonly repairs: ReadonlyMap<number, Uint8Array>;
  /** True where these come from a remote, and what they replace was an order that only this clone had. */
  readonly isFetched?: boolean;
}

export interface FoldInput {
  readonly context: StoreContext;
  /** What the files shall hold. */
  readonly memory: LedgerMemory;
  readonly layout: Layout;
  /** What the open volume holds; null when there is none. */
  readonly current: FileRead | null;
  readonly record: FoldRecord | null;
  /** Another open volume to build on, as sync does with the remote's. */
  readonly remote: LedgerFile | null;
}

export interface Folded {
  readonly record: FoldRecord;
  readonly file: FileRead;
  readonly layout: Layout;
}

/**
 * Writes the volumes, durably: sealed ones first, then the open one as a whole. A file that this program
 * did not write is kept beside it when anything in it differs from what it should be. Null when the
 * files have all rows already.
 */
export async function foldInto(input: FoldInput): Promise<Folded | null> {
  const { context, memory, current, record, layout } = input;
  const intact =
    current !== null && isPristine(current.findings) && current.ledger === memory.ledger;
  const ours = intact && record?.sha256 === current.sha256;
  const isPlaced = current?.start.size === layout.start.size && input.remote === null;
  if (intact && isPlaced && holdsAll(current, memory)) {
    if (ours && layout.repairs.size === 0 && sameVolumes(record, layout)) return null;
    const volumes = await writeVolumes(context, layout, []);
    const noted = recordOf(memory, current.sha256, volumes);
    return { record: noted, file: current, layout: { ...layout, repairs: new Map() } };
  }
  const stamp = await stampOf(context.file);
  const onDisk = await readBytes(context.file);
  if ((onDisk && sha256(onDisk).toString('hex')) !== (current?.sha256 ?? null)) throw changed();

  const written =
    (input.remote && writtenRows(input.remote, memory, layout)) ??
    (ours && onDisk ? writtenRows({ ...current, bytes: onDisk }, memory, layout) : null);
  const plan = await planVolumes(memory, layout.start, written, context);
  const open = plan.at(-1)!;
  const rewritten =
    record !== null &&
    current !== null &&
    current.sha256 !== record.sha256 &&
    !isPrefix(current, memory) &&
    !isAsWritten(current, record);
  const aside =
    current && (!intact || rewritten) ? await setAside(context.file, context.clock().at) : null;
  let volumes: readonly VolumeRecord[];
  let replaced = false;
  try {
    // Else a power cut could keep the new file and forget the name of the damaged one.
    if (aside) await diskErrors(aside, () => context.platform.syncFolder(dirname(aside)));
    volumes = await writeVolumes(context, layout, plan.slice(0, -1));
    await writeFileAtomically(context.file, open.bytes, {
      platform: context.platform,
      readBack: true,
      replaced: () => (replaced = true),
      recheck: async () => {
        if (!sameStamp(ignoringLinks(await stampOf(context.file)), ignoringLinks(stamp)))
          throw changed();
      },
    });
  } catch (error) {
    // Where the file itself is still in its place, it needs no copy.
    if (aside && !replaced) await unlink(aside).catch(() => undefined);
    throw error;
  }
  await removeVolumesAfter(context, volumes.length);
  if (aside) {
    context.warn(
      `ledger.sqlite was not as it should be. It is kept as ${basename(aside)}, and all ${memory.size} events are in the restored ledger.sqlite.`,
    );
  } else if (current === null && record !== null) {
    context.warn(`ledger.sqlite was gone. It was restored with all ${memory.size} events.`);
  }
  const hash = sha256(open.bytes).toString('hex');
  return {
    record: recordOf(memory, hash, volumes),
    file: withoutBytes(asRead(memory, open, current), hash),
    layout: { sealed: volumes, start: open.start, repairs: new Map() },
  };
}

/** What reading the open volume would give, behind the base. */
function asRead(memory: LedgerMemory, open: PlannedVolume, current: FileRead | null): LedgerFile {
  const { base, attachments, ledger, tail } = memory;
  const before =
    base !== null && base.size > open.start.size
      ? { size: base.size, frontier: base.data.frontier }
      : open.start;
  return {
    bytes: open.bytes,
    ledger,
    start: open.start,
    before,
    events: tail.filter(({ seq }) => seq > before.size).map(({ seq, event }) => ({ seq, event })),
    attachments: {
      contents: new Map(attachments.contents),
      signatures: new Map(attachments.signatures),
    },
    findings: (current?.findings ?? []).filter(isAboutHistory),
    missing: [],
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

function recordOf(
  memory: LedgerMemory,
  hash: string,
  volumes: readonly VolumeRecord[],
): FoldRecord {
  const { size, root } = memory.point();
  return { size, root, sha256: hash, ...(volumes.length > 0 && { volumes }) };
}

const sameVolumes = (record: FoldRecord, { sealed }: Layout): boolean =>
  (record.volumes ?? []).length === sealed.length &&
  sealed.every(({ sha256: hash }, i) => record.volumes![i]!.sha256 === hash);

/** Whether all rows of a file stand in the ledger, in the same places and with the same bodies. */
function isPrefix(file: LedgerFile | null, memory: LedgerMemory): boolean {
  if (file === null) return true;
  const base = memory.base?.size ?? 0;
  return file.events.every(({ seq, event }) => {
    if (seq <= base) return memory.base!.idAt(seq) === event.id;
    return sameEvent(event, memory.tail[seq - base - 1]?.event);
  });
}

const sameEvent = (a: LedgerEvent, b: LedgerEvent | undefined): boolean =>
  a.id === b?.id && (a.bodyText === null) === (b.bodyText === null);

function holdsAll(file: LedgerFile, memory: LedgerMemory): boolean {
  const { contents, signatures } = memory.attachments;
  const held = file.attachments;
  return (
    sizeInFile(file) === memory.size &&
    isPrefix(file, memory) &&
    contents.size === held.contents.size &&
    [...contents.keys()].every((digest) => held.contents.has(digest)) &&
    [...signatures.keys()].every((digest) => held.signatures.has(digest))
  );
}

/** A file that further rows can be appended to: what it holds stands in the ledger as it is. */
export function writtenRows(
  file: LedgerFile,
  memory: LedgerMemory,
  layout: Layout,
): WrittenRows | null {
  const { start, before, events, attachments } = file;
  if (!isPristine(file.findings) || start.size !== layout.start.size) return null;
  if (!isPrefix(file, memory)) return null;
  const attached = new Set([...attachments.contents.keys(), ...attachments.signatures.keys()]);
  const { contents } = memory.attachments;
  // A text that was redacted is in the file and not in the memory any more: the file is made anew.
  if ([...attachments.contents.keys()].some((digest) => !contents.has(digest))) return null;
  return { bytes: file.bytes, size: before.size - start.size + events.length, attached };
}
