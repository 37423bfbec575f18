import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { assertBranchName, assertRemoteName } from './names.js';

/** What this clone remembers of a branch of a remote. */
export interface BranchMemory {
  /** When it was last seen as it stands here, ISO 8601 by this machine's clock; null where nothing tells. */
  readonly seenAt: string | null;
  /** Commits that it led to here at some time. */
  readonly tips: ReadonlySet<string>;
}

/** By the reflog of its tracking ref, and by what `git fetch` noted last. `tip`: where it stands here. */
export async function branchMemory(
  git: { readonly gitDir: string; readonly commonDir: string },
  remote: string,
  branch: string,
  tip: string,
): Promise<BranchMemory> {
  assertRemoteName(remote);
  assertBranchName(branch);
  const logs = join(git.commonDir, 'logs', 'refs', 'remotes', remote);
  const [own, cloned, fetched] = await Promise.all(
    [join(logs, branch), join(logs, 'HEAD'), join(git.gitDir, 'FETCH_HEAD')].map(textAndTime),
  );
  const tips = new Set(
    [...(own?.text ?? '').matchAll(/^([0-9a-f]+) ([0-9a-f]+) /gm)].flatMap(([, a, b]) => [a!, b!]),
  );
  const times = [own, cloned].flatMap((log) => log?.at ?? []);
  // It is written anew by each fetch, also of something else.
  if (fetched?.text.includes(`${tip}\t`) === true) times.push(fetched.at);
  return { seenAt: times.sort().at(-1) ?? null, tips };
}

async function textAndTime(file: string): Promise<{ text: string; at: string } | null> {
  try {
    const { mtime } = await stat(file);
    return { text: await readFile(file, 'utf8'), at: mtime.toISOString() };
  } catch {
    // A clone without reflogs, or one that never fetched: then nothing is remembered.
    return null;
  }
}
