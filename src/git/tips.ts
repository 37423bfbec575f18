import { gitFailed } from './gitErrors.js';
import { assertRemoteName, isObjectId } from './names.js';
import { runGit, type GitCall } from './runGit.js';

/**
 * The commits of HEAD and of what is known of a remote's branches, each once; without a remote of the branches
 * here. `except`: names of branches that are left out there. One run of git. Throws `git.failed`.
 */
export async function presentTips(
  root: string,
  remote: string | null,
  except: readonly string[],
): Promise<readonly string[]> {
  if (remote !== null) assertRemoteName(remote);
  const call: GitCall = {
    folder: root,
    doing: 'list the branches',
    args: ['show-ref', '--head'],
  };
  const outcome = await runGit(call);
  // A repository without a commit has no ref.
  if (outcome.exitCode === 1 && outcome.stdout.length === 0) return [];
  if (outcome.exitCode !== 0) throw gitFailed(call, outcome);
  const base = remote === null ? 'refs/heads/' : `refs/remotes/${remote}/`;
  const left = new Set(except.map((name) => base + name));
  const tips = new Set<string>();
  for (const line of outcome.stdout.toString('utf8').split('\n')) {
    const end = line.indexOf(' ');
    const [id, ref] = [line.slice(0, end), line.slice(end + 1)];
    if (isObjectId(id) && (ref === 'HEAD' || (ref.startsWith(base) && !left.has(ref))))
      tips.add(id);
  }
  return [...tips];
}
