import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, onDisk } from '../ledger/diskErrors.js';

/** git prune removes old folders and files of such names, too. */
const prefix = 'tmp_objdir-prompt-audit-';
/** No run of git that uses one takes as long; milliseconds. */
const abandoned = 60 * 60_000;

/**
 * A folder of objects that are not the repository's own yet: git that runs with `env` sees the repository's
 * objects and these, and writes new ones only here. What is not kept leaves nothing behind, so that a push
 * that others outran costs no space and nothing has to be judged unreachable.
 */
export class Quarantine {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly #objects: string;

  private constructor(objects: string) {
    this.#objects = objects;
    this.folder = join(objects, prefix + randomBytes(6).toString('hex'));
    this.env = { GIT_OBJECT_DIRECTORY: this.folder };
  }

  /** `commonDir`: as RepositoryPaths. Throws `disk.full`, `disk.readOnly`. */
  static async open(commonDir: string): Promise<Quarantine> {
    const objects = join(commonDir, 'objects');
    await removeAbandoned(objects);
    const quarantine = new Quarantine(objects);
    const { folder } = quarantine;
    await onDisk(folder, async () => {
      await mkdir(join(folder, 'info'), { recursive: true });
      await mkdir(join(folder, 'pack'));
      // Relative to the folder itself, so that no character of its path needs quotes.
      await writeFile(join(folder, 'info', 'alternates'), '..\n');
    });
    return quarantine;
  }

  /** Makes loose objects the repository's own, in this order; those that it has already are not here. */
  async keep(ids: readonly string[]): Promise<void> {
    await onDisk(this.#objects, async () => {
      for (const id of ids) {
        const path = loosePath(id);
        const from = join(this.folder, path);
        if ((await stat(from).catch(() => null)) === null) continue;
        await this.#makeFolder(dirname(join(this.#objects, path)));
        await rename(from, join(this.#objects, path));
      }
    });
  }

  /** Removes what was not kept. Never fails: what stays is removed with the abandoned ones. */
  async drop(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }

  /** As open for others of a shared repository as the folder above. */
  async #makeFolder(folder: string): Promise<void> {
    try {
      await mkdir(folder);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return;
      throw error;
    }
    const { mode } = await stat(this.#objects);
    await chmod(folder, mode & 0o7777);
  }
}

/** The place of a loose object below a folder of objects. */
export const loosePath = (id: string): string => join(id.slice(0, 2), id.slice(2));

/** Those of processes that were killed. */
async function removeAbandoned(objects: string): Promise<void> {
  const names = await readdir(objects).catch(() => [] as string[]);
  for (const name of names.filter((one) => one.startsWith(prefix))) {
    const path = join(objects, name);
    const info = await stat(path).catch(() => null);
    if (info !== null && Date.now() - info.mtimeMs > abandoned)
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
