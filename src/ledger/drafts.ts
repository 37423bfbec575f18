import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';
import { writeFileAtomically } from './atomicFile.js';
import { errorCode, onDisk } from './diskErrors.js';
import type { Platform } from './platform.js';

/** Texts of drafts, which stay in this clone until their author proposes them (DESIGN.md §3). */
export class Drafts {
  readonly #folder: string;
  readonly #platform: Platform;

  constructor(privateDir: string, platform: Platform) {
    this.#folder = join(privateDir, 'drafts');
    this.#platform = platform;
  }

  /** Keeps a text, readable by its owner only. Throws disk errors. */
  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    if ((await this.get(digest)) !== null) return digest;
    const path = this.#pathOf(digest);
    await onDisk(path, () => mkdir(this.#folder, { recursive: true, mode: 0o700 }));
    await writeFileAtomically(path, bytes, { platform: this.#platform, mode: 0o600 });
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

  #pathOf(digest: Digest): string {
    return join(this.#folder, digest.slice('sha256:'.length));
  }
}
