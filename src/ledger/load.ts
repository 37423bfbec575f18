import { sha256 } from '../core/hash.js';
import type { Finding } from '../core/rows.js';
import { noAttachments, addAttachments } from './attachments.js';
import { LedgerBase } from './base.js';
import { buildBase, type BuiltBase, type VolumeSource } from './baseBuilder.js';
import type { BaseData } from './baseData.js';
import type { CloneState, FoldRecord, VolumeRecord } from './cloneState.js';
import { readBytes, withoutBytes, type FileRead } from './fileOnDisk.js';
import { stampOf, stampText } from './fileStamp.js';
import { sqlEngine } from './sqlEngine.js';
import {
  readLedgerFile,
  readVolumeStart,
  rootInFile,
  sizeInFile,
  type LedgerFile,
} from './sqliteFile.js';
import type { StoreContext } from './storeOptions.js';
import { VolumeFiles, type VolumePlace } from './volumeFiles.js';
import { firstVolumeStart, type VolumeStart } from './volumeStart.js';
import { volumePath, volumesThere } from './volumes.js';

/** The files of one worktree as they were read. */
export interface LoadedFiles {
  readonly base: LedgerBase | null;
  readonly file: FileRead | null;
  readonly files: VolumeFiles;
  /** The sealed volumes that belong before the open one. */
  readonly sealed: readonly Omit<VolumeRecord, 'stamp'>[];
  /** Where the open volume begins, or would. */
  readonly start: VolumeStart;
  /** Sealed volumes that are missing here or broken, with the bytes that belong there. */
  readonly repairs: ReadonlyMap<number, Uint8Array>;
  /** True where `repairs` take the place of volumes that were sealed elsewhere in another way. */
  readonly isFetched?: boolean;
  /** Whether anything here is not as this program wrote it last. */
  readonly isChanged: boolean;
  /** What is wrong with the sealed volumes here; those of `repairs` are whole elsewhere. */
  readonly findings: readonly Finding[];
  /** What sealed volumes lack; redactions behind them may explain it. */
  readonly missing: readonly Finding[];
  /** The open volume of the local ledger ref; null where there is none. */
  readonly readRef: () => Promise<LedgerFile | null>;
}

/**
 * Reads only what stands behind a base, a snapshot's or one that is in memory, or all of a ledger without
 * sealed volumes: possible where the files are those that this clone wrote last. Null where anything
 * differs; then everything is read and checked.
 */
export async function loadBehind(
  context: StoreContext,
  clone: CloneState,
  from: LedgerBase | BaseData | null,
): Promise<LoadedFiles | null> {
  const record = clone.folds[context.file];
  if (!record || (from && (from.ledger !== clone.ledger || record.size < from.size))) return null;
  // Another worktree has synced since: the ledger ref may begin its open volume later.
  if (clone.seen !== null && clone.seen.size > record.size) return null;
  const volumes = record.volumes ?? [];
  if (from === null && volumes.length > 0) return null;
  if (!(await areUnchanged(context, volumes))) return null;
  const bytes = await readBytes(context.file);
  if (bytes === null || sha256(bytes).toString('hex') !== record.sha256) return null;
  const files = new VolumeFiles(await sqlEngine(context.wasm));
  const base = from === null || from instanceof LedgerBase ? from : new LedgerBase(from, files);
  const file = await readLedgerFile(bytes, { wasm: context.wasm, base, trusted: true });
  // The root binds the base to what stands before the rows that were read.
  if (file.findings.length > 0 || rootInFile(file, record.size) !== record.root) return null;
  if (file.start.volume !== volumes.length + 1) return null;
  const places = base?.files instanceof VolumeFiles ? base.files : files;
  places.places = placesOf(context, volumes, file);
  return {
    base,
    file: withoutBytes(file, record.sha256),
    files: places,
    sealed: volumes,
    start: file.start,
    repairs: new Map(),
    isChanged: false,
    findings: [],
    missing: [],
    readRef: refReader(context, () => base),
  };
}

/** Reads and checks all that lies here; what is broken is taken from the local ledger ref where that has it. */
export async function loadAll(context: StoreContext, clone: CloneState): Promise<LoadedFiles> {
  const record = clone.folds[context.file] ?? null;
  const bytes = await readBytes(context.file);
  const hash = bytes && sha256(bytes).toString('hex');
  const start = bytes && (await readVolumeStart(bytes, context.wasm));
  const files = new VolumeFiles(await sqlEngine(context.wasm));
  const here: VolumeSource = (volume) => readBytes(volumePath(context.file, volume));
  const sources = [here, context.readRefVolume];
  const written = record?.volumes ?? [];
  let built: BuiltBase | null = null;
  if (bytes && start) built = await buildBase(context, start, sources, files, written);
  if (start && built && (start.volume === 1 || (built.base && isAsSeen(clone, built.base)))) {
    const { base, repairs, findings } = built;
    const isOurs = record?.sha256 === hash;
    const file = await readLedgerFile(bytes, {
      wasm: context.wasm,
      base,
      full: !isOurs,
      watch: { watch: context.watch, what: 'open' },
    });
    files.places = placesOf(context, built.records, file);
    if (await isBehindRef(context, clone, base, file))
      return await loadBehindRef(context, { bytes, hash, start, files, record, built });
    return {
      base,
      file: withoutBytes(file, hash!),
      files,
      sealed: built.records,
      start,
      repairs,
      isChanged: !isOurs || built.records.some(({ sha256: is }, i) => written[i]?.sha256 !== is),
      findings,
      missing: built.missing,
      readRef: refReader(context, () => base),
    };
  }
  return await loadBehindRef(context, { bytes, hash, start: start ?? null, files, record, built });
}

