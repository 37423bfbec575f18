import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import type { Invocation } from './command.js';
import { usageError } from './usageError.js';

/** A text file that an option names, `-` for standard input. Throws `usage` where there is none, or for too much. */
export async function readText(
  invocation: Invocation,
  name: string,
  mostBytes: number,
): Promise<string> {
  const bytes = await readBytes(invocation, name, mostBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw usageError(`${nameOf(name)} is no UTF-8 text.`, 'Is it the right file?');
  }
}

/** As `readText`, whatever the bytes are. */
export async function readBytes(
  { terminal, cwd }: Invocation,
  name: string,
  mostBytes: number,
): Promise<Uint8Array> {
  const what = nameOf(name);
  const bytes =
    name === '-'
      ? await terminal.input(mostBytes)
      : await readFile(resolve(cwd, name), what, mostBytes);
  if (bytes.length > mostBytes)
    throw usageError(`${what} has more than ${mostBytes} bytes.`, 'Is it the right file?');
  return bytes;
}

const nameOf = (name: string): string => (name === '-' ? 'Standard input' : `"${name}"`);

/** So much of a stream that one can see whether it is longer. */
export async function readMost(
  stream: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream) {
    parts.push(part);
    length += part.length;
    if (length > mostBytes) break;
  }
  return Buffer.concat(parts);
}

async function readFile(file: string, what: string, mostBytes: number): Promise<Uint8Array> {
  try {
    // A pipe without writer would let the opening wait for ever.
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      if (!(await handle.stat()).isFile())
        throw usageError(`${what} is no regular file.`, 'Give a file, or - for standard input.');
      return await readMost(
        handle.createReadStream({ end: mostBytes, autoClose: false }),
        mostBytes,
      );
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof PromptAuditError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw usageError(`${what} cannot be read (${code ?? 'unknown reason'}).`, 'Check its name.');
  }
}

/** Writes a file that was not there before. Throws `file.exists`, `disk.full`, `disk.failed`. */
export async function writeNew({ cwd }: Invocation, name: string, text: string): Promise<void> {
  try {
    const file = await open(resolve(cwd, name), 'wx');
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new PromptAuditError({
        code: 'file.exists',
        message: `"${name}" is there already, and stays as it is.`,
        remedy: 'Choose another name, or remove it first.',
      });
    throw new PromptAuditError({
      code: code === 'ENOSPC' ? 'disk.full' : 'disk.failed',
      message: `"${name}" could not be written (${code ?? 'unknown reason'}).`,
      remedy: 'Choose a folder in which you may write.',
      cause: error,
    });
  }
}
