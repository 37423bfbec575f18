import { blobId } from '../git/blobId.js';
import type { SeenVolume } from '../ledger/cloneState.js';
import type { LedgerContents } from '../ledger/storeSync.js';
import { volumeTreeName } from '../ledger/volumes.js';

/** The open volume, in the folder and on the branch. */
export const ledgerFileName = 'ledger.sqlite';

/** Ids of the files of a commit by name. */
export type Blobs = ReadonlyMap<string, string>;

/** The blobs of the sealed volumes of a commit, from the first. */
export function volumeBlobs(blobs: Blobs): readonly string[] {
  const found: string[] = [];
  for (let volume = 1; blobs.has(volumeTreeName(volume)); volume++)
    found.push(blobs.get(volumeTreeName(volume))!);
  return found;
}

/** SHA-256 of each sealed volume of a commit that this clone knows by its blob; null for the others. */
export function knownVolumes(
  blobs: Blobs,
  seen: readonly SeenVolume[],
): readonly (string | null)[] {
  return volumeBlobs(blobs).map((blob, i) => (seen[i]?.blob === blob ? seen[i].sha256 : null));
}

export interface VolumesToSend {
  /** Those that the commit lacks or has with other bytes, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** All of them, as the next commit will have them. */
  readonly volumes: readonly SeenVolume[];
}

/** Which sealed volumes have to go into the commit behind one with these blobs; reads only what is new. */
export async function volumesToSend(
  contents: LedgerContents,
  blobs: Blobs,
  seen: readonly SeenVolume[],
  idLength: number,
): Promise<VolumesToSend> {
  const files = new Map<string, Uint8Array>();
  const volumes: SeenVolume[] = [];
  for (const [i, { sha256, read }] of contents.volumes.entries()) {
    const name = volumeTreeName(i + 1);
    const there = blobs.get(name);
    const before = seen[i];
    let blob = before?.sha256 === sha256 ? before.blob : null;
    if (blob === null || blob !== there) {
      const bytes = await read();
      blob = blobId(bytes, idLength);
      if (blob !== there) files.set(name, bytes);
    }
    volumes.push({ blob, sha256 });
  }
  return { files, volumes };
}
