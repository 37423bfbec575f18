import { gitFailed } from './gitErrors.js';
import { runGit } from './runGit.js';

/** A name and its value in git's configuration. */
export type Setting = readonly [key: string, value: string];

const wanted = '^(core\\.sshcommand|prompt-audit\\.remote|branch\\..*\\.remote|remote\\..*)$';

/** All that git's configuration says about remotes and how they are reached, in one run of git. Throws `git.failed`. */
export async function remoteConfig(root: string): Promise<readonly Setting[]> {
  const call = {
    folder: root,
    doing: 'read the settings of the remotes',
    args: ['config', '--null', '--get-regexp', wanted],
  };
  const outcome = await runGit(call);
  // 1: nothing of it is set.
  if (outcome.exitCode > 1 || outcome.exitCode < 0) throw gitFailed(call, outcome);
  const entries = outcome.stdout.toString('utf8').split('\0');
  return entries.filter((entry) => entry !== '').map(settingOf);
}

/** The names of the remotes, as `git remote` lists them. */
export function namesIn(config: readonly Setting[]): readonly string[] {
  const names = config.flatMap(([key]) => /^remote\.([\s\S]+)\.[^.]+$/.exec(key)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** `key<LF>value`; a key without a value has none. */
function settingOf(entry: string): Setting {
  const end = entry.indexOf('\n');
  return end < 0 ? [entry, ''] : [entry.slice(0, end), entry.slice(end + 1)];
}
