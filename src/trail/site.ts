import { lstat, readFile, readdir, realpath } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import { findRepository, type GitRepository } from '../git/repository.js';

/** Prompts above this are refused: no model takes them, and the ledger must stay small. In bytes. */
export const maxPromptBytes = 4 * 1024 * 1024;

export const auditFolder = '.prompt-audit';

/** A file's bytes as git would store them, or why they could not be had. */
export type ReadText = Uint8Array | PromptAuditError;

/** Where a trail lives: a git work tree, or a plain folder. The only place where the trail reads files. */
export interface Site {
  readonly root: string;
  readonly git: GitRepository | null;
  /** ledger.sqlite. */
  readonly ledgerFile: string;
  /** Journal, lock, writer id and drafts of this clone. */
  readonly privateDir: string;
}

/** The site that a folder belongs to. Throws `git.missing` where a repository is but no git program. */
export async function siteAt(folder: string): Promise<Site> {
  const git = await findRepository(folder);
  const root = git?.root ?? (await realpath(folder));
  return {
    root,
    git,
    ledgerFile: join(root, auditFolder, 'ledger.sqlite'),
    privateDir: git ? join(git.commonDir, 'prompt-audit') : join(root, auditFolder),
  };
}

/** A path as events hold it: relative to the root, with `/`. Throws `path.outside`. */
export function pathInSite(site: Site, path: string): string {
  const inside = relative(site.root, resolve(site.root, path));
  if (
    inside === '' ||
    inside === '..' ||
    inside.startsWith(`..${sep}`) ||
    resolve(inside) === inside
  ) {
    throw new PromptAuditError({
      code: 'path.outside',
      message: `${path} is not a file inside ${site.root}.`,
      remedy: 'Name a file of this repository.',
    });
  }
  return inside.split(sep).join('/');
}

/** All files that could be prompts, relative to the root. With git: tracked, and untracked but not ignored. */
export async function listFiles(site: Site): Promise<readonly string[]> {
  if (site.git) return site.git.listFiles();
  const entries = await readdir(site.root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => pathInSite(site, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split('/').includes('node_modules'));
}

/** The bytes of prompts as git would store them (DESIGN.md §3, "Digest of a prompt"). */
export async function readTexts(
  site: Site,
  paths: readonly string[],
): Promise<ReadonlyMap<string, ReadText>> {
  const texts = new Map<string, ReadText>();
  const readable: string[] = [];
  for (const path of paths) {
    const problem = await problemOf(site, path);
    if (problem) texts.set(path, problem);
    else readable.push(path);
  }
  const stored: ReadonlyMap<string, ReadText> = site.git
    ? await site.git.storedBytes(readable)
    : await plainBytes(site, readable);
  for (const [path, text] of stored) {
    texts.set(path, !(text instanceof Error) && text.includes(0) ? notText(path) : text);
  }
  return texts;
}

/** One prompt's bytes. Throws what readTexts gives as an error. */
export async function readText(site: Site, path: string): Promise<Uint8Array> {
  const text = (await readTexts(site, [path])).get(path) ?? missing(path);
  if (text instanceof Error) throw text;
  return text;
}

async function plainBytes(site: Site, paths: readonly string[]): Promise<Map<string, ReadText>> {
  const texts = new Map<string, ReadText>();
  for (const path of paths) {
    texts.set(
      path,
      await readFile(join(site.root, path)).catch((e: unknown) => unreadable(path, e)),
    );
  }
  return texts;
}

async function problemOf(site: Site, path: string): Promise<PromptAuditError | null> {
  try {
    const info = await lstat(join(site.root, path));
    if (!info.isFile()) return notAFile(path);
    // A hostile repository could link a prompt or its folder to a private file of the user.
    const real = await realpath(join(site.root, path));
    if (!real.startsWith(site.root.endsWith(sep) ? site.root : site.root + sep))
      return notAFile(path);
    return info.size > maxPromptBytes ? tooLarge(path, info.size) : null;
  } catch (error) {
    if (isPromptAuditError(error)) return error;
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? missing(path)
      : unreadable(path, error);
  }
}

function missing(path: string): PromptAuditError {
  return new PromptAuditError({
    code: 'prompt.unreadable',
    message: `There is no file ${path}.`,
    remedy: 'Check the path, or restore the file.',
  });
}

function notAFile(path: string): PromptAuditError {
  return new PromptAuditError({
    code: 'prompt.unreadable',
    message: `${path} is not a regular file of this repository (a link or a folder).`,
    remedy: 'Track the file that it points to instead.',
  });
}

function unreadable(path: string, cause: unknown): PromptAuditError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? 'unknown error';
  return new PromptAuditError({
    code: 'prompt.unreadable',
    message: `${path} cannot be read (${code}).`,
    remedy: 'Check that the file exists and that you may read it.',
    cause,
  });
}

function tooLarge(path: string, size: number): PromptAuditError {
  const megabytes = (size / 1024 / 1024).toFixed(1);
  return new PromptAuditError({
    code: 'prompt.tooLarge',
    message: `${path} has ${megabytes} MB; a prompt may have ${maxPromptBytes / 1024 / 1024} MB.`,
    remedy: 'Make the file smaller, or exclude it in .prompt-audit/policy.jsonc.',
  });
}

function notText(path: string): PromptAuditError {
  return new PromptAuditError({
    code: 'prompt.unreadable',
    message: `${path} is not a text: it holds NUL bytes.`,
    remedy: 'Save it as UTF-8 text, or exclude it in .prompt-audit/policy.jsonc.',
  });
}
