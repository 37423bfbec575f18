import { PromptAuditError } from '../core/errors.js';
import { isObjectId } from './names.js';
import { commitsAt } from './objectChecks.js';
import { gitOutput } from './runGit.js';
import { isShallowClone } from './shallowClone.js';

/** A ref that names a commit, by itself or through tags. */
export interface CommitRef {
  /** The full name, such as `refs/heads/main`; `HEAD` for itself. */
  readonly ref: string;
  readonly commit: string;
}

const folders = ['refs/heads/', 'refs/remotes/', 'refs/tags/'] as const;

/**
 * HEAD, all branches, those of remotes, and all tags that lead to a commit; without the ledger's own branch.
 * `named`: only these, by short or full names. Throws `ref.unknown`.
 */
export async function commitRefs(
  folder: string,
  ledgerBranch: string,
  named?: readonly string[],
): Promise<readonly CommitRef[]> {
  const all = (await refsOf(folder)).filter(({ ref }) => !isLedger(ref, ledgerBranch));
  const chosen = named === undefined ? all : named.map((name) => chosenRef(all, name));
  const commits = await commitsAt(
    { folder, doing: 'find the commits of the branches' },
    chosen.map(({ object }) => object),
  );
  return chosen.flatMap(({ ref }, at) => {
    const commit = commits[at] ?? null;
    return commit === null ? [] : [{ ref, commit }];
  });
}

interface Ref {
  readonly ref: string;
  readonly object: string;
}

async function refsOf(folder: string): Promise<readonly Ref[]> {
  const output = await gitOutput({
    folder,
    doing: 'list the branches',
    args: ['for-each-ref', '--format=%(objectname) %(refname)', ...folders],
  });
  const refs = output
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [object = '', ...name] = line.split(' ');
      return isObjectId(object) ? [{ ref: name.join(' '), object }] : [];
    });
  return [{ ref: 'HEAD', object: 'HEAD' }, ...refs];
}

/** Throws `history.shallow` where the end of a shallow clone would pass for the beginning of the history. */
export async function assertWhole(folder: string): Promise<void> {
  if (!(await isShallowClone(folder))) return;
  throw new PromptAuditError({
    code: 'history.shallow',
    message: 'This clone is shallow: who wrote what is older than its oldest commit is not here.',
    remedy: 'Run "git fetch --unshallow", then import again.',
  });
}

function isLedger(ref: string, branch: string): boolean {
  return (
    ref === `refs/heads/${branch}` ||
    (ref.startsWith('refs/remotes/') && ref.endsWith(`/${branch}`))
  );
}

function chosenRef(all: readonly Ref[], name: string): Ref {
  for (const full of [name, ...folders.map((folder) => folder + name)]) {
    const found = all.find(({ ref }) => ref === full);
    if (found !== undefined) return found;
  }
  throw new PromptAuditError({
    code: 'ref.unknown',
    message: `There is no branch or tag ${JSON.stringify(name.slice(0, 200))} here.`,
    remedy: 'See them with: git branch --all',
  });
}
