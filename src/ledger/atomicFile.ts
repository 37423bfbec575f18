import { randomBytes } from 'node:crypto';
import { open, readFile, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join, basename } from 'node:path';
import { onDisk } from './diskErrors.js';
import { ensureFolder } from './ensureFolder.js';
import { systemPlatform, type Platform } from './platform.js';

export interface AtomicWriteOptions {
  readonly platform?: Platform;
  /** Permission bits of a new file; default 0o666 less the umask. */
  readonly mode?: number;
  /** Reads the bytes back from the disk before they take the old file's place. */
  readonly readBack?: boolean;
  /** Called just before the rename; throwing leaves the old file as it is. */
  readonly recheck?: () => Promise<void>;
  /** Called when the new file has taken the old one's place; what fails after that leaves it there. */
  readonly replaced?: () => void;
}

/**
 * Replaces a file as a whole: after a crash it holds the old bytes or the new ones, and when
 * this returns the new ones are durable. Throws `disk.full`, `disk.readOnly` or `disk.failed`
 * and then leaves the old file and no other, unless only making the rename durable failed.
 */
export async function writeFileAtomically(
  path: string,
  data: Uint8Array | string,
  options: AtomicWriteOptions = {},
): Promise<void> {
  const platform = options.platform ?? systemPlatform;
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  await onDisk(path, async () => {
    await ensureFolder(folder, platform);
    const handle = await open(temporary, 'wx', options.mode ?? 0o666);
    try {
      await writeAndSync(handle, data);
      if (options.readBack) await assertSame(temporary, data);
      await options.recheck?.();
      await platform.rename(temporary, path);
      options.replaced?.();
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
    await platform.syncFolder(folder);
  });
}

async function writeAndSync(handle: FileHandle, data: Uint8Array | string): Promise<void> {
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    // Synced bytes are not undone by a close that fails.
    await handle.close().catch(() => undefined);
  }
}

async function assertSame(path: string, data: Uint8Array | string): Promise<void> {
  const written = await readFile(path);
  if (!written.equals(Buffer.from(data as Uint8Array))) {
    throw new Error('the bytes read back differ from those written');
  }
}
