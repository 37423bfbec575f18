import { mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import { findBlock } from './hookBlock.js';
import { installHook, isRun, readHook, removeHook, wayOf } from './hookFile.js';
import { launcherText } from './hookLauncher.js';
import { hookCommand, hookManager, isMentioned } from './hookManagers.js';
import { leaveReplaced, namesOf, replacedAdvice } from './hookReplaced.js';
import { hookNames, type HookName, type HookRow, type InstallHooksInput } from './hooksApi.js';
import { hooksFolder, type HooksFolder } from './hooksFolder.js';
import type { RepositoryPaths } from './locate.js';

/** Stands beside the launcher where git had no folder for hooks: then it goes again with the hooks. */
const madeFolder = 'made-folder';

/** Where the hooks of a clone find the program: `<git common dir>/prompt-audit/hooks`. */
const launcherFolder = (commonDir: string): string => join(commonDir, 'prompt-audit', 'hooks');

/** How the hooks of a repository stand; nothing is changed. Throws `git.missing`, `git.failed`. */
export async function hooksStatus(repository: RepositoryPaths): Promise<readonly HookRow[]> {
  const folder = await hooksFolder(repository);
  return Promise.all(hookNames.map((hook) => statusOf(repository, folder, hook, false)));
}

/**
 * Puts the call of the program into hooks, beside whatever they do, or says what somebody has to add where another
 * program manages them. Twice is as once. Throws `git.missing`, `git.failed`, `disk.failed`.
 */
export async function installHooks(
  repository: RepositoryPaths,
  { hooks, program, strict }: InstallHooksInput,
): Promise<readonly HookRow[]> {
  const folder = await hooksFolder(repository);
  return onDisk('The hooks could not be installed', async () => {
    const rows: HookRow[] = [];
    for (const hook of hooks) {
      const found = await readHook(join(folder.path, hook));
      const row = await statusOf(repository, folder, hook, strict);
      const way = wayOf(found, folder.kind);
      if (row.state === 'by-hand' || row.file === null || way === null) {
        rows.push(way === null && row.advice === null ? { ...row, ...blocked(hook, strict) } : row);
        continue;
      }
      await placeLauncher(repository, folder, launcherText(program));
      const left = folder.kind === 'clone' ? await leaveReplaced(folder.path, hook) : null;
      const isStrict = strict && hook === 'pre-push';
      const isNew = await installHook(found, way, { hook, strict: isStrict, kind: folder.kind });
      const placed = await statusOf(repository, folder, hook, strict);
      const advice = left === null ? placed.advice : replacedAdvice(left);
      rows.push({ ...placed, isNew, advice });
    }
    return rows;
  });
}

/**
 * Takes the calls out of the hooks again, here and where they were when git had another folder for hooks. What
 * somebody wrote beside them stays. Throws as installHooks.
 */
export async function removeHooks(repository: RepositoryPaths): Promise<readonly HookRow[]> {
  const { commonDir, root } = repository;
  const folder = await hooksFolder(repository);
  const own = join(commonDir, 'hooks');
  const inside = folder.kind === 'outside' ? [] : [folder.path];
  const folders = new Set([own, ...inside, join(root, '.husky')]);
  return onDisk('The hooks could not be removed', async () => {
    const removed = new Set<HookName>();
    const left = new Map<HookName, string>();
    for (const hook of hookNames)
      for (const at of folders) {
        for (const name of namesOf(hook))
          if (await removeHook(join(at, name), hook)) removed.add(hook);
        const isKeeping = at === own || (folder.kind === 'clone' && at === folder.path);
        const replaced = isKeeping ? await leaveReplaced(at, hook) : null;
        if (replaced !== null) left.set(hook, replaced);
      }
    const isMade = await exists(join(launcherFolder(commonDir), madeFolder));
    await rm(launcherFolder(commonDir), { recursive: true, force: true });
    await rmdir(join(commonDir, 'prompt-audit')).catch(() => undefined);
    if (isMade) await rmdir(own).catch(() => undefined);
    return Promise.all(
      hookNames.map(async (hook): Promise<HookRow> => {
        const row = await statusOf(repository, folder, hook, false);
        const isNew = removed.has(hook);
        const file = left.get(hook);
        const told = file === undefined ? null : replacedAdvice(file);
        if (row.state !== 'installed') return { ...row, isNew, state: 'absent', advice: told };
        const advice = `Somebody added "${hookCommand(hook, false)}" by hand; take that line out again.`;
        return { ...row, isNew, state: 'by-hand', advice };
      }),
    );
  });
}

async function statusOf(
  { root }: RepositoryPaths,
  folder: HooksFolder,
  hook: HookName,
  strict: boolean,
): Promise<HookRow> {
  const found = await readHook(join(folder.path, hook));
  const block = found.text === null ? null : findBlock(found.text);
  const base = { hook, isNew: false, file: found.file, strict: block?.strict ?? false };
  if (block !== null && folder.kind !== 'outside') {
    const shared = `${found.file} is a file of the work tree: commit it, so that everybody has it.`;
    if (folder.kind === 'clone' || folder.kind === 'husky' || isRun(found))
      return { ...base, state: 'installed', advice: folder.kind === 'clone' ? null : shared };
  }
  const manager = await hookManager(root, folder, found.text);
  if (manager === null) return { ...base, state: 'absent', advice: null };
  if (await isMentioned(manager.files, hook)) return { ...base, state: 'installed', advice: null };
  return { ...base, file: null, state: 'by-hand', advice: manager.advice(hook, strict) };
}

const blocked = (hook: HookName, strict: boolean) =>
  ({
    state: 'by-hand',
    advice: `The ${hook} hook of this repository is tracked, and no shell script that git runs. Let it run: ${hookCommand(hook, strict)}`,
  }) as const;

async function placeLauncher(
  { commonDir }: RepositoryPaths,
  folder: HooksFolder,
  text: string,
): Promise<void> {
  const at = launcherFolder(commonDir);
  const file = join(at, 'run');
  const isThere = await exists(folder.path);
  if ((await readFile(file, 'utf8').catch(() => null)) === text) return;
  await mkdir(at, { recursive: true });
  if (!isThere && folder.path === join(commonDir, 'hooks'))
    await writeFile(join(at, madeFolder), '');
  await writeFile(file, text, { mode: 0o755 });
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

async function onDisk<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PromptAuditError) throw error;
    const { code = 'unknown error', path = '' } = error as NodeJS.ErrnoException;
    throw new PromptAuditError({
      code: 'disk.failed',
      message: `${what} (${code}${path === '' ? '' : `: ${path}`}).`,
      remedy: 'Check that you may write there; no hook was changed but those that were told.',
      cause: error,
    });
  }
}
