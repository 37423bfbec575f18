import { gitFailed } from './gitErrors.js';
import { isObjectId } from './names.js';
import { checkObjects } from './objectChecks.js';
import { gitText, runGit, type GitCall } from './runGit.js';

/** Something that keeps commits: HEAD of a work tree, a branch, a tag, … */
export interface HistoryRef {
  /** `HEAD`, or the full name as far as it can be shown. */
  readonly name: string;
  /** The commit that it leads to. */
  readonly commit: string;
}

/** What is no history of files: the ledger's own, and git's notes and replacements. */
const noHistory = /^refs\/(prompt-audit|notes|replace|bisect|rewritten)\//;

/**
 * All refs of the repository that lead to commits, HEAD of every work tree first; without symbolic ones and
 * those of the branch `ledgerBranch`, here and of remotes. Throws `git.failed` where one leads nowhere.
 */
export async function historyRefs(
  root: string,
  ledgerBranch: string,
): Promise<readonly HistoryRef[]> {
  const format = '%(objecttype) %(objectname) %(symref) %(refname)';
  const text = await gitText({
    folder: root,
    doing: 'list the refs',
    args: ['for-each-ref', `--format=${format}`],
  });
  const commits: HistoryRef[] = [];
  const tags: HistoryRef[] = [];
  for (const line of text.split('\n')) {
    const [type = '', id = '', symbolic, ...rest] = line.split(' ');
    const name = rest.join(' ');
    const own = name.startsWith('refs/remotes/')
      ? name.split('/').slice(3).join('/') === ledgerBranch
      : name === `refs/heads/${ledgerBranch}`;
    if (!isObjectId(id) || symbolic !== '' || own || noHistory.test(name)) continue;
    if (type === 'commit') commits.push({ name, commit: id });
    else if (type === 'tag') tags.push({ name, commit: id });
  }
  return [...(await workTreeHeads(root)), ...commits, ...(await peeled(root, tags))];
}

/** Tags of tags lead to the commit at their end; those of files and trees lead to none. */
async function peeled(root: string, tags: readonly HistoryRef[]): Promise<HistoryRef[]> {
  if (tags.length === 0) return [];
  const question = { folder: root, doing: 'see where the tags lead' };
  const found = await checkObjects(
    question,
    tags.map(({ commit }) => `${commit}^{}`),
  );
  return tags.flatMap(({ name }, i) => {
    const { id = '', type } = found[i] ?? {};
    if (isObjectId(id)) return type === 'commit' ? [{ name, commit: id }] : [];
    throw gitFailed(question, {
      exitCode: 1,
      stdout: Buffer.alloc(0),
      stderr: `${name} leads to an object that is not here`,
    });
  });
}

async function workTreeHeads(root: string): Promise<HistoryRef[]> {
  const call: GitCall = {
    folder: root,
    doing: 'list the work trees',
    args: ['worktree', 'list', '--porcelain'],
  };
  const outcome = await runGit(call);
  if (outcome.exitCode !== 0) throw gitFailed(call, outcome);
  const heads = new Set<string>();
  for (const line of outcome.stdout.toString('utf8').split('\n')) {
    const id = line.startsWith('HEAD ') ? line.slice('HEAD '.length) : '';
    if (isObjectId(id) && !/^0+$/.test(id)) heads.add(id);
  }
  return [...heads].map((commit) => ({ name: 'HEAD', commit }));
}
