import { assertRemoteName } from './names.js';
import { remoteFailure } from './remoteErrors.js';
import { runGit, type GitCall } from './runGit.js';
import { transferSettings } from './transferSettings.js';

/** The branch that a remote's HEAD names; null where it names none. Throws `sync.offline`, `sync.refused`, `git.timeout`. */
export async function defaultBranchOf(root: string, remote: string): Promise<string | null> {
  assertRemoteName(remote);
  const call: GitCall = {
    folder: root,
    doing: `ask ${remote} for its default branch`,
    args: ['ls-remote', '--symref', '--', remote, 'HEAD'],
    env: (await transferSettings(root, remote)).ssh,
    network: true,
  };
  const outcome = await runGit(call);
  if (outcome.exitCode !== 0) throw remoteFailure(remote, call, outcome);
  const text = outcome.stdout.toString('utf8');
  return /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(text)?.[1] ?? null;
}
