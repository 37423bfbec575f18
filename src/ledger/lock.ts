import { readFile, unlink, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import { errorCode, onDisk } from './diskErrors.js';
import { ensureFolder } from './ensureFolder.js';
import {
  breakLock,
  createLockFile,
  giveUp,
  newOwner,
  readLock,
  type LockState,
} from './lockOwner.js';
import { systemPlatform, type Platform } from './platform.js';

export interface LockOptions {
  readonly platform?: Platform;
  /** Milliseconds to wait for a live owner; default 10 s. */
  readonly patience?: number;
}

const heartbeatEvery = 2_000;
const queues = new Map<string, Promise<unknown>>();

/**
 * Runs `work` while holding the lock file; within this process one after the other, in order.
 * A lock whose owner is surely gone is taken over. Throws `ledger.locked` when a live owner
 * keeps it for longer than the patience, or a disk error when the lock cannot be made.
 */
export function withLock<T>(
  path: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const before = queues.get(path) ?? Promise.resolve();
  const mine = before.then(() => holding(path, work, options));
  const settled = mine.catch(() => undefined);
  queues.set(path, settled);
  void settled.then(() => {
    if (queues.get(path) === settled) queues.delete(path);
  });
  return mine;
}

async function holding<T>(path: string, work: () => Promise<T>, options: LockOptions): Promise<T> {
  const platform = options.platform ?? systemPlatform;
  const nonce = await onDisk(path, () => acquire(path, platform, options.patience ?? 10_000));
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A heartbeat only informs those who wait; losing one harms nobody.
    utimes(path, now, now).catch(() => undefined);
  }, heartbeatEvery);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await release(path, nonce);
  }
}

async function acquire(path: string, platform: Platform, patience: number): Promise<string> {
  await ensureFolder(dirname(path), platform);
  for (let waited = 0; ;) {
    const self = newOwner(platform);
    if (await createLockFile(path, self)) return self.nonce;
    const state = await readLock(path, platform);
    if (state === null) continue;
    // Some network file systems fail a link that took effect.
    if (state.nonce === self.nonce) return self.nonce;
    if (state.gone) await breakLock(path, state.nonce, self, platform);
    if (waited >= patience) throw locked(path, state);
    // Jitter keeps waiting processes from asking in step.
    const pause = state.gone ? 1 + Math.random() * 4 : 5 + Math.random() * 25;
    await platform.sleep(pause);
    waited += pause;
  }
}

async function release(path: string, nonce: string): Promise<void> {
  try {
    // Someone who deleted the file by hand may have let another process in.
    if ((await readFile(path, 'utf8')).includes(nonce)) await unlink(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    // This process lives on, so nobody would take its lock over, not even itself.
    giveUp(nonce);
  }
}

function locked(path: string, state: LockState): PromptAuditError {
  const who = state.owner ? `process ${state.owner.pid} on ${state.owner.host}` : 'another process';
  const seconds = Math.max(0, Math.round(state.silentFor / 1000));
  return new PromptAuditError({
    code: 'ledger.locked',
    message: `The ledger is being written by ${who} (last sign of life ${seconds} s ago).`,
    remedy: `Wait for it to finish, or end it. If no such process runs there, delete ${path}.`,
  });
}
