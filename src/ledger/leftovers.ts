import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Half-written files as atomicFile and the lock name them, and guards of locks that were taken over. */
const temporary =
  /^(\.[\w.-]+\.[0-9a-f]{12}\.tmp|lock(\.break-[\w.-]+)?\.[0-9a-f]{24}\.tmp|lock\.break-[\w.-]+)$/;

/** Folders inside of those of the ledger that files are written to. */
const inside = ['drafts', 'volumes', 'cache'];

const hour = 60 * 60 * 1000;

/** Removes what processes that were killed in the middle of a write left in these folders, by default over an hour ago; milliseconds. */
export async function removeLeftovers(folders: readonly string[], olderThan = hour): Promise<void> {
  const all = folders.flatMap((folder) => [folder, ...inside.map((name) => join(folder, name))]);
  for (const folder of new Set(all)) {
    const names = await readdir(folder).catch(() => [] as string[]);
    for (const name of names.filter((candidate) => temporary.test(candidate))) {
      const path = join(folder, name);
      const info = await stat(path).catch(() => null);
      // Another process may be at it too; what is left over harms nobody.
      if (info && Date.now() - info.mtimeMs >= olderThan) await unlink(path).catch(() => undefined);
    }
  }
}
