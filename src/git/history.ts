import { gitFailed } from './gitErrors.js';
import { isWorkTreePath } from './names.js';
import { leftAtRemote } from './objects.js';
import { runGit, type GitCall } from './runGit.js';

/** A commit, as far as an observation needs it. */
export interface CommitInfo {
  readonly commit: string;
  readonly authorName: string;
  readonly authorEmail: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly authoredAt: string;
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

/** The newest commit of HEAD's history that touched a file; null where none did. Renames are not followed. */
export async function lastCommitOf(root: string, path: string): Promise<CommitInfo | null> {
  const call: GitCall = {
    folder: root,
    doing: `find the last commit of ${path}`,
    args: [
      'log',
      '--max-count=1',
      '--no-follow',
      '--no-show-signature',
      '--no-notes',
      '--no-color',
      '--encoding=UTF-8',
      '--format=tformat:%H%x00%an%x00%ae%x00%at',
      'HEAD',
      '--',
      path,
    ],
  };
  const outcome = await runGit(call);
  if (outcome.exitCode !== 0) {
    if (noHead.test(outcome.stderr)) return null;
    throw gitFailed(call, outcome);
  }
  const [commit = '', authorName = '', authorEmail = '', at = ''] = outcome.stdout
    .toString('utf8')
    .replace(/\n$/, '')
    .split('\0');
  if (commit === '') return null;
  // git lets a commit name nobody, or a moment that no calendar has.
  const time = new Date(Number(at) * 1000);
  const authoredAt = Number.isNaN(time.valueOf()) ? new Date(0) : time;
  return {
    commit,
    authorName: authorName || authorEmail,
    authorEmail,
    authoredAt: authoredAt.toISOString(),
  };
}
