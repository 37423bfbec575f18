import { constants, copyFile, link, open, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import { errorCode, onDisk } from './diskErrors.js';
import { stampOf } from './fileStamp.js';
import type { LedgerFile } from './sqliteFile.js';
import { maxFileBytes } from './sqliteHeader.js';

/** A file's bytes; null when there is none. Throws `ledger.tooLarge` or a disk error. */
export async function readBytes(path: string): Promise<Uint8Array | null> {
  const stamp = await stampOf(path);
  if (stamp === null) return null;
  if (stamp.size > maxFileBytes) {
    throw new PromptAuditError({
      code: 'ledger.tooLarge',
      message: `${path} has ${stamp.size} bytes; more than ${maxFileBytes} are not read.`,
      remedy: 'Put back a good copy of ledger.sqlite, or update the extension.',
    });
  }
  return await onDisk(path, async () => {
    try {
      return await readFile(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  });
}

/** The open volume as it lies on the disk; its bytes are not kept. */
export type FileRead = LedgerFile & { readonly sha256: string };

/** What counts of a file once it was read: a whole one need not stay in memory. */
export const withoutBytes = (file: LedgerFile, hash: string): FileRead => ({
  ...file,
  bytes: new Uint8Array(),
  sha256: hash,
});

/** Why a file was kept when another took its place: it was broken, or the team decided for the other. */
export type AsideReason = 'damaged' | 'replaced';

/** Keeps a file under a name of its own, beside the one that will take its place. */
export async function setAside(
  path: string,
  at: Date,
  reason: AsideReason = 'damaged',
): Promise<string> {
  const stamp = at.toISOString().replaceAll(/[-:]/g, '').replace(/\.\d+/, '');
  const extension = extname(path);
  const name = basename(path, extension);
  for (let attempt = 1; ; attempt++) {
    const suffix = attempt === 1 ? '' : `-${attempt}`;
    const aside = join(dirname(path), `${name}.${reason}-${stamp}${suffix}${extension}`);
    try {
      await link(path, aside);
      return aside;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') continue;
      await onDisk(aside, () => copyDurably(path, aside));
      return aside;
    }
  }
}

async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL);
  const handle = await open(to, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close().catch(() => undefined);
  }
}

/** Files that setAside made, for whatever reason. */
export const keptPattern = /\.(damaged|replaced)-\d{8}T\d{6}Z(-\d+)?\.(sqlite|jsonl)$/;

/** Broken files that setAside kept, as a pattern for their names. */
export const setAsidePattern = /\.damaged-\d{8}T\d{6}Z(-\d+)?\.(sqlite|jsonl)$/;
