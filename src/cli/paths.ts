import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import { usageError } from './usageError.js';

export interface PathContext {
  readonly cwd: string;
  readonly root: string;
  /** Whether the ledger knows a path, relative to the root. */
  readonly known: (path: string) => Promise<boolean>;
}

/**
 * A path argument as the ledger names it: relative to the root, with `/`. It is read relative to the
 * current folder first; what is not there may be relative to the root. Throws `usage`, `path.outside`.
 */
export async function promptPath(argument: string, context: PathContext): Promise<string> {
  const inside = insidePaths(argument, context);
  const found = await firstThatExists(inside, context);
  const path = found ?? inside[0];
  if (path !== undefined) return path;
  throw new PromptAuditError({
    code: 'path.outside',
    message: `"${argument}" is not inside ${context.root}.`,
    remedy: 'Name a file of this repository, or choose another one with --cwd DIR.',
  });
}

/** Whether an argument, taken as a whole, is the path of a file or of a recorded prompt. */
export async function isPath(argument: string, context: PathContext): Promise<boolean> {
  return (await firstThatExists(insidePaths(argument, context), context)) !== undefined;
}

function insidePaths(argument: string, { cwd, root }: PathContext): string[] {
  if (argument === '') throw usageError('A path is empty.', 'Name a file of this repository.');
  const candidates = [fromRoot(root, resolve(real(cwd), argument))];
  if (!isAbsolute(argument)) candidates.push(fromRoot(root, resolve(root, argument)));
  return candidates.filter((path) => path !== undefined);
}

async function firstThatExists(
  paths: readonly string[],
  { root, known }: PathContext,
): Promise<string | undefined> {
  for (const path of paths) {
    const onDisk = lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
    if (onDisk || (await known(path))) return path;
  }
  return undefined;
}

function fromRoot(root: string, absolute: string): string | undefined {
  // Folders may be reached through links; a prompt that is a link itself keeps its own name.
  const place = join(real(dirname(absolute)), basename(absolute));
  const path = relative(real(root), place);
  if (path === '' || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) {
    return undefined;
  }
  return path.split(sep).join('/');
}

function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    // It does not exist (any more): its parent may still be reached through a link.
    const parent = dirname(folder);
    return parent === folder ? folder : join(real(parent), basename(folder));
  }
}
