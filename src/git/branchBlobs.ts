import { assertObjectId } from './names.js';
import { gitText } from './runGit.js';

/**
 * The ids of all blobs that a file had on a branch, of whose own commits alone: what a merged branch had in between was never
 * on this one. `tip`: its commit. In a shallow clone only what is here.
 */
export async function blobsOnBranch(
  root: string,
  tip: string,
  path: string,
): Promise<ReadonlySet<string>> {
  assertObjectId(tip);
  const text = await gitText({
    folder: root,
    doing: `read the history of ${path}`,
    args: [
      '--literal-pathspecs',
      'log',
      '--first-parent',
      '--diff-merges=first-parent',
      '--root',
      '--format=',
      '--raw',
      '--no-abbrev',
      '--no-renames',
      tip,
      '--',
      path,
    ],
  });
  const ids = [...text.matchAll(/^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) /gm)].map(([, id]) => id!);
  return new Set(ids.filter((id) => !/^0+$/.test(id)));
}
