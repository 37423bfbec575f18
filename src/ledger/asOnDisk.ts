import { stampOf, stampText } from './fileStamp.js';
import type { Replica } from './replica.js';
import { volumePath } from './volumes.js';

/**
 * Whether a replica that read everything once, and wrote nothing, shows what a new one would: neither the
 * sealed volumes nor the cache are others than those that it read. Whoever asks has refreshed it just before,
 * so that the open volume, the journal and the notes of the clone are the same. Throws a disk error.
 */
export async function isAsOnDisk(replica: Replica): Promise<boolean> {
  const { context, loaded, damage, combined, clone, reads } = replica;
  if (reads !== 1 || loaded === null || loaded.isChanged) return false;
  if (damage.length > 0 || combined?.refusal != null) return false;
  for (const [i, { stamp }] of (clone.folds[context.file]?.volumes ?? []).entries())
    if (stampText(await stampOf(volumePath(context.file, i + 1))) !== stamp) return false;
  return await replica.snapshots.isAsRead();
}
