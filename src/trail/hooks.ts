import { PromptAuditError } from '../core/errors.js';
import { hooksStatus, installHooks, removeHooks } from '../git/hooks.js';
import type { HookRow, InstallHooksInput } from '../git/hooksApi.js';
import { findRepository } from '../git/repository.js';

export type HooksAction =
  { readonly kind: 'status' | 'remove' } | ({ readonly kind: 'install' } & InstallHooksInput);

/**
 * Looks at the hooks of a folder's repository, or changes them; that needs no trail. Throws `git.missing`,
 * `git.failed` where there is no work tree, `disk.failed`.
 */
export async function hooks(folder: string, action: HooksAction): Promise<readonly HookRow[]> {
  const git = await findRepository(folder);
  if (git === null) {
    throw new PromptAuditError({
      code: 'git.failed',
      message: `${folder} is not in a work tree of git, so it has no hooks.`,
      remedy: 'Run this in a repository, or name one with --cwd.',
    });
  }
  switch (action.kind) {
    case 'status':
      return hooksStatus(git);
    case 'remove':
      return removeHooks(git);
    case 'install':
      return installHooks(git, action);
  }
}
