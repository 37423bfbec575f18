import { gitFailed } from './gitErrors.js';
import { runGit } from './runGit.js';

export interface ConfigEntry {
  /** In lower case where git takes no notice of case. */
  readonly key: string;
  /** Empty for a name without a value. */
  readonly value: string;
  /** As git calls it: `system`, `global`, `local`, `worktree`, `command`. */
  readonly scope: string;
}

/**
 * What git's configuration says under the names that fit a pattern, in git's order, of which the last counts.
 * `doing` is for messages. Throws `git.missing`, `git.failed`.
 */
export async function configEntries(
  folder: string,
  doing: string,
  pattern: string,
): Promise<readonly ConfigEntry[]> {
  const args = ['config', '--null', '--show-scope', '--get-regexp', pattern];
  const call = { folder, doing, args };
  const outcome = await runGit(call);
  // 1: nothing of it is set.
  if (outcome.exitCode > 1 || outcome.exitCode < 0) throw gitFailed(call, outcome);
  const parts = outcome.stdout.toString('utf8').split('\0');
  const entries: ConfigEntry[] = [];
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const [scope, entry] = [parts[i]!, parts[i + 1]!];
    // `key<LF>value`; a key without a value has none.
    const end = entry.indexOf('\n');
    if (end < 0) entries.push({ key: entry, value: '', scope });
    else entries.push({ key: entry.slice(0, end), value: entry.slice(end + 1), scope });
  }
  return entries;
}
