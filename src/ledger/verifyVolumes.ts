import { sha256 } from '../core/hash.js';
import { pushAll } from '../core/pushAll.js';
import { authorisedRedactions } from '../core/redaction.js';
import type { Finding } from '../core/rows.js';
import type { LedgerEvent } from '../core/event.js';
import type { Digest } from '../core/ids.js';
import type { LedgerState } from '../core/state.js';
import { stateSummary } from '../core/stateSummary.js';
import { report } from '../core/watch.js';
import { unexplained } from './attachmentCheck.js';
import { addAttachments, noAttachments } from './attachments.js';
import type { LedgerBase } from './base.js';
import type { EncodedContent } from './contentCodec.js';
import { baseOf } from './baseBuilder.js';
import { finding, FindingList, hasError, restoreRemedy } from './findings.js';
import { emptyMemory, LedgerMemory } from './memory.js';
import { sqlEngine } from './sqlEngine.js';
import { readVolumeStart } from './sqliteFile.js';
import type { StoreContext } from './storeOptions.js';
import { VolumeFiles, type VolumePlace } from './volumeFiles.js';
import { volumeBundle } from './volumePool.js';
import { VolumeReader } from './volumeReader.js';
import { firstVolumeStart, rootBefore, type VolumeStart } from './volumeStart.js';
import { volumePath, volumeTreeName } from './volumes.js';

const reportEvery = 500;
/** What a check says of one kind; honest ledgers may have a warning for each event of a clone. */
const mostOfCheck = 100_000;
/** Volumes whose texts stay in memory for the base that is made of them. */
const mostHeld = 6;
/** Events, without their texts, before they are put together into a base. */
const mostInMemory = 400_000;

/** One place that holds a whole ledger: a worktree, or a commit of the ledger ref. */
export interface VolumeSet {
  readonly open: Uint8Array;
  readonly volume: (volume: number) => Promise<Uint8Array | null>;
  /** Whether these are the files of the worktree themselves, which can be read again. */
  readonly isOnDisk: boolean;
}

/** Holds one event to what only the whole ledger shows; the state may go on behind it. `content`: texts that are here. */
export type EventCheck = (
  state: LedgerState,
  event: LedgerEvent,
  seq: number,
  content: (digest: Digest) => EncodedContent | undefined,
) => readonly Finding[];

export interface VerifyOptions {
  readonly verified?: VerifiedSet;
  readonly check?: EventCheck;
  readonly keepSealed?: boolean;
  /** Bundle whose threads check volumes beside this one; null: none. Default: the one beside the program. */
  readonly bundle?: string | null;
}

export interface VerifiedSet {
  readonly findings: readonly Finding[];
  /** The ledger as these volumes have it; null where they are not whole. */
  readonly memory: LedgerMemory | null;
  /** SHA-256 of the sealed volumes that were read. */
  readonly hashes: readonly string[];
  /** What stands before the open volume, where that was asked for. */
  readonly sealed: LedgerBase | null;
}

/**
 * Reads every byte of a set of volumes, oldest first, and holds it to all rules: rows, chain, texts,
 * `check`, and what each volume says of those before it (docs/LEDGER.md, "Volumes"). Believes no cache.
 * Sealed volumes that are byte for byte those of `verified` are not checked a second time.
 */
