import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { errorCode } from './diskErrors.js';

/** What differs between operating systems, in one place (DESIGN.md §12). Tests inject others. */
export interface Platform {
  /** Makes a finished rename in this folder durable; nothing where the system cannot do it. */
  syncFolder(folder: string): Promise<void>;
  /** Replaces `to` by `from`; waits out virus scanners and readers where these block it. */
  rename(from: string, to: string): Promise<void>;
  sleep(milliseconds: number): Promise<void>;
  /** Names this machine and this process for lock files. */
  self(): ProcessIdentity;
  /** When this machine started, as Date.now() has it. */
  bootedAt(): number;
  /** Whether a process of this machine and boot runs; `started` as ProcessIdentity has it. */
  isAlive(pid: number, started: string): boolean;
}

export interface ProcessIdentity {
  readonly host: string;
  /** Changes at each boot; empty where the system does not tell. */
  readonly boot: string;
  /** The space in which `pid` means something (a container's); empty where there is one only. */
  readonly space: string;
  readonly pid: number;
  /** When the process started, in the system's own terms; empty where it does not tell. */
  readonly started: string;
}

/** The parts of the system that the functions below stand on. */
export interface SystemCalls {
  readonly os: NodeJS.Platform;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Throws as `process.kill(pid, 0)` does. */
  readonly probe: (pid: number) => void;
}

/** What file systems say that cannot sync a folder, such as those of some network shares. */
const cannotSync = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR']);
const renameBlocked = new Set(['EPERM', 'EACCES', 'EBUSY']);
const renamePatience = 10_000;

/** The platform for one set of system calls. */
export function createPlatform(calls: SystemCalls): Platform {
  const windows = calls.os === 'win32';
  return {
    sleep: calls.sleep,
    async syncFolder(folder) {
      if (windows) return;
      const handle = await open(folder, 'r');
      try {
        await handle.sync();
      } catch (error) {
        if (!cannotSync.has(errorCode(error))) throw error;
      } finally {
        await handle.close().catch(() => undefined);
      }
    },
    async rename(from, to) {
      for (let waited = 0, pause = 10; ; waited += pause, pause = Math.min(pause * 2, 100)) {
        try {
          return await calls.rename(from, to);
        } catch (error) {
          const code = errorCode(error);
          if (!windows || !renameBlocked.has(code) || waited >= renamePatience) throw error;
          await calls.sleep(pause);
        }
      }
    },
    self: () => ({
      host: hostname(),
      boot: readText('/proc/sys/kernel/random/boot_id'),
      space: readLink('/proc/self/ns/pid'),
      pid: process.pid,
      started: processStart(process.pid)?.started ?? '',
    }),
    bootedAt: () => Date.now() - uptime() * 1000,
    isAlive(pid, started) {
      try {
        calls.probe(pid);
      } catch (error) {
        // EPERM: a process of somebody else, which may have been given the number of one that ended.
        if (errorCode(error) === 'ESRCH') return false;
      }
      // A zombie answers probes, and a number that was given again belongs to another process.
      const now = processStart(pid);
      if (now === undefined) return true;
      return !now.ended && (started === '' || now.started === started);
    },
  };
}

export const systemPlatform: Platform = createPlatform({
  os: process.platform,
  rename,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  probe: (pid) => void process.kill(pid, 0),
});

export const systemRandom = (bytes: number): Uint8Array => randomBytes(bytes);

function processStart(pid: number): { started: string; ended: boolean } | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  // The name in parentheses may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 20) return undefined;
  return { started: fields[19]!, ended: fields[0] === 'Z' || fields[0] === 'X' };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return ''; // Only Linux has these files; elsewhere the answer is "unknown".
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
