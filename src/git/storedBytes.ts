import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import { isWorkTreePath } from './names.js';
import { askOnce } from './oneAct.js';
import { gitOutput } from './runGit.js';
import { storeWithGit } from './storeWithGit.js';
import type { RepositoryPaths } from './locate.js';

/** Larger files are not read unless the caller says otherwise. In bytes. */
export const defaultMaxBytes = 16 * 1024 * 1024;

/** A file's bytes as git would store them, or why they could not be had. */
export type StoredBytes = Uint8Array | PromptAuditError;

const carriageReturn = 0x0d;
const filesAtOnce = 16;

/**
 * What git would store for files of the work tree (DESIGN.md §3): end-of-line rules and clean filters
 * applied. Git itself converts only where it could change something: other bytes are stored as they are.
 * A file that cannot be read gives an error in its place.
 */
export async function storedBytesOf(
  repository: RepositoryPaths,
  paths: readonly string[],
  maxBytes: number,
): Promise<Map<string, StoredBytes>> {
  const result = new Map<string, StoredBytes>();
  const wanted = [...new Set(paths)];
  for (let at = 0; at < wanted.length; at += filesAtOnce) {
    const some = wanted.slice(at, at + filesAtOnce);
    const read = await Promise.all(
      some.map((path) => readWorkFile(repository.root, path, maxBytes)),
    );
    some.forEach((path, i) => result.set(path, read[i] ?? unreadable(path, 'not read')));
  }
  const readable = wanted.filter((path) => !(result.get(path) instanceof Error));
  const filtered = await pathsWithFilters(repository.root, readable);
  const toConvert = readable.filter((path) => {
    const bytes = result.get(path);
    return filtered.has(path) || (bytes instanceof Uint8Array && bytes.includes(carriageReturn));
  });
  for (const [path, bytes] of await storeWithGit(repository, toConvert)) result.set(path, bytes);
  return result;
}

async function readWorkFile(root: string, path: string, maxBytes: number): Promise<StoredBytes> {
  if (!isWorkTreePath(path)) return unreadable(path, 'no path inside the work tree');
  try {
    const file = join(root, path);
    const info = await lstat(file);
    if (!info.isFile()) return unreadable(path, 'no regular file');
    return info.size > maxBytes
      ? tooLarge(path, info.size, maxBytes)
      : new Uint8Array(await readFile(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return unreadable(
      path,
      code === 'ENOENT' ? 'there is no such file' : (code ?? 'unknown error'),
      error,
    );
  }
}

/** Paths whose attributes let git change more than line ends. */
async function pathsWithFilters(root: string, paths: readonly string[]): Promise<Set<string>> {
  const filtered = new Set<string>();
  if (paths.length === 0) return filtered;
  const call = {
    folder: root,
    doing: 'read the attributes of files',
    args: ['check-attr', '-z', '--stdin', 'filter', 'ident', 'working-tree-encoding'],
    input: paths.map((path) => `${path}\0`).join(''),
  };
  const ask = (): Promise<Buffer> => gitOutput(call);
  const isOne = paths.length === 1;
  const output = await (isOne ? askOnce(`attributes\0${root}\0${call.input}`, ask) : ask());
  const fields = output.toString('utf8').split('\0');
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const value = fields[i + 2];
    if (value !== 'unspecified' && value !== 'unset') filtered.add(fields[i] ?? '');
  }
  return filtered;
}

/** A prompt that cannot be read; `why` ends the sentence. */
export function unreadable(path: string, why: string, cause?: unknown): PromptAuditError {
  return new PromptAuditError({
    code: 'prompt.unreadable',
    message: `${path} cannot be read: ${why}.`,
    remedy: 'Check that the file exists and that you may read it.',
    cause,
  });
}

function tooLarge(path: string, size: number, maxBytes: number): PromptAuditError {
  const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
  return new PromptAuditError({
    code: 'prompt.tooLarge',
    message: `${path} has ${megabytes(size)} MB; at most ${megabytes(maxBytes)} MB are read.`,
    remedy: 'Leave this file out in .prompt-audit/policy.jsonc, or make it smaller.',
  });
}
