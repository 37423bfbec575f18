import { gitOutput } from './runGit.js';

/** Of these paths those that stand in the index with conflicts. Throws `git.failed`. */
export async function unmergedPaths(
  root: string,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  const output = await gitOutput({
    folder: root,
    doing: 'look for conflicts',
    args: ['ls-files', '-z', '--unmerged'],
  });
  const wanted = new Set(paths);
  const found = new Set<string>();
  for (const line of output.toString('utf8').split('\0')) {
    const path = line.slice(line.indexOf('\t') + 1);
    if (wanted.has(path)) found.add(path);
  }
  return found;
}
