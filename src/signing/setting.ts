/** Where a value of git's configuration stands, so that advice changes that one. */
export interface Setting {
  readonly name: string;
  /** As `git config --show-scope` says it; null where git is too old to tell. */
  readonly scope: string | null;
}

const scopes = ['local', 'global', 'system', 'worktree'];

/** What to run to change a setting; `value` null: to remove it. */
export function changeSetting({ name, scope }: Setting, value: string | null): string {
  if (scope === 'command')
    return `change ${name} where it is set: with git -c, or in the environment (GIT_CONFIG_…)`;
  const where = scopes.find((one) => one === scope) ?? 'global';
  return value === null
    ? `git config --${where} --unset ${name}`
    : `git config --${where} ${name} ${value}`;
}

export const keySetting: Setting = { name: 'user.signingkey', scope: null };
export const programSetting: Setting = { name: 'gpg.ssh.program', scope: null };
