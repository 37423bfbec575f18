import { mkdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { sha256 } from '../core/hash.js';
import { writeFileAtomically } from './atomicFile.js';
import type { BaseData } from './baseData.js';
import { errorCode, onDisk } from './diskErrors.js';
import { sameStamp, stampOf, type FileStamp } from './fileStamp.js';
import type { Platform } from './platform.js';

/** Changes whenever BaseData does: a snapshot of another program version is as good as none. */
const magic = Buffer.from('prompt-audit snapshot 9\n', 'latin1');
const sumBytes = 32;

/**
 * The disposable cache of one clone: its ledger up to an event whose place is final, ready to be gone on
 * from. Anything wrong with it means that there is none; it is never needed and never believed by `verify`.
 */
export class SnapshotFile {
  readonly path: string;
  readonly #platform: Platform;
  /** The file that `read` saw; undefined before, and once it is written. */
  #stamp: FileStamp | null | undefined;

  constructor(privateDir: string, platform: Platform) {
    this.path = join(privateDir, 'cache', 'snapshot');
    this.#platform = platform;
  }

  /** The stored data; null where there are none that can be used. */
  async read(): Promise<BaseData | null> {
    this.#stamp = await stampOf(this.path).catch(() => undefined);
    // Every failure has the same cure, which is to read the ledger itself.
    const bytes = await readFile(this.path).catch(() => null);
    const start = magic.length + sumBytes;
    if (bytes === null || !bytes.subarray(0, magic.length).equals(magic)) return null;
    if (!sha256(bytes.subarray(start)).equals(bytes.subarray(magic.length, start))) return null;
    try {
      return deserialize(bytes.subarray(start)) as BaseData;
    } catch {
      return null; // Written by a newer Node.
    }
  }

  /** Whether the file was read, and is the same still. */
  async isAsRead(): Promise<boolean> {
    if (this.#stamp === undefined) return false;
    const stamp = await stampOf(this.path).catch(() => undefined);
    return stamp !== undefined && sameStamp(stamp, this.#stamp);
  }

  /** Replaces what is stored; false where that is not possible, which harms nobody. */
  async write(data: BaseData): Promise<boolean> {
    const body = serialize(data);
    this.#stamp = undefined;
    try {
      await mkdir(join(this.path, '..'), { recursive: true, mode: 0o700 });
      const bytes = Buffer.concat([magic, sha256(body), body]);
      await writeFileAtomically(this.path, bytes, { platform: this.#platform, mode: 0o600 });
      return true;
    } catch {
      return false;
    }
  }

  /** Throws disk errors: what was redacted must not stay in it. */
  async remove(): Promise<void> {
    await onDisk(this.path, async () => {
      try {
        await unlink(this.path);
      } catch (error) {
        if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR') throw error;
      }
    });
  }
}
