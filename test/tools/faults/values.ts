import type { Stats } from 'node:fs';
import { Folder, type Entry } from './tree.js';

export const toBuffer = (data: string | Uint8Array): Buffer => Buffer.from(data as Uint8Array);

/** What `stat` gives for an entry, as far as the ledger asks. */
export function statOf(entry: Entry, options?: { bigint?: boolean }): Stats {
  const folder = entry instanceof Folder;
  const file = folder ? { number: 1n, bytes: Buffer.alloc(0), mtime: 0n, ctime: 0n } : entry;
  const kind = {
    isFile: () => !folder,
    isDirectory: () => folder,
    isSymbolicLink: () => false,
  };
  if (options?.bigint === true) {
    const { number: ino, mtime: mtimeNs, ctime: ctimeNs } = file;
    return { ...kind, ino, size: BigInt(file.bytes.length), mtimeNs, ctimeNs } as unknown as Stats;
  }
  const milliseconds = (time: bigint): number => Number(time / 1000n) / 1000;
  return {
    ...kind,
    ino: Number(file.number),
    size: file.bytes.length,
    mtimeMs: milliseconds(file.mtime),
    ctimeMs: milliseconds(file.ctime),
  } as Stats;
}

/** The encoding that an options argument of `readFile` names. */
export function encodingOf(options: unknown): BufferEncoding | undefined {
  if (typeof options === 'string') return options as BufferEncoding;
  const named = (options as { encoding?: BufferEncoding | null } | undefined)?.encoding;
  return named ?? undefined;
}
