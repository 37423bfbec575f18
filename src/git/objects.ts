import { gitOutput } from './runGit.js';
import { PromptAuditError, isPromptAuditError } from '../core/errors.js';

/** How git says that a partial clone does not have an object. */
export const leftAtRemote = /from promisor remote/;

/** Whether git failed because a partial clone does not have an object. */
export const isLeftAtRemote = (error: unknown): boolean =>
  isPromptAuditError(error, 'git.failed') && leftAtRemote.test(error.message);

/** `fetch`: a partial clone asks its remote for what it does not have. */
export type Where = 'here' | 'fetch';

/**
 * The bytes of objects, by id, in one run of git. What does not exist is left out, and with `here` what a
 * partial clone left at its remote. Throws `git.failed` when git's answer ends early.
 */
export async function readObjects(
  folder: string,
  ids: readonly string[],
  where: Where = 'here',
  env: Readonly<Record<string, string>> = {},
): Promise<Map<string, Uint8Array>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const read = (some: readonly string[]): Promise<Buffer> =>
    gitOutput({
      folder,
      doing: 'read objects',
      args: ['cat-file', '--batch', '--buffer'],
      input: `${some.join('\n')}\n`,
      env,
      network: where === 'fetch',
    });
  try {
    return parseBatch(await read(wanted), wanted);
  } catch (error) {
    // Before 2.44 git cannot be told that what is not here is missing: it gives up.
    if (where === 'fetch' || !isLeftAtRemote(error)) throw error;
  }
  const found = new Map<string, Uint8Array>();
  for (const id of wanted) {
    const one = await read([id]).catch((error: unknown) => {
      if (isLeftAtRemote(error)) return null;
      throw error;
    });
    if (one !== null) for (const [key, bytes] of parseBatch(one, [id])) found.set(key, bytes);
  }
  return found;
}

function parseBatch(output: Buffer, wanted: readonly string[]): Map<string, Uint8Array> {
  const objects = new Map<string, Uint8Array>();
  let at = 0;
  for (const id of wanted) {
    const end = output.indexOf(0x0a, at);
    if (end < 0) throw shortAnswer();
    const header = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (header[1] === 'missing') continue;
    const size = Number(header[2]);
    if (!Number.isSafeInteger(size) || at + size + 1 > output.length) throw shortAnswer();
    objects.set(id, new Uint8Array(output.subarray(at, at + size)));
    at += size + 1;
  }
  return objects;
}

/** One entry of a tree or of the index, as `ls-tree` and `ls-files --stage` print it. */
export interface TreeEntry {
  readonly mode: string;
  readonly id: string;
  /** Bytes; null for what is no blob or where git was not asked. */
  readonly size: number | null;
  readonly path: string;
}

/** The entries of a commit below these paths, or all. Throws `git.failed`. */
export async function listTree(
  folder: string,
  commit: string,
  paths: readonly string[] = [],
  where: Where = 'here',
): Promise<TreeEntry[]> {
  const output = await gitOutput({
    folder,
    doing: 'list a commit',
    args: ['ls-tree', '-r', '-z', '--long', '--full-tree', commit, '--', ...paths],
    network: where === 'fetch',
  });
  return output
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const match = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t([\s\S]+)$/.exec(line);
      if (!match) return [];
      const [, mode = '', id = '', size = '', path = ''] = match;
      return [{ mode, id, size: size === '-' ? null : Number(size), path }];
    });
}

/** The files of a commit without their sizes, which a partial clone knows of what is here only. Throws `git.failed`. */
export async function listFilesOf(
  folder: string,
  commit: string,
): Promise<{ readonly mode: string; readonly id: string; readonly path: string }[]> {
  const output = await gitOutput({
    folder,
    doing: 'list a commit',
    args: ['ls-tree', '-r', '-z', '--full-tree', commit],
  });
  return output
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const match = /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]+)$/.exec(line);
      if (!match) return [];
      const [, mode = '', id = '', path = ''] = match;
      return [{ mode, id, path }];
    });
}

function shortAnswer(): PromptAuditError {
  return new PromptAuditError({
    code: 'git.failed',
    message: 'git ended while it read objects.',
    remedy: 'Run git fsck to see whether the repository is damaged.',
  });
}
