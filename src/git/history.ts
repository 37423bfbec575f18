import type { CommitClaims } from '../core/historyCommit.js';
import { gitFailed } from './gitErrors.js';
import { HistoryObjects } from './historyObjects.js';
import { isWorkTreePath } from './names.js';
import { leftAtRemote } from './objects.js';
import { isPartialClone } from './partialClone.js';
import { runGit, type GitCall } from './runGit.js';

/** A commit, and what it says of itself. */
export interface CommitInfo {
  readonly commit: string;
  readonly claims: CommitClaims;
}

const noHead =
  /(bad revision|ambiguous argument|invalid object name|Not a valid object name) '?HEAD|does not have any commits/i;
const noFile = /does not exist in 'HEAD'|exists on disk, but not in 'HEAD'|bad file/;

/** The bytes of a file in HEAD; null where HEAD or the file is not there. */
export async function blobAtHead(root: string, path: string): Promise<Uint8Array | null> {
  if (!isWorkTreePath(path)) return null;
  const call: GitCall = {
    folder: root,
    doing: `read ${path} of HEAD`,
    args: ['cat-file', 'blob', `HEAD:${path}`],
  };
  const outcome = await runGit(call);
  if (outcome.exitCode === 0) return new Uint8Array(outcome.stdout);
  if (noHead.test(outcome.stderr) || noFile.test(outcome.stderr)) return null;
  // A partial clone gets every file that it checks out, so the file on the disk is another one.
  if (leftAtRemote.test(outcome.stderr)) return null;
  throw gitFailed(call, outcome);
}

/**
 * The newest commit of HEAD's history that touched a file; null where none did. Renames are not followed. A partial
 * clone without trees gets those that it needs from its remote. Throws `git.failed`.
 */
export async function lastCommitOf(root: string, path: string): Promise<CommitInfo | null> {
  const here: GitCall = {
    folder: root,
    doing: `find the last commit of ${path}`,
    args: [
      'log',
      '--max-count=1',
      '--no-follow',
      '--no-show-signature',
      '--no-notes',
      '--no-color',
      '--format=tformat:%H',
      'HEAD',
      '--',
      path,
    ],
  };
  let [call, outcome] = [here, await runGit(here)];
  if (outcome.exitCode !== 0 && !noHead.test(outcome.stderr) && (await isPartialClone(root))) {
    call = { ...here, network: true };
    outcome = await runGit(call);
  }
  if (outcome.exitCode !== 0) {
    if (noHead.test(outcome.stderr)) return null;
    throw gitFailed(call, outcome);
  }
  const commit = outcome.stdout.toString('latin1').trim();
  if (commit === '') return null;
  const objects = new HistoryObjects(root);
  try {
    const claims = await new Promise<CommitClaims | null>((done) => {
      objects.commit(commit, done);
      objects.finish();
    });
    objects.check();
    return claims === null ? null : { commit, claims };
  } finally {
    objects.stop();
  }
}
