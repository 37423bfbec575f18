import { stat } from 'node:fs/promises';
import { PromptAuditError } from '../core/errors.js';
import { errorCode, onDisk } from './diskErrors.js';

/** Enough to notice that a file was replaced or written to. */
export interface FileStamp {
  readonly ino: bigint;
  readonly size: number;
  readonly mtime: bigint;
  readonly ctime: bigint;
}

/** The stamp of a file; null when there is none. Throws a disk error. */
export async function stampOf(path: string): Promise<FileStamp | null> {
  return await onDisk(path, async () => {
    try {
      const info = await stat(path, { bigint: true });
      // A pipe or a device would be read for ever.
      if (!info.isFile()) throw notRegular(path);
      return { ino: info.ino, size: Number(info.size), mtime: info.mtimeNs, ctime: info.ctimeNs };
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
      throw error;
    }
  });
}

const notRegular = (path: string): PromptAuditError =>
  new PromptAuditError({
    code: 'disk.failed',
    message: `${path} is no regular file, and was not read.`,
    remedy: 'Move it away and put back a good copy. Find out who put it there.',
  });

/** A stamp that can be stored; empty where there is no file. */
export const stampText = (stamp: FileStamp | null): string =>
  stamp === null ? '' : `${stamp.ino}:${stamp.size}:${stamp.mtime}:${stamp.ctime}`;

export function sameStamp(a: FileStamp | null, b: FileStamp | null): boolean {
  if (a === null || b === null) return a === b;
  return a.ino === b.ino && a.size === b.size && a.mtime === b.mtime && a.ctime === b.ctime;
}
