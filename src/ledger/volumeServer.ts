import { sha256Hex } from '../core/hash.js';
import { packed, type PackedVolume } from './packedVolume.js';
import { readLedgerFile } from './sqliteFile.js';

/** What a thread of a VolumePool finds as its workerData. */
export const volumeRole = 'prompt-audit volumes';

export interface VolumeAnswer {
  /** Null where anything is wrong: whoever asked reads the bytes himself and says what. */
  readonly volume: PackedVolume | null;
}

/** A thread's end of the line. */
export interface VolumePort {
  on(event: 'message', listener: (bytes: Uint8Array) => void): unknown;
  postMessage(answer: VolumeAnswer, transfer?: readonly ArrayBuffer[]): void;
}

/** Checks the volumes that come, one after the other, and answers in their order. */
export function serveVolumes(port: VolumePort): void {
  let before: Promise<void> = Promise.resolve();
  port.on('message', (bytes) => {
    before = before.then(async () => port.postMessage({ volume: await checkedVolume(bytes) }));
  });
}

/** All that can be said of a volume without those before it: rows, ids, bodies, texts, SQLite's structures. */
export async function checkedVolume(bytes: Uint8Array): Promise<PackedVolume | null> {
  try {
    const file = await readLedgerFile(bytes, { full: true, alone: true });
    return packed(file, sha256Hex(bytes));
  } catch {
    return null;
  }
}
