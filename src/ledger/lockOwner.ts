import { randomBytes } from 'node:crypto';
import { link, open, readFile, stat, unlink } from 'node:fs/promises';
import { errorCode } from './diskErrors.js';
import type { Platform, ProcessIdentity } from './platform.js';

/** Locks of this process that are free although their files could not be removed. */
const released = new Set<string>();

/** From now on the lock with this nonce counts as one whose owner is gone. */
export function giveUp(nonce: string): void {
  released.add(nonce);
}

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
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
  } catch (error) {
    // An empty lock would keep everybody out for a while.
    await unlink(path).catch(() => undefined);
    throw error;
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
    const [text, info] = [await readOthers(path), await stat(path)];
    const silentFor = Date.now() - info.mtimeMs;
    const owner = text === null ? null : parseOwner(text);
    if (owner === null) {
      const nonce = `${info.ino}-${Math.floor(info.mtimeMs)}`;
      // The lock of another user says nothing about its owner, who may well be at work.
      const gone = text !== null && isAbandoned(info.mtimeMs, platform);
      return { nonce, owner, silentFor, gone };
    }
    return { nonce: owner.nonce, owner, silentFor, gone: isGone(owner, platform) };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Null where only its owner may read it. */
async function readOthers(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'EACCES' || errorCode(error) === 'EPERM') return null;
    throw error;
  }
}

/** By a power cut, by a writer that ended in the middle, or when the clock stood elsewhere. */
function isAbandoned(written: number, platform: Platform): boolean {
  return written < platform.bootedAt() || Math.abs(Date.now() - written) > unreadableFor;
}

function isGone(owner: LockOwner, platform: Platform): boolean {
  const self = platform.self();
  if (owner.host !== self.host) return false;
  if (owner.boot !== self.boot) return owner.boot !== '' && self.boot !== '';
  if (owner.space !== self.space) return false;
  if (released.has(owner.nonce)) return true;
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
    await unlink(guard).catch(() => giveUp(self.nonce));
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
