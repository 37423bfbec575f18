import { realpath } from 'node:fs/promises';
import { PromptAuditError } from '../core/errors.js';
import { gitFailed } from './gitErrors.js';
import { findRepository, GitRepository } from './repository.js';
import { runGit } from './runGit.js';

/** A repository in which the gate reads objects: a clone, or the host's own. */
export interface GatePlace {
  readonly git: GitRepository;
  /** Where git runs. */
  readonly folder: string;
  /** What git needs besides to see objects of a push that the hook `pre-receive` has yet to judge. */
  readonly env: Readonly<Record<string, string>>;
  /** There is no work tree: the repository that others push to. Its own branches count, and no network is used. */
  readonly isServer: boolean;
}

/** How git shows a hook of a push the objects that are not in the repository yet. */
const quarantine = [
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_QUARANTINE_PATH',
];

/** The repository that a folder belongs to. Throws `history.incomplete` where there is none. */
export async function gatePlace(folder: string): Promise<GatePlace> {
  const git = await findRepository(folder);
  if (git !== null) return { git, folder: git.root, env: {}, isServer: false };
  const call = {
    folder,
    doing: `look for a repository in ${folder}`,
    args: ['rev-parse', '--path-format=absolute', '--git-common-dir'],
  };
  const outcome = await runGit(call);
  if (outcome.exitCode !== 0) {
    if (!/not a git repository/i.test(outcome.stderr)) throw gitFailed(call, outcome);
    throw new PromptAuditError({
      code: 'history.incomplete',
      message: `${folder} is not in a git repository: there is nothing to judge.`,
      remedy: 'Run the gate in a clone, or in the repository that is pushed to.',
    });
  }
  const found = await realpath(outcome.stdout.toString('utf8').replace(/\n$/, ''));
  const objects = quarantine.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    git: new GitRepository({ root: found, gitDir: found, commonDir: found }),
    folder: found,
    env: { GIT_DIR: found, ...Object.fromEntries(objects) },
    isServer: true,
  };
}