interface Local {
  readonly bytes: Uint8Array | null;
  readonly hash: string | null;
  readonly start: VolumeStart | null;
  readonly files: VolumeFiles;
  readonly record: FoldRecord | null;
  readonly built: BuiltBase | null;
}

/** Builds on the volumes of the ledger ref; what lies here is told as single rows. */
async function loadBehindRef(context: StoreContext, local: Local): Promise<LoadedFiles> {
  const { bytes, hash, files, record } = local;
  const refBytes = await context.readRef();
  const refStart = refBytes && (await readVolumeStart(refBytes, context.wasm));
  const here: VolumeSource = (volume) => readBytes(volumePath(context.file, volume));
  const sources = [here, context.readRefVolume];
  const start = refStart ?? firstVolumeStart;
  let built = await buildBase(context, start, sources, files, record?.volumes);
  // Another worktree of this clone may have sealed at other places: then the ref's volumes are the ones.
  const isFetched = built.base === null && start.size > 0;
  if (isFetched) {
    const nowhere: VolumeSource = () => Promise.resolve(null);
    const again = await buildBase(context, start, [nowhere, context.readRefVolume], files);
    if (again.base !== null) built = { ...again, findings: [] };
  }
  const { base } = built;
  const isReplaced = isFetched && base !== null;
  const about: Finding[] = [
    ...(isReplaced ? [] : (local.built?.findings ?? [])),
    ...built.findings,
  ];
  let file: FileRead | null = null;
  if (bytes !== null) {
    const loose = await looseRows(context, bytes, local.start, base);
    // Without the volumes before it, the open one cannot be believed.
    const isAlone = base === null && (local.start?.volume ?? 1) > 1;
    file = withoutBytes(
      isAlone ? { ...loose, findings: [...about, ...loose.findings] } : loose,
      hash!,
    );
  }
  files.places = placesOf(context, built.records, null);
  return {
    base,
    file,
    files,
    sealed: built.records,
    start: base === null ? firstVolumeStart : start,
    repairs: built.repairs,
    isFetched: isReplaced,
    isChanged: true,
    findings: about,
    missing: built.missing,
    readRef: refReader(context, () => base),
  };
}

/** The rows of the open volume and of those sealed ones here that the base does not have. */
async function looseRows(
  context: StoreContext,
  bytes: Uint8Array,
  start: VolumeStart | null,
  base: LedgerBase | null,
): Promise<LedgerFile> {
  const { wasm } = context;
  const open = await readLedgerFile(bytes, { wasm, base, full: true });
  const parts: LedgerFile[] = [];
  // Not by number: a hostile file claims a million volumes.
  for (const volume of await volumesThere(context.file)) {
    if (volume >= (start?.volume ?? 1)) break;
    const sealed = await readBytes(volumePath(context.file, volume));
    const part = sealed && (await readLedgerFile(sealed, { wasm, ground: base }));
    if (part && sizeInFile(part) > (base?.size ?? 0)) parts.push(part);
  }
  if (parts.length === 0) return open;
  const attachments = noAttachments();
  for (const part of [...parts, open]) addAttachments(attachments, part.attachments);
  return {
    ...open,
    before: parts[0]!.before,
    events: [...parts, open].flatMap((part) => part.events),
    attachments,
    findings: [...parts, open].flatMap((part) => part.findings),
  };
}

/** Whether the shared ledger has sealed volumes that this worktree has not seen yet. */
async function isBehindRef(
  context: StoreContext,
  { seen }: CloneState,
  base: LedgerBase | null,
  file: LedgerFile,
): Promise<boolean> {
  if (seen === null || seen.size <= sizeInFile(file)) return false;
  const ref = await context.readRef();
  const start = ref && (await readVolumeStart(ref, context.wasm));
  return start != null && start.size > (base?.size ?? 0);
}

/** Whether sealed volumes of this worktree are those of the shared order, as far as that goes. */
function isAsSeen({ seen }: CloneState, base: LedgerBase): boolean {
  return seen === null || seen.size > base.size || base.rootAt(seen.size) === seen.root;
}

async function areUnchanged(
  context: StoreContext,
  volumes: readonly VolumeRecord[],
): Promise<boolean> {
  for (const [i, { stamp, sha256: hash }] of volumes.entries()) {
    const path = volumePath(context.file, i + 1);
    if (stampText(await stampOf(path)) === stamp) continue;
    const bytes = await readBytes(path);
    if (bytes === null || sha256(bytes).toString('hex') !== hash) return false;
  }
  return true;
}

export function placesOf(
  context: StoreContext,
  volumes: readonly { readonly last: number }[],
  open: Pick<LedgerFile, 'start' | 'before' | 'events'> | null,
): VolumePlace[] {
  const places = volumes.map(({ last }, i) => ({
    path: volumePath(context.file, i + 1),
    first: (volumes[i - 1]?.last ?? 0) + 1,
    last,
  }));
  if (open === null) return places;
  const last = sizeInFile(open);
  return [...places, { path: context.file, first: open.start.size + 1, last }];
}

function refReader(
  context: StoreContext,
  base: () => LedgerBase | null,
): () => Promise<LedgerFile | null> {
  let read: Promise<LedgerFile | null> | undefined;
  const open = async (): Promise<LedgerFile | null> => {
    const bytes = await context.readRef();
    return bytes && (await readLedgerFile(bytes, { wasm: context.wasm, base: base() }));
  };
  return () => (read ??= open());
}
