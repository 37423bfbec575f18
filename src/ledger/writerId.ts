import { readFile, realpath, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isRandomId, type WriterId } from '../core/ids.js';
import { writeFileAtomically } from './atomicFile.js';
import { errorCode, onDisk } from './diskErrors.js';
import { ensureFolder } from './ensureFolder.js';
import type { Platform } from './platform.js';

/** What a writer id is bound to: a copied clone has another folder or another inode. */
interface WriterBinding {
  readonly writer: WriterId;
  readonly host: string;
  readonly path: string;
  readonly inode: string;
}

/**
 * The writer id of this clone on this machine (DESIGN.md §3), made anew when `privateDir` is not
 * the folder that the stored one was made in, or when `renew` says that its counter may be lost.
 * Needs the lock. Throws disk errors.
 */
export async function writerIdOf(
  privateDir: string,
  random: (bytes: number) => Uint8Array,
  platform: Platform,
  renew: boolean,
): Promise<WriterId> {
  const path = join(privateDir, fileName);
  return await onDisk(path, async () => {
    await ensureFolder(privateDir, platform);
    const here = await bindingOf(privateDir);
    const known = await read(path);
    if (known && isBoundTo(known, here) && !renew) return known.writer;
    const writer = Buffer.from(random(16)).toString('hex') as WriterId;
    await writeFileAtomically(path, `${JSON.stringify({ writer, ...here }, null, 2)}\n`, {
      platform,
      mode: 0o600,
    });
    return writer;
  });
}

/** The writer id as writerIdOf would find it, without making one. Throws disk errors. */
export async function knownWriterId(privateDir: string): Promise<WriterId | null> {
  const path = join(privateDir, fileName);
  return await onDisk(path, async () => {
    const known = await read(path);
    return known && isBoundTo(known, await bindingOf(privateDir)) ? known.writer : null;
  });
}

const fileName = 'writer.json';

async function bindingOf(privateDir: string): Promise<Omit<WriterBinding, 'writer'>> {
  return {
    host: hostname(),
    path: await realpath(privateDir),
    inode: String((await stat(privateDir, { bigint: true })).ino),
  };
}

const isBoundTo = (known: WriterBinding, here: Omit<WriterBinding, 'writer'>): boolean =>
  known.host === here.host && known.path === here.path && known.inode === here.inode;

async function read(path: string): Promise<WriterBinding | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
  try {
    const value = JSON.parse(text) as WriterBinding;
    return isRandomId(value.writer) ? value : undefined;
  } catch {
    return undefined;
  }
}
