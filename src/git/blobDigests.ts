import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';
import { checkObjects, type ObjectQuestion } from './objectChecks.js';
import { readObjects } from './objects.js';

/** Bytes that are held at once. */
const portion = 32 * 1024 * 1024;

/**
 * The digests of blobs by id, null for those over `maxBytes`; without those that are not here. One git for their
 * sizes, one for each portion of their bytes. Throws `git.failed`.
 */
export async function blobDigests(
  question: ObjectQuestion,
  ids: ReadonlySet<string>,
  maxBytes: number,
): Promise<ReadonlyMap<string, Digest | null>> {
  const digests = new Map<string, Digest | null>();
  let [some, bytes] = [[] as string[], 0];
  const read = async (): Promise<void> => {
    const { folder, env } = question;
    for (const [id, text] of await readObjects(folder, some, 'here', env))
      digests.set(id, digestOf(text));
    [some, bytes] = [[], 0];
  };
  for (const { id, type, size } of await checkObjects(question, [...ids])) {
    if (type !== 'blob') continue;
    if (size > maxBytes) digests.set(id, null);
    else {
      some.push(id);
      bytes += size;
      if (bytes > portion) await read();
    }
  }
  await read();
  return digests;
}
