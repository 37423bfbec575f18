import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Replica } from './replica.js';

/**
 * The ledger files of this clone: the one of this work tree, and those of its other work trees that were written
 * before. What the notes of a copied clone say of the original's files is left out. Throws what git's list throws.
 */
export async function worktreeFiles({ context, clone }: Replica): Promise<readonly string[]> {
  const noted = Object.keys(clone.folds).filter((file) => file !== context.file);
  if (context.worktreeFiles === undefined || noted.length === 0) return [context.file, ...noted];
  const there = new Set(await Promise.all((await context.worktreeFiles()).map(realOf)));
  const own: string[] = [];
  for (const file of noted) if (there.has(await realOf(file))) own.push(file);
  return [context.file, ...own];
}

/** As `file`, through no link in its folder; the file itself need not be there. */
async function realOf(file: string): Promise<string> {
  const folder = await realpath(dirname(file)).catch(() => dirname(file));
  return join(folder, basename(file));
}
