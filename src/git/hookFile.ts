import {
  chmod,
  lstat,
  mkdir,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import {
  findBlock,
  hookBlock,
  hookBytes,
  hookText,
  isShellScript,
  keptCall,
  keptFolder,
  lacksEnd,
  shellLine,
  withBlock,
  withoutBlock,
} from './hookBlock.js';
import type { HookName } from './hooksApi.js';
import type { HooksFolder } from './hooksFolder.js';

const executable = 0o755;
const anyExecute = 0o111;

/** What is at the place of a hook. `text`: null where no hook is, or something else than a file. */
export interface HookFile {
  readonly file: string;
  readonly kind: 'none' | 'file' | 'link' | 'other';
  readonly text: string | null;
  readonly mode: number;
}

export async function readHook(file: string): Promise<HookFile> {
  const info = await lstat(file).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  });
  if (info === null) return { file, kind: 'none', text: null, mode: executable };
  if (info.isSymbolicLink()) {
    const bytes = await readFile(file).catch(() => null);
    return { file, kind: 'link', text: bytes && hookText(bytes), mode: info.mode };
  }
  if (!info.isFile()) return { file, kind: 'other', text: null, mode: info.mode };
  return { file, kind: 'file', text: hookText(await readFile(file)), mode: info.mode };
}

/** Whether git runs the file. Windows knows no such right. */
export function isRun({ mode }: HookFile): boolean {
  return process.platform === 'win32' || (mode & anyExecute) !== 0;
}

/** What install does with what is there; null: it cannot be done without harm to it. */
export type HookWay = 'make' | 'insert' | 'keep' | null;

export function wayOf(found: HookFile, kind: HooksFolder['kind']): HookWay {
  if (found.kind === 'none') return 'make';
  if (found.kind === 'other') return null;
  if (kind === 'husky') return found.kind === 'file' ? 'insert' : null;
  const { text } = found;
  const takesLines = found.kind === 'file' && text !== null && isRun(found) && isShellScript(text);
  if (takesLines) return 'insert';
  // A tracked folder must not get files that only this clone knows.
  return kind === 'clone' ? 'keep' : null;
}

export interface InstallHookInput {
  readonly hook: HookName;
  readonly strict: boolean;
  readonly kind: HooksFolder['kind'];
}

/** Puts the lines into the hook. False where they stand there already. */
export async function installHook(
  found: HookFile,
  way: Exclude<HookWay, null>,
  { hook, strict, kind }: InstallHookInput,
): Promise<boolean> {
  const { file } = found;
  const runs = kind === 'husky' ? 'script' : 'file';
  const old = found.kind === 'file' && found.text !== null ? findBlock(found.text) : null;
  const kept = keptAt(file, hook);
  const hasKept = (await readHook(kept)).kind !== 'none';
  const made = old?.made ?? (way === 'make' && !hasKept);
  const joined = old?.joined ?? (runs === 'script' && lacksEnd(found.text ?? ''));
  const block = hookBlock({ hook, strict, runs, isShared: kind !== 'clone', made, joined });
  if (old?.text === block) return false;
  if (way === 'insert') {
    await put(file, withBlock(found.text ?? '', block, runs), found.mode);
    return true;
  }
  if (way === 'keep') {
    if (hasKept) throw Object.assign(new Error(`${kept} is there`), { code: 'EEXIST' });
    await mkdir(dirname(kept), { recursive: true });
    await move(file, kept, 'deeper');
  }
  await mkdir(dirname(file), { recursive: true });
  const start = runs === 'script' ? '' : shellLine;
  const rest = way === 'keep' || hasKept ? keptCall(hook) : '';
  await put(file, withBlock(start + rest, block, runs), runs === 'script' ? 0o644 : executable);
  return true;
}

/** Takes the lines out of a hook, and puts back what was kept. False where there were none. */
export async function removeHook(file: string, hook: HookName): Promise<boolean> {
  const found = await readHook(file);
  const kept = keptAt(file, hook);
  const hasKept = (await readHook(kept)).kind !== 'none';
  // What was moved away, and nothing was written yet.
  const isHalf = found.kind === 'none' && hasKept && basename(file) === hook;
  const block = found.kind === 'file' && found.text !== null ? findBlock(found.text) : null;
  if (block === null && !isHalf) return false;
  const rest = withoutBlock(found.text ?? '');
  const isOurs = rest === shellLine + keptCall(hook);
  if (hasKept && (isOurs || isHalf)) {
    await rm(file, { force: true });
    await move(kept, file, 'higher');
    await rmdir(dirname(kept)).catch(() => undefined);
  } else if (block?.made === true && (rest === shellLine || rest === '')) await rm(file);
  else await put(file, rest, found.mode);
  return true;
}

/** Where the hook that was there before is kept. */
export function keptAt(file: string, hook: HookName): string {
  return join(dirname(file), keptFolder, hook);
}

/** A relative link must go on to name the same file from one folder deeper. */
export async function move(from: string, to: string, where: 'deeper' | 'higher'): Promise<void> {
  const target = await readlink(from).catch(() => null);
  if (target === null || isAbsolute(target)) return rename(from, to);
  await symlink(where === 'deeper' ? `../${target}` : target.replace(/^\.\.\//, ''), to);
  await rm(from);
}

/** The whole file or none of it: git may run it at this moment. */
async function put(file: string, text: string, mode: number): Promise<void> {
  const temporary = `${file}.prompt-audit-${process.pid}`;
  try {
    await writeFile(temporary, hookBytes(text), { mode: mode & 0o777 });
    // Whatever the umask takes away.
    await chmod(temporary, mode & 0o777);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
