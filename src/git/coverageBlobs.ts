import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';
import { readObjects } from './objects.js';
import { gitText } from './runGit.js';

/** Bytes that are held at once. */
const portion = 32 * 1024 * 1024;

/**
 * The digests of blobs by id, null for those over `maxBytes`; `absent` counts those that are not here. One git for
 * their sizes, one for each portion of their bytes. Throws `git.failed`.
 */
export async function blobDigests(
  root: string,
  ids: readonly string[],
  maxBytes: number,
): Promise<{ digests: ReadonlyMap<string, Digest | null>; absent: number }> {
  const digests = new Map<string, Digest | null>();
  const sizes = await sizesOf(root, ids);
  let [some, bytes] = [[] as string[], 0];
  const read = async (): Promise<void> => {
    for (const [id, text] of await readObjects(root, some)) digests.set(id, digestOf(text));
    [some, bytes] = [[], 0];
  };
  for (const [id, size] of sizes) {
    if (size > maxBytes) digests.set(id, null);
    else {
      some.push(id);
      bytes += size;
      if (bytes > portion) await read();
    }
  }
  await read();
  return { digests, absent: ids.length - digests.size };
}

/** Without those that are not here. */
async function sizesOf(root: string, ids: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const [id, type, size] of await looksAt(root, ids))
    if (type === 'blob') sizes.set(id, Number(size));
  return sizes;
}

/** Of these ids of commits those whose object is in this clone, whether or not a ref leads to it. */
export async function commitsHere(
  root: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = await looksAt(root, ids);
  return new Set(found.flatMap(([id, type]) => (type === 'commit' ? [id] : [])));
}

async function looksAt(
  root: string,
  ids: readonly string[],
): Promise<(readonly [id: string, type: string, size: string])[]> {
  if (ids.length === 0) return [];
  const text = await gitText({
    folder: root,
    doing: 'look at the objects of the history',
    args: ['cat-file', '--batch-check=%(objectname) %(objecttype) %(objectsize)', '--buffer'],
    input: ids.map((id) => `${id}\n`).join(''),
  });
  return text.split('\n').map((line) => {
    const [id = '', type = '', size = ''] = line.split(' ');
    return [id, type, size] as const;
  });
}
