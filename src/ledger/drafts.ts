import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';
import { writeFileAtomically } from './atomicFile.js';
import { errorCode, onDisk } from './diskErrors.js';
import { ensureFolder } from './ensureFolder.js';
import type { Platform } from './platform.js';

/** Texts of drafts, which stay in this clone until their author proposes them (DESIGN.md §3). */
export class Drafts {
  readonly #folder: string;
  readonly #platform: Platform;
  readonly #durable = new Set<Digest>();

  constructor(privateDir: string, platform: Platform) {
    this.#folder = join(privateDir, 'drafts');
    this.#platform = platform;
  }

  /** Keeps a text, readable by its owner only. Throws disk errors. */
  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    const isThere = (await this.get(digest)) !== null;
    if (isThere && this.#durable.has(digest)) return digest;
    const path = this.#pathOf(digest);
    const platform = this.#platform;
    await onDisk(path, () => ensureFolder(this.#folder, platform, { mode: 0o700 }));
    // Who wrote it may have ended before its name was durable.
    if (isThere) await onDisk(path, () => platform.syncFolder(this.#folder));
    else await writeFileAtomically(path, bytes, { platform, mode: 0o600 });
    this.#durable.add(digest);
    return digest;
  }

  /** The text with this digest; null when this clone does not have it or it was damaged. */
  async get(digest: Digest): Promise<Uint8Array | null> {
    const path = this.#pathOf(digest);
    const bytes = await onDisk(path, async () => {
      try {
        return await readFile(path);
      } catch (error) {
        if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
        throw error;
      }
    });
    return bytes !== null && digestOf(bytes) === digest ? bytes : null;
  }

  /** Removes a text for good; its path, or null where it is not here. Throws disk errors. */
  async remove(digest: Digest): Promise<string | null> {
    const path = this.#pathOf(digest);
    this.#durable.delete(digest);
    return await onDisk(path, async () => {
      try {
        await unlink(path);
        return path;
      } catch (error) {
        if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
        throw error;
      }
    });
  }

  #pathOf(digest: Digest): string {
    return join(this.#folder, digest.slice('sha256:'.length));
  }
}
