import { readFile } from 'node:fs/promises';
import { isRandomId, type LedgerId } from '../core/ids.js';
import { writeFileAtomically } from './atomicFile.js';
import { errorCode, onDisk } from './diskErrors.js';
import type { Platform } from './platform.js';

/** A checkpoint of the shared ledger that this clone saw, and the commit that held it. */
export interface SeenCheckpoint {
  readonly size: number;
  /** Merkle root, 64 hex digits. */
  readonly root: string;
  readonly commit: string;
  /** The sealed volumes of that commit, from the first. */
  readonly volumes?: readonly SeenVolume[];
}

/** What a ledger.sqlite held when this program wrote it last. */
export interface FoldRecord {
  readonly size: number;
  readonly root: string;
  /** Of the file's bytes, 64 hex digits. */
  readonly sha256: string;
  /** How much of which journal was in it. */
  readonly journal?: JournalPosition;
  /** The sealed volumes before it, from the first. */
  readonly volumes?: readonly VolumeRecord[];
  /** What was to be written in its place, in another order, until it is noted that it was. */
  readonly next?: readonly { readonly size: number; readonly root: string }[];
  /** Number of the authorised redactions whose bytes were removed from everything here. */
  readonly erased?: number;
}

/** A sealed volume as this program wrote it. */
export interface VolumeRecord {
  /** Of the file's bytes, 64 hex digits. */
  readonly sha256: string;
  /** The seq of its last event. */
  readonly last: number;
  /** The file on the disk then, as stampText gives it: while it is the same nothing has to be read. */
  readonly stamp: string;
}

/** A volume in a commit of the ledger branch: the same blob has the same bytes. */
export interface SeenVolume {
  readonly blob: string;
  readonly sha256: string;
}

/** A place in the journal of one generation. */
export interface JournalPosition {
  readonly generation: number;
  /** Bytes from the start of the journal. */
  readonly end: number;
}

/** clone.json: what this clone remembers besides the journal. */
export interface CloneState {
  /** The ledger that this clone belongs to for good; null before the first contact. */
  readonly ledger: LedgerId | null;
  /** The one ledger remote; null where there is none yet. */
  readonly remote: string | null;
  readonly seen: SeenCheckpoint | null;
  /** By the path of each worktree's ledger.sqlite. */
  readonly folds: Readonly<Record<string, FoldRecord>>;
}

export const emptyCloneState: CloneState = { ledger: null, remote: null, seen: null, folds: {} };

/** Reads clone.json; `damaged` when there is one that cannot be understood. Throws disk errors. */
export async function readCloneState(path: string): Promise<CloneState | 'damaged'> {
  const text = await onDisk(path, async () => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
      throw error;
    }
  });
  if (text === null) return emptyCloneState;
  return parse(text) ?? 'damaged';
}

export async function writeCloneState(
  path: string,
  state: CloneState,
  platform: Platform,
): Promise<void> {
  const text = `${JSON.stringify({ format: 1, ...state }, null, 2)}\n`;
  await writeFileAtomically(path, text, { platform, mode: 0o600 });
}

function parse(text: string): CloneState | undefined {
  try {
    const { ledger, remote, seen, folds } = JSON.parse(text) as CloneState;
    const fits =
      (ledger === null || isRandomId(ledger)) &&
      (remote === null || typeof remote === 'string') &&
      (seen === null ||
        (isPoint(seen) &&
          typeof seen.commit === 'string' &&
          (seen.volumes ?? []).every((v) => typeof v.blob === 'string' && isHash(v.sha256)))) &&
      Object.values(folds).every(
        (fold) =>
          isPoint(fold) &&
          isHash(fold.sha256) &&
          isPosition(fold.journal) &&
          Number.isSafeInteger(fold.erased ?? 0) &&
          (fold.next ?? []).every(isPoint) &&
          (fold.volumes ?? []).every(
            (v) => isHash(v.sha256) && Number.isSafeInteger(v.last) && typeof v.stamp === 'string',
          ),
      );
    return fits ? { ledger, remote, seen, folds: { ...folds } } : undefined;
  } catch {
    return undefined;
  }
}

const isHash = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

function isPosition(value: JournalPosition | undefined): boolean {
  return (
    value === undefined ||
    (Number.isSafeInteger(value.generation) && Number.isSafeInteger(value.end))
  );
}

function isPoint(value: { size: number; root: string }): boolean {
  return Number.isSafeInteger(value.size) && value.size >= 0 && isHash(value.root);
}
