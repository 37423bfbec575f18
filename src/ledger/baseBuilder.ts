import { sha256 } from '../core/hash.js';
import { emptyRoot } from '../core/merkle.js';
import type { Finding } from '../core/rows.js';
import { report } from '../core/watch.js';
import { addAttachments, noAttachments } from './attachments.js';
import { LedgerBase } from './base.js';
import { baseDataOf } from './baseData.js';
import type { VolumeRecord } from './cloneState.js';
import { finding, firstError, hasError, restoreRemedy } from './findings.js';
import { LedgerMemory } from './memory.js';
import { readLedgerFile, type LedgerFile } from './sqliteFile.js';
import type { StoreContext } from './storeOptions.js';
import type { VolumeFiles, VolumePlace } from './volumeFiles.js';
import { rootBefore, type VolumeStart } from './volumeStart.js';
import { volumePath, volumeTreeName } from './volumes.js';
import { pushAll } from '../core/pushAll.js';

/** Gives the bytes of a sealed volume; null where this place does not have it. */
export type VolumeSource = (volume: number) => Promise<Uint8Array | null>;

export interface BuiltBase {
  /** Null when a volume can be had nowhere; `findings` says which. */
  readonly base: LedgerBase | null;
  readonly places: readonly VolumePlace[];
  readonly findings: readonly Finding[];
  /** What the volumes lack; redactions behind them may explain it. */
  readonly missing: readonly Finding[];
  /** Volumes whose local file is missing or broken, with the bytes that belong there. */
  readonly repairs: ReadonlyMap<number, Uint8Array>;
  readonly records: readonly Omit<VolumeRecord, 'stamp'>[];
}

/**
 * Verifies the sealed volumes before `target`, one after the other, and keeps only what the rest of the
 * ledger builds on. Each volume is taken from the first of `sources` that has it unbroken; the first
 * source is this worktree's own folder.
 */
export async function buildBase(
  context: StoreContext,
  target: VolumeStart,
  sources: readonly VolumeSource[],
  files: VolumeFiles,
  written: readonly VolumeRecord[] = [],
): Promise<BuiltBase> {
  const { wasm, watch } = context;
  const findings: Finding[] = [];
  const missing: Finding[] = [];
  const repairs = new Map<number, Uint8Array>();
  const places: VolumePlace[] = [];
  const records: Omit<VolumeRecord, 'stamp'>[] = [];
  const done = (base: LedgerBase | null): BuiltBase => ({
    base,
    places,
    findings,
    missing,
    repairs,
    records,
  });
  let memory: LedgerMemory | null = null;
  for (let volume = 1; volume < target.volume; volume++) {
    report(watch, { what: 'open', done: memory?.size ?? 0, total: target.size });
    const path = volumePath(context.file, volume);
    const found = await firstGood(volume, sources, memory, { wasm, watch, written, findings });
    if (found === null) return done(null);
    const { file, isLocal, hash } = found;
    pushAll(missing, file.missing);
    memory = continued(memory, file, files);
    places.push({ path, first: file.start.size + 1, last: memory.size });
    records.push({ sha256: hash, last: memory.size });
    if (!isLocal) {
      repairs.set(volume, file.bytes);
      files.provide(path, file.bytes);
    }
    files.places = [...places];
  }
  if ((memory?.root ?? emptyRoot) !== rootBefore(target)) {
    findings.push(unfit(target));
    return done(null);
  }
  return done(memory && baseOf(memory, files));
}

/** Events that are held in memory while volumes are read, before they are put together into a base. */
const mostInMemory = 60_000;

/** The ledger with the next volume behind it. */
export function continued(
  before: LedgerMemory | null,
  { ledger, events, attachments }: LedgerFile,
  files: VolumeFiles,
): LedgerMemory {
  const isFull = before !== null && before.tail.length > mostInMemory;
  const memory =
    before !== null && !isFull
      ? before
      : new LedgerMemory({
          ledger: ledger!,
          base: before && baseOf(before, files),
          tail: [],
          synced: 0,
          attachments: noAttachments(),
        });
  for (const { event } of events) memory.append(event);
  addAttachments(memory.attachments, attachments);
  return memory;
}

/** All that a memory holds as a base. */
export const baseOf = (memory: LedgerMemory, files: VolumeFiles): LedgerBase =>
  memory.base !== null && memory.tail.length === 0
    ? memory.base
    : new LedgerBase(baseDataOf(memory), files);

interface Found {
  readonly file: LedgerFile;
  readonly isLocal: boolean;
  readonly hash: string;
}

async function firstGood(
  volume: number,
  sources: readonly VolumeSource[],
  ground: LedgerMemory | null,
  {
    wasm,
    watch,
    written,
    findings,
  }: Pick<StoreContext, 'wasm' | 'watch'> & {
    readonly written: readonly VolumeRecord[];
    readonly findings: Finding[];
  },
): Promise<Found | null> {
  let isMissing = false;
  for (const [at, source] of sources.entries()) {
    const bytes = await source(volume);
    if (bytes === null) {
      isMissing ||= at === 0;
      continue;
    }
    const hash = sha256(bytes).toString('hex');
    const trusted = written[volume - 1]?.sha256 === hash;
    const file = await readLedgerFile(bytes, {
      wasm,
      ground,
      trusted,
      full: !trusted,
      watch: { watch, what: 'open' },
    });
    const fits =
      !hasError(file.findings) &&
      file.start.volume === volume &&
      file.start.size === (ground?.size ?? 0) &&
      rootBefore(file.start) === (ground?.root ?? emptyRoot);
    if (fits) {
      if (isMissing) findings.push(absent(volume, 'warning'));
      return { file, isLocal: at === 0, hash };
    }
    if (at === 0) findings.push(broken(volume, firstError(file.findings)));
  }
  if (isMissing) findings.push(absent(volume, 'error'));
  return null;
}

function absent(volume: number, severity: 'warning' | 'error'): Finding {
  return finding({
    code: 'volume.missing',
    severity,
    message: `The sealed volume ${volumeTreeName(volume)} is missing.`,
    expected: volumeTreeName(volume),
    remedy:
      severity === 'warning'
        ? 'Nothing needs to be done: the next write takes it from the local ledger ref.'
        : `Put back ${volumeTreeName(volume)} from another clone or a backup, or run "prompt-audit sync".`,
  });
}

function broken(volume: number, first: Finding | undefined): Finding {
  return finding({
    code: 'volume.damaged',
    seq: first?.seq ?? null,
    event: first?.event ?? null,
    message: `The sealed volume ${volumeTreeName(volume)} is broken: ${first?.message ?? 'it does not stand behind the volume before it.'}`,
    expected: first?.expected ?? null,
    found: first?.found ?? null,
    remedy: restoreRemedy,
  });
}

function unfit(target: VolumeStart): Finding {
  return finding({
    code: 'volume.damaged',
    message: 'ledger.sqlite does not stand behind the sealed volumes that lie beside it.',
    expected: `root ${rootBefore(target)} of ${target.size} events`,
    remedy: restoreRemedy,
  });
}
