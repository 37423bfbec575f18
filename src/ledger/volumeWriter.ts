import { readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sha256 } from '../core/hash.js';
import { writeFileAtomically } from './atomicFile.js';
import type { VolumeRecord } from './cloneState.js';
import { errorCode, onDisk } from './diskErrors.js';
import { ensureFolder } from './ensureFolder.js';
import { setAside } from './fileOnDisk.js';
import { stampOf, stampText } from './fileStamp.js';
import type { Layout } from './fold.js';
import type { PlannedVolume } from './sealing.js';
import type { StoreContext } from './storeOptions.js';
import { volumeFileName, volumePath } from './volumes.js';

/**
 * Puts the sealed volumes into their folder, durably, and gives what is there afterwards. Those that the
 * layout has on the disk stay; broken ones are kept under another name.
 */
export async function writeVolumes(
  context: StoreContext,
  { sealed, repairs, isFetched = false }: Layout,
  fresh: readonly PlannedVolume[],
): Promise<readonly VolumeRecord[]> {
  const all = [
    ...sealed.map(({ sha256: hash, last }, i) => ({ hash, last, bytes: repairs.get(i + 1) })),
    ...fresh.map(({ bytes, last }) => ({ hash: sha256(bytes).toString('hex'), last, bytes })),
  ];
  const records: VolumeRecord[] = [];
  for (const [i, { hash, last, bytes }] of all.entries()) {
    const path = volumePath(context.file, i + 1);
    if (bytes !== undefined) {
      await write(context, path, bytes, repairs.has(i + 1) && !isFetched);
    }
    records.push({ sha256: hash, last, stamp: stampText(await stampOf(path)) });
  }
  return records;
}

async function write(
  context: StoreContext,
  path: string,
  bytes: Uint8Array,
  isRepair: boolean,
): Promise<void> {
  const { platform } = context;
  await onDisk(path, () => ensureFolder(dirname(path), platform));
  const aside =
    isRepair && (await stampOf(path)) !== null ? await setAside(path, context.clock().at) : null;
  await writeFileAtomically(path, bytes, { platform, readBack: true });
  if (isRepair) {
    context.warn(
      aside === null
        ? `The sealed volume ${basename(path)} was missing. It was restored.`
        : `The sealed volume ${basename(path)} was broken. It is kept as ${basename(aside)}, and was restored.`,
    );
  }
}

/** Removes volumes that another order of the events left behind. All their events stand elsewhere by now. */
export async function removeVolumesAfter(context: StoreContext, count: number): Promise<void> {
  const folder = dirname(volumePath(context.file, 1));
  const names = await onDisk(folder, () =>
    readdir(folder).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return [] as string[];
      throw error;
    }),
  );
  for (const name of names) {
    const volume = Number(/^(\d{6})\.sqlite$/.exec(name)?.[1] ?? 0);
    if (volume > count && name === volumeFileName(volume))
      await onDisk(join(folder, name), () => unlink(join(folder, name)));
  }
}
