import { randomBytes } from 'node:crypto';
import { rename, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatCheckpoint } from '../core/checkpoint.js';
import { PromptAuditError } from '../core/errors.js';
import { keptCheckpoint } from '../core/keptCheckpoint.js';
import type { LedgerPoint } from '../core/rows.js';
import { readCheckpoint } from '../core/signedCheckpoint.js';
import { maxNoteBytes } from '../core/signedNote.js';
import type { GateReport } from '../trail/gateApi.js';
import type { Invocation } from './command.js';
import { readText } from './files.js';
import { usageError } from './usageError.js';

/** The checkpoint that the ledger has to extend; null where none is given yet. Throws `usage`. */
export async function checkpointGiven(invocation: Invocation): Promise<LedgerPoint | null> {
  const name = invocation.text('checkpoint');
  const keeps = invocation.flag('keep-checkpoint');
  if (name === undefined) {
    if (keeps) throw usageError('--keep-checkpoint needs --checkpoint FILE.', 'Name the file.');
    return null;
  }
  if (keeps && !(await isThere(resolve(invocation.cwd, name)))) return null;
  const read = readCheckpoint(keptCheckpoint(await readText(invocation, name, maxNoteBytes)));
  if (typeof read !== 'string') return read.point;
  throw usageError(
    `"${name}" is no checkpoint: ${read}.`,
    'Write one with: prompt-audit checkpoint',
  );
}

/** What cannot be looked at is there, and reading it says why. */
const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code !== 'ENOENT',
  );

/** The ledger extends the older one by now, whatever the verdicts are. */
export async function keepCheckpoint(
  invocation: Invocation,
  { ledger }: GateReport,
): Promise<void> {
  const name = invocation.text('checkpoint');
  if (name !== undefined && invocation.flag('keep-checkpoint'))
    await writeWhole(invocation, name, formatCheckpoint(ledger));
}

/** Replaces a file; half of one never stands in its place. Throws `disk.full`, `disk.failed`. */
export async function writeWhole({ cwd }: Invocation, name: string, text: string): Promise<void> {
  const file = resolve(cwd, name);
  const part = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    await writeFile(part, text, { flag: 'wx' });
    await rename(part, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new PromptAuditError({
      code: code === 'ENOSPC' ? 'disk.full' : 'disk.failed',
      message: `"${name}" could not be written (${code ?? 'unknown reason'}).`,
      remedy: 'Choose a folder that is there, and in which you may write.',
      cause: error,
    });
  }
}
