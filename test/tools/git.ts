import { execFileSync } from 'node:child_process';
import { devNull } from 'node:os';

/** The environment in which git sees no configuration of this machine. */
export const gitEnvironment = {
  GIT_CONFIG_GLOBAL: devNull,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
};

/** Runs git in a folder; its standard output, without the last line end. Throws when git fails. */
export function git(folder: string, ...args: string[]): string {
  const env: NodeJS.ProcessEnv = { ...process.env, ...gitEnvironment };
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE']) delete env[name];
  return execFileSync('git', args, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' }).trimEnd();
}
