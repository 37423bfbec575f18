import { assertObjectId, isObjectId } from './names.js';
import { checkObjects } from './objectChecks.js';
import { readObjects } from './objects.js';
import { gitText } from './runGit.js';
import { isShallowClone } from './shallowClone.js';

/** One commit of the ledger branch. */
export interface LedgerCommit {
  readonly commit: string;
  readonly parents: readonly string[];
  /** The file `checkpoint` of the commit; null where it has none, or one that is too long. */
  readonly checkpoint: string | null;
}

export interface LedgerHistory {
  /** Oldest first. */
  readonly commits: readonly LedgerCommit[];
  /** Older commits may be missing from this clone. */
  readonly isShallow: boolean;
}

/** No checkpoint of this format is longer; characters. */
const longestCheckpoint = 1024;

/** The commits behind `since` (null: all) up to `tip`, oldest first, with their checkpoints. Throws `git.failed`. */
export async function ledgerHistory(
  root: string,
  tip: string,
  since: string | null,
): Promise<LedgerHistory> {
  assertObjectId(tip);
  if (since !== null) assertObjectId(since);
  const text = await gitText({
    folder: root,
    doing: 'list the commits of the ledger',
    args: [
      'rev-list',
      '--topo-order',
      '--reverse',
      '--parents',
      tip,
      ...(since === null ? [] : [`^${since}`]),
      '--',
    ],
  });
  const lines = text.split('\n').map((line) => line.split(' ').filter(isObjectId));
  const listed = lines.filter((ids) => ids.length > 0);
  const blobs = await smallBlobs(
    root,
    listed.map(([commit]) => `${commit}:checkpoint`),
  );
  const objects = await readObjects(root, [...blobs.values()]);
  const commits = listed.map(([commit = '', ...parents]) => {
    const bytes = objects.get(blobs.get(`${commit}:checkpoint`) ?? '');
    return { commit, parents, checkpoint: bytes ? Buffer.from(bytes).toString('utf8') : null };
  });
  return { commits, isShallow: await isShallowClone(root) };
}

/** The ids of those names that are blobs no longer than a checkpoint, by name. */
async function smallBlobs(root: string, names: readonly string[]): Promise<Map<string, string>> {
  const question = { folder: root, doing: 'find the checkpoints of the ledger' };
  const blobs = new Map<string, string>();
  for (const [i, { id, type, size }] of (await checkObjects(question, names)).entries()) {
    const fits = isObjectId(id) && type === 'blob' && size <= longestCheckpoint;
    if (fits && names[i] !== undefined) blobs.set(names[i], id);
  }
  return blobs;
}
