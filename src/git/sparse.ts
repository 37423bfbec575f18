import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { isWorkTreePath } from './names.js';
import { readObjects } from './objects.js';
import { gitText } from './runGit.js';

/**
 * Of these paths those that a sparse checkout leaves out, with the bytes that the index has for them; null where
 * a partial clone does not have the bytes. Paths come back as they were given. Throws `git.failed`.
 */
export async function leftOutFiles(
  root: string,
  paths: readonly string[],
  { fetch = false }: { fetch?: boolean } = {},
): Promise<ReadonlyMap<string, Uint8Array | null>> {
  const wanted = paths.filter(isWorkTreePath);
  const absent: string[] = [];
  for (const path of wanted)
    if ((await lstat(join(root, path)).catch(() => null)) === null) absent.push(path);
  if (absent.length === 0) return new Map();
  // Without paths: git takes only so many on a command line.
  const few = absent.length <= 20 ? absent : [];
  const text = await gitText({
    folder: root,
    doing: 'see what the sparse checkout leaves out',
    args: ['ls-files', '-z', '-t', '-s', '--', ...few],
  });
  const ids = new Map<string, string>();
  const asked = new Set(absent);
  for (const line of text.split('\0')) {
    const [, id = '', path = ''] = /^S 100\d{3} ([0-9a-f]+) 0\t([\s\S]+)$/.exec(line) ?? [];
    if (asked.has(path)) ids.set(path, id);
  }
  const objects = await readObjects(root, [...ids.values()], fetch ? 'fetch' : 'here');
  return new Map([...ids].map(([path, id]) => [path, objects.get(id) ?? null]));
}
