import { configEntries } from './configEntries.js';
import { askOnce } from './oneAct.js';

/** A name and its value in git's configuration. */
export type Setting = readonly [key: string, value: string];

const wanted = '^(core\\.sshcommand|prompt-audit\\.remote|branch\\..*\\.remote|remote\\..*)$';

/** All that git's configuration says about remotes and how they are reached, in one run of git. Throws `git.failed`. */
export function remoteConfig(root: string): Promise<readonly Setting[]> {
  return askOnce(`remotes\0${root}`, async () => {
    const entries = await configEntries(root, 'read the settings of the remotes', wanted);
    return entries.map(({ key, value }): Setting => [key, value]);
  });
}

/** The names of the remotes, as `git remote` lists them. */
export function namesIn(config: readonly Setting[]): readonly string[] {
  const names = config.flatMap(([key]) => /^remote\.([\s\S]+)\.[^.]+$/.exec(key)?.[1] ?? []);
  return [...new Set(names)].sort();
}
