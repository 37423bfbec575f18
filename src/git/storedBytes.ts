import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { PromptAuditError } from '../core/errors.js';
import type { GitRunner } from './runner.js';

const inflated = promisify(inflate);

/** Characters of paths on one command line; Windows allows 32,767 in all. */
const maxArguments = 16_000;

/**
 * What git would store for files of the work tree: end-of-line, encoding and filter rules applied.
 * git itself writes the objects, into a folder of their own that is removed: the repository is not touched.
 * A file that git cannot read has an error in its place.
 */
export async function storedBytes(
  git: GitRunner,
  paths: readonly string[],
): Promise<Map<string, Uint8Array | PromptAuditError>> {
  const stored = new Map<string, Uint8Array | PromptAuditError>();
  if (paths.length === 0) return stored;
  const objects = await mkdtemp(join(tmpdir(), 'prompt-audit-'));
  try {
    for (const batch of batches(paths)) await storeBatch(git, objects, batch, stored);
  } finally {
    await rm(objects, { recursive: true, force: true });
  }
  return stored;
}

async function storeBatch(
  git: GitRunner,
  objects: string,
  batch: readonly string[],
  stored: Map<string, Uint8Array | PromptAuditError>,
): Promise<void> {
  const env = { GIT_OBJECT_DIRECTORY: objects };
  try {
    const ids = (await git.text(['hash-object', '-w', '--', ...batch], { env })).trim().split('\n');
    for (const [i, path] of batch.entries())
      stored.set(path, await readObject(objects, ids[i] ?? ''));
  } catch (error) {
    const [path] = batch;
    if (batch.length > 1) {
      for (const one of batch) await storeBatch(git, objects, [one], stored);
    } else if (path !== undefined) {
      stored.set(path, unreadable(path, error));
    }
  }
}

/** A loose object is `blob <size>`, NUL and the bytes, deflated. */
async function readObject(objects: string, id: string): Promise<Uint8Array> {
  const bytes = await inflated(await readFile(join(objects, id.slice(0, 2), id.slice(2))));
  return new Uint8Array(bytes.subarray(bytes.indexOf(0) + 1));
}

function batches(paths: readonly string[]): string[][] {
  const found: string[][] = [];
  let length = Infinity;
  for (const path of paths) {
    length += path.length + 3;
    if (length > maxArguments) {
      found.push([]);
      length = path.length;
    }
    found.at(-1)?.push(path);
  }
  return found;
}

function unreadable(path: string, cause: unknown): PromptAuditError {
  return new PromptAuditError({
    code: 'prompt.unreadable',
    message: `git cannot read ${path}.`,
    remedy: 'Check that the file exists, that you may read it, and that its git filters work.',
    cause,
  });
}
