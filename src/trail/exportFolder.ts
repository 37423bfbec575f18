import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readFile, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import { sha256Hex } from '../core/hash.js';
import { onDisk } from '../ledger/diskErrors.js';
import { systemPlatform } from '../ledger/platform.js';
import { parseSums } from '../report/sums.js';

export interface ExportedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly mediaType: string;
  /** Lines without the head, of tables and events. */
  readonly rows?: number;
}

/** What manifest.json of an export of ours says it is. */
export const exportFormat = 'prompt-audit-export/1';

/** A folder that comes into being as a whole: it is filled under another name beside its place. */
export class ExportFolder {
  readonly files: ExportedFile[] = [];
  readonly #out: string;
  readonly #temporary: string;
  readonly #folders = new Set<string>();

  private constructor(out: string) {
    this.#out = out;
    this.#temporary = aside(out, 'new');
  }

  /**
   * Begins a folder at an absolute path. Throws `file.exists` where something is there that is neither an empty folder
   * nor, with `force`, an export that this program wrote and nobody added to or changed.
   */
  static async begin(out: string, force: boolean): Promise<ExportFolder> {
    await assertFree(out, force);
    const folder = new ExportFolder(out);
    await onDisk(out, () => mkdir(folder.#temporary, { recursive: true }));
    return folder;
  }

  /** Adds a file, durably. `path` is ours: relative, with `/`. */
  async add(
    path: string,
    data: Uint8Array | string,
    about: Pick<ExportedFile, 'mediaType' | 'rows'>,
  ): Promise<void> {
    const bytes = Buffer.from(data as Uint8Array);
    const file = join(this.#temporary, path);
    await onDisk(file, async () => {
      const folder = dirname(file);
      if (!this.#folders.has(folder)) await mkdir(folder, { recursive: true });
      this.#folders.add(folder);
      const handle = await open(file, 'wx');
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
    this.files.push({ path, bytes: bytes.length, sha256: sha256Hex(bytes), ...about });
  }

  /** Gives the folder its name; what was there before is gone then, and comes back when that fails. */
  async finish(force: boolean): Promise<void> {
    const out = this.#out;
    // Somebody may have put something there meanwhile.
    await assertFree(out, force);
    await onDisk(out, async () => {
      for (const folder of [...this.#folders, this.#temporary])
        await systemPlatform.syncFolder(folder);
      const old = aside(out, 'old');
      const isThere = (await kindOf(out)) !== null;
      if (isThere && (await readdir(out)).length === 0) await rmdir(out);
      else if (isThere) await rename(out, old);
      try {
        await rename(this.#temporary, out);
      } catch (error) {
        if (isThere) await rename(old, out).catch(() => undefined);
        throw error;
      }
      await systemPlatform.syncFolder(dirname(out));
      await rm(old, { recursive: true, force: true });
    });
  }

  /** Removes what was written; nothing happens after `finish`. */
  async discard(): Promise<void> {
    await rm(this.#temporary, { recursive: true, force: true }).catch(() => undefined);
  }
}

const aside = (out: string, what: string): string =>
  join(dirname(out), `.${basename(out)}.${randomBytes(6).toString('hex')}.${what}`);

async function kindOf(path: string): Promise<'folder' | 'other' | null> {
  try {
    return (await lstat(path)).isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function assertFree(out: string, force: boolean): Promise<void> {
  await onDisk(out, async () => {
    const kind = await kindOf(out);
    if (kind === null) return;
    if (kind === 'other') throw taken(out, 'is there already, and is no folder');
    const entries = await readdir(out, { recursive: true, withFileTypes: true });
    if (entries.length === 0) return;
    if (!force) throw taken(out, 'is there already, and is not empty');
    const stranger = await strangerIn(
      out,
      entries
        .filter((one) => !one.isDirectory())
        .map((one) => [
          join(one.parentPath, one.name)
            .slice(out.length + 1)
            .replaceAll('\\', '/'),
          one.isFile(),
        ]),
    );
    if (stranger !== null) throw taken(out, stranger);
  });
}

/** Why a folder is not an export of ours alone; null where it is. */
async function strangerIn(
  out: string,
  files: readonly (readonly [string, boolean])[],
): Promise<string | null> {
  const read = (name: string): Promise<string> => readFile(join(out, name), 'utf8').catch(() => '');
  const sums = parseSums(await read('SHA256SUMS'));
  let format: unknown;
  try {
    format = (JSON.parse(await read('manifest.json')) as { format?: unknown } | null)?.format;
  } catch {
    format = undefined;
  }
  if (sums === null || sums.length === 0 || format !== exportFormat)
    return 'is there already, and is no export of this program';
  const ours = new Map(sums.map(({ path, sha256 }) => [path, sha256]));
  for (const [name, isFile] of files) {
    if (name === 'SHA256SUMS' && isFile) continue;
    const sum = ours.get(name);
    if (!isFile || sum === undefined) return `has a file that is not of the export: ${name}`;
    // What somebody wrote into one of our files is theirs.
    if (sha256Hex(await readFile(join(out, name))) !== sum)
      return `has a file that was changed since: ${name}`;
  }
  return null;
}

function taken(out: string, why: string): PromptAuditError {
  return new PromptAuditError({
    code: 'file.exists',
    message: `"${out}" ${why}. It stays as it is.`,
    remedy: 'Choose another name. Only an export of this program is replaced, with --force.',
  });
}
