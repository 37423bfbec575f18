import { PromptAuditError } from '../core/errors.js';
import { assertBranchName, assertObjectId, assertRemoteName } from './names.js';
import { listTree, readObjects } from './objects.js';
import { gitText } from './runGit.js';

export interface ProtectedFiles {
  /** Without `refs/remotes/<remote>/`. */
  readonly branch: string;
  readonly commit: string;
  /** One entry for each path asked for; null where the commit has no such file. */
  readonly files: ReadonlyMap<string, string | null>;
}

/** A policy, a mailmap or the like; more is refused. In bytes. */
const maxFileBytes = 1024 * 1024;

/**
 * Files of the remote's default branch (or of the branch named) as last fetched; null where this clone
 * has no such branch. With `commit`, of that commit of the branch named. Nothing is fetched. Throws `policy.invalid` for a file over 1 MB.
 */
export async function readProtectedBranch(
  root: string,
  input: { remote: string; branch: string | null; paths: readonly string[]; commit?: string },
): Promise<ProtectedFiles | null> {
  const { branch, commit } = input;
  if (commit !== undefined) assertObjectId(commit);
  const tip =
    branch !== null && commit !== undefined
      ? { branch, commit }
      : await protectedTip(root, input.remote, branch);
  if (tip === null) return null;
  const entries = new Map(
    (await listTree(root, tip.commit, input.paths, 'fetch'))
      .filter(({ mode }) => mode === '100644' || mode === '100755')
      .map((entry) => [entry.path, entry]),
  );
  const found = input.paths.flatMap((path) => entries.get(path) ?? []);
  for (const { path, size } of found)
    if ((size ?? 0) > maxFileBytes) throw tooLarge(path, tip.branch);
  const objects = await readObjects(
    root,
    found.map(({ id }) => id),
    // Which policy counts must not depend on what a partial clone happens to have.
    'fetch',
  );
  const files = new Map<string, string | null>();
  for (const path of input.paths) {
    const bytes = objects.get(entries.get(path)?.id ?? '');
    files.set(path, bytes === undefined ? null : Buffer.from(bytes).toString('utf8'));
  }
  return { ...tip, files };
}

async function protectedTip(
  root: string,
  remote: string,
  branch: string | null,
): Promise<{ branch: string; commit: string } | null> {
  assertRemoteName(remote);
  if (branch !== null) assertBranchName(branch);
  const base = `refs/remotes/${remote}/`;
  const names = branch === null ? ['HEAD', 'main', 'master'] : [branch];
  const text = await gitText({
    folder: root,
    doing: `find the default branch of ${remote}`,
    args: [
      'for-each-ref',
      '--format=%(refname)%00%(symref)%00%(objectname)',
      '--',
      ...names.map((name) => base + name),
    ],
  });
  const refs = new Map(
    text.split('\n').map((line) => {
      const [ref = '', target = '', commit = ''] = line.split('\0');
      return [ref, { target, commit }] as const;
    }),
  );
  for (const name of names) {
    const ref = refs.get(base + name);
    if (ref === undefined) continue;
    const branchName = ref.target.startsWith(base) ? ref.target.slice(base.length) : name;
    return { branch: branchName, commit: ref.commit };
  }
  return null;
}

function tooLarge(path: string, branch: string): PromptAuditError {
  return new PromptAuditError({
    code: 'policy.invalid',
    message: `${path} on the branch ${branch} is larger than 1 MB.`,
    remedy: 'Make it smaller there, then fetch.',
  });
}
