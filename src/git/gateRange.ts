import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { GatePlace } from './gatePlace.js';
import { gitFailed } from './gitErrors.js';
import { isObjectId } from './names.js';
import { readObjects } from './objects.js';
import { gitText, runGit, type GitCall } from './runGit.js';

/**
 * Where a change began: the best common ancestors of its base and its head. Null where this clone lacks commits
 * that could be better ones: a cut history must not pass for the whole. Empty: they have none in common.
 * Throws `git.failed`.
 */
export async function mergeBases(
  place: GatePlace,
  base: string,
  head: string,
): Promise<readonly string[] | null> {
  if (base === head) return [base];
  // A host's merge commit names its base itself, also where the clone ends at it.
  const parents = await realParents(place, [head, base]);
  if (parents.get(head)?.includes(base) === true) return [base];
  if (parents.get(base)?.includes(head) === true) return [head];
  const found = await commonAncestors(place, base, head);
  // Whose own ancestor one of them is, is known for sure as soon as it is seen.
  if (found.includes(base) || found.includes(head)) return found;
  return (await isCut(place, base, head, found)) ? null : found;
}

async function commonAncestors(
  { folder, env }: GatePlace,
  base: string,
  head: string,
): Promise<readonly string[]> {
  const call: GitCall = {
    folder,
    env,
    doing: 'find where the change began',
    args: ['merge-base', '--all', base, head],
  };
  const outcome = await runGit(call);
  const ids = outcome.stdout.toString('utf8').split('\n').filter(isObjectId);
  if (outcome.exitCode !== 0 && !(outcome.exitCode === 1 && ids.length === 0))
    throw gitFailed(call, outcome);
  return ids;
}

/** Whether a commit behind these two, and not behind what they have in common, has parents that are not here. */
async function isCut(
  place: GatePlace,
  base: string,
  head: string,
  common: readonly string[],
): Promise<boolean> {
  const cut = await shallowCommits(place);
  if (cut.size === 0) return false;
  const { folder, env } = place;
  const text = await gitText({
    folder,
    env,
    doing: 'look at the commits of the change',
    args: ['rev-list', base, head, ...common.map((id) => `^${id}`), '--'],
  });
  const ends = text.split('\n').filter((id) => cut.has(id));
  const parents = await realParents(place, ends);
  return ends.some((id) => (parents.get(id)?.length ?? 1) > 0);
}

/** Whether this clone lacks commits behind its oldest ones. */
export async function isShallow(place: GatePlace): Promise<boolean> {
  return (await shallowCommits(place)).size > 0;
}

async function shallowCommits({ folder, env }: GatePlace): Promise<ReadonlySet<string>> {
  const path = await gitText({
    folder,
    env,
    doing: 'see where the clone ends',
    args: ['rev-parse', '--git-path', 'shallow'],
  });
  const text = await readFile(resolve(folder, path), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  return new Set(text.split('\n').filter(isObjectId));
}

/** The parents that commits name, also where a shallow clone hides them. Without commits that are not here. */
async function realParents(
  { folder, env }: GatePlace,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const [id, bytes] of await readObjects(folder, ids, 'here', env)) {
    const [head = ''] = Buffer.from(bytes).toString('latin1').split('\n\n', 1);
    const parents = [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1]!);
    found.set(id, parents);
  }
  return found;
}
