import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const temporary =
  /^(\.(ledger\.sqlite|journal\.jsonl|clone\.json|writer\.json)\.[0-9a-f]{12}|lock(\.break-[\w-]+)?\.[0-9a-f]{24})\.tmp$/;

const hour = 60 * 60 * 1000;

/** Removes what processes that were killed in the middle of a write left in these folders over an hour ago. */
export async function removeLeftovers(folders: readonly string[]): Promise<void> {
  for (const folder of new Set(folders)) {
    const names = await readdir(folder).catch(() => [] as string[]);
    for (const name of names.filter((candidate) => temporary.test(candidate))) {
      const path = join(folder, name);
      const info = await stat(path).catch(() => null);
      // Another process may be at it too; what is left over harms nobody.
      if (info && Date.now() - info.mtimeMs > hour) await unlink(path).catch(() => undefined);
    }
  }
}
