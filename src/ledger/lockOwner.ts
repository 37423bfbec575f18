import { randomBytes } from 'node:crypto';
import { link, open, readFile, stat, unlink } from 'node:fs/promises';
import { errorCode } from './diskErrors.js';
import type { Platform, ProcessIdentity } from './platform.js';

/** What a lock file says about who holds it. */
export interface LockOwner extends ProcessIdentity {
  /** Fresh for each time that a lock is taken. */
  readonly nonce: string;
}

/** A file without a readable owner is one whose writer died between two system calls. */
const unreadableFor = 30_000;

/** Makes the lock file with its content at once; false when there is one already. */
export async function createLockFile(path: string, owner: LockOwner): Promise<boolean> {
  const temporary = `${path}.${owner.nonce}.tmp`;
  const text = `${JSON.stringify(owner)}\n`;
  await writeNew(temporary, text);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return false;
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS') throw error;
    return await createWithoutLink(path, text);
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

/** Some file systems have no hard links; there the content follows an instant later. */
async function createWithoutLink(path: string, text: string): Promise<boolean> {
  try {
    await writeNew(path, text);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}

export interface LockState {
  readonly nonce: string;
  readonly gone: boolean;
  readonly owner: LockOwner | null;
  /** Milliseconds since its owner last gave a sign of life. */
  readonly silentFor: number;
}

/** Who holds the lock, and whether they are surely gone; null when nobody holds it. */
export async function readLock(path: string, platform: Platform): Promise<LockState | null> {
  try {
    const [text, info] = [await readFile(path, 'utf8'), await stat(path)];
    const silentFor = Date.now() - info.mtimeMs;
    const owner = parseOwner(text);
    if (owner === null) {
      const nonce = `${info.ino}-${Math.floor(info.mtimeMs)}`;
      return { nonce, owner, silentFor, gone: silentFor > unreadableFor };
    }
    return { nonce: owner.nonce, owner, silentFor, gone: isGone(owner, platform) };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function isGone(owner: LockOwner, platform: Platform): boolean {
  const self = platform.self();
  if (owner.host !== self.host) return false;
  if (owner.boot !== self.boot) return owner.boot !== '' && self.boot !== '';
  if (owner.space !== self.space) return false;
  return !platform.isAlive(owner.pid, owner.started);
}

/**
 * Removes the lock with this nonce, whose owner is gone, unless somebody else is doing it.
 * Only who holds the guard named after the nonce may remove it, so a lock that was taken
 * in the meantime stays. A guard whose owner died is removed in the same way.
 */
export async function breakLock(
  path: string,
  nonce: string,
  self: LockOwner,
  platform: Platform,
): Promise<void> {
  const guard = `${path}.break-${nonce}`;
  if (!(await createLockFile(guard, self))) {
    const other = await readLock(guard, platform);
    if (other?.gone && guard.length < 512) await breakLock(guard, other.nonce, self, platform);
    return;
  }
  try {
    const now = await readLock(path, platform);
    if (now?.nonce === nonce) await unlink(path);
  } finally {
    await unlink(guard).catch(() => undefined);
  }
}

export function newOwner(platform: Platform): LockOwner {
  return { ...platform.self(), nonce: randomBytes(12).toString('hex') };
}

function parseOwner(text: string): LockOwner | null {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    const texts = [value['host'], value['boot'], value['space'], value['started']];
    const fits =
      texts.every((v) => typeof v === 'string') &&
      Number.isSafeInteger(value['pid']) &&
      typeof value['nonce'] === 'string' &&
      /^[0-9a-f]{8,64}$/.test(value['nonce']);
    return fits ? (value as unknown as LockOwner) : null;
  } catch {
    return null;
  }
}
