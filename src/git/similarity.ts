import { gitFailed } from './gitErrors.js';
import { runGit, type GitCall } from './runGit.js';

/**
 * Pairs of files of two folders, by name, that git calls a rename: at least half alike, each file once. Both
 * folders stand in `folder`, and their files have plain names. Throws `git.failed`.
 */
export async function similarFiles(
  folder: string,
  from: string,
  to: string,
): Promise<readonly (readonly [from: string, to: string])[]> {
  const call: GitCall = {
    folder,
    doing: 'compare files',
    args: [
      'diff',
      '--no-index',
      '--raw',
      '-z',
      '-M50%',
      '-l0',
      '--no-ext-diff',
      '--no-textconv',
      '--no-color',
      '--',
      from,
      to,
    ],
    config: ['core.quotePath=false', 'core.autocrlf=false', 'core.safecrlf=false'],
  };
  const outcome = await runGit(call);
  // 1: they differ.
  if (outcome.exitCode > 1) throw gitFailed(call, outcome);
  const fields = outcome.stdout.toString('utf8').split('\0');
  const pairs: [string, string][] = [];
  for (let at = 0; at < fields.length; at++) {
    const status = / ([A-Z])\d*$/.exec(fields[at] ?? '')?.[1];
    if (status === undefined) continue;
    if (status !== 'R' && status !== 'C') {
      at++;
      continue;
    }
    const [old, now] = [fields[at + 1] ?? '', fields[at + 2] ?? ''];
    at += 2;
    if (status === 'R') pairs.push([nameOf(old), nameOf(now)]);
  }
  return pairs;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