export async function verifyVolumes(
  context: StoreContext,
  set: VolumeSet,
  { verified, check, keepSealed = false, bundle = volumeBundle() }: VerifyOptions = {},
): Promise<VerifiedSet> {
  const { wasm, watch } = context;
  const list = new FindingList(mostOfCheck);
  const findings = list.all;
  const hashes: string[] = [];
  const missing: Finding[] = [];
  const failed = (): VerifiedSet => ({ findings, memory: null, hashes, sealed: null });
  const files = new VolumeFiles(await sqlEngine(wasm));
  const places: VolumePlace[] = [];
  const last = (await readVolumeStart(set.open, wasm))?.volume ?? 1;
  const isKnown = verified !== undefined && (await hasSameVolumes(set, last, verified));
  let sealed: LedgerBase | null = isKnown ? verified.sealed : null;
  let memory: LedgerMemory | null = sealed && behind(sealed);
  const first = isKnown ? last : 1;
  const held: (() => void)[] = [];
  const reader = new VolumeReader({ context, set, files, first, last, bundle });
  try {
    for (let volume = first; volume <= last; volume++) {
      report(watch, { what: 'verify', done: memory?.size ?? 0, total: null });
      if (volume === last && memory !== null && keepSealed) {
        sealed = baseOf(memory, files);
        memory = behind(sealed);
        for (const release of held.splice(0)) release();
      }
      const read = await reader.read(volume, memory);
      if (read === null) {
        findings.push(absent(volume));
        return failed();
      }
      const { file, bytes, hash, release } = read;
      if (volume < last) hashes.push(hash);
      const path = volume === last ? context.file : volumePath(context.file, volume);
      pushAll(
        findings,
        file.findings.map((found) => inVolume(found, volume, last)),
      );
      pushAll(
        missing,
        file.missing.map((found) => inVolume(found, volume, last)),
      );
      const fits = startProblem(file.start, volume, memory);
      if (fits !== null) findings.push(fits);
      if (file.ledger === null || hasError(file.findings) || fits !== null) return failed();
      // Whatever stands behind a volume without events begins elsewhere, and is told so in its turn.
      if (file.events.length === 0 && memory === null) continue;
      if (memory !== null && memory.tail.length > mostInMemory)
        memory = behind(baseOf(memory, files));
      memory ??= emptyMemory(file.ledger);
      for (const { event } of file.events) memory.append(event);
      addAttachments(memory.attachments, file.attachments);
      if (!set.isOnDisk) files.provide(path, bytes);
      places.push({ path, first: file.start.size + 1, last: memory.size });
      files.places = [...places];
      const { state } = memory;
      const content = contentOf(memory);
      for (const { seq, event } of file.events) {
        if (seq % reportEvery === 0) report(watch, { what: 'verify', done: seq, total: null });
        const wrong = check?.(state, event, seq, content);
        for (const found of wrong ?? []) list.add(found);
      }
      held.push(release);
      while (held.length > (keepSealed ? mostHeld : 0)) held.shift()!();
    }
    for (const release of held) release();
  } finally {
    await reader.close();
  }
  const redacted = memory && missing.length > 0 ? authorisedRedactions(memory.state) : new Map();
  pushAll(findings, unexplained(missing, new Set(redacted.keys())));
  return { findings, memory, hashes, sealed };
}

/** How an EventCheck finds the texts of a ledger. */
export const contentOf =
  (memory: LedgerMemory): Parameters<EventCheck>[3] =>
  (digest) =>
    memory.content(digest);

const behind = (base: LedgerBase): LedgerMemory =>
  new LedgerMemory({
    ledger: base.ledger,
    base,
    tail: [],
    synced: 0,
    attachments: noAttachments(),
  });

async function hasSameVolumes(
  set: VolumeSet,
  last: number,
  { hashes, sealed }: VerifiedSet,
): Promise<boolean> {
  if (hashes.length !== last - 1 || (last > 1 && sealed === null)) return false;
  for (let volume = 1; volume < last; volume++) {
    const bytes = await set.volume(volume);
    if (bytes === null || sha256(bytes).toString('hex') !== hashes[volume - 1]) return false;
  }
  return true;
}

/** What a volume says of all before it against what these come to. */
function startProblem(
  start: VolumeStart,
  volume: number,
  before: LedgerMemory | null,
): Finding | null {
  const said = describe(start);
  const expected =
    before === null
      ? describe({ ...firstVolumeStart, volume })
      : describe({
          volume,
          size: before.size,
          frontier: before.frontier,
          heads: before.heads,
          writers: before.writers,
          summary: stateSummary(before.state),
        });
  const part = said.find(([name, value], at) => expected[at]?.[1] !== value && name !== '')?.[0];
  if (part === undefined) return null;
  const at = said.findIndex(([name]) => name === part);
  return finding({
    code: 'volume.start',
    seq: start.size + 1,
    message: `Volume ${volume} says of what stands before it another ${part} than the volumes before it have.`,
    expected: expected[at]![1].slice(0, 200),
    found: said[at]![1].slice(0, 200),
    remedy: restoreRemedy,
  });
}

function describe(start: VolumeStart): [string, string][] {
  const writers = [...start.writers].map(([id, { n, last }]) => `${id} ${n} ${last}`).sort();
  return [
    ['number', String(start.volume)],
    ['size', String(start.size)],
    ['root', rootBefore(start)],
    ['list of heads', [...start.heads].sort().join(' ')],
    ['list of writers', writers.join('\n')],
    ['summary', start.summary ?? ''],
  ];
}

function absent(volume: number): Finding {
  return finding({
    code: 'volume.missing',
    message: `The sealed volume ${volumeTreeName(volume)} is missing.`,
    expected: volumeTreeName(volume),
    remedy: `Put back ${volumeTreeName(volume)} from another clone or a backup, or run "prompt-audit sync".`,
  });
}

const inVolume = (found: Finding, volume: number, last: number): Finding =>
  volume === last ? found : { ...found, message: `In ${volumeTreeName(volume)}: ${found.message}` };
