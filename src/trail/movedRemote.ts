import type { GitRepository } from '../git/repository.js';
import type { TrailContext } from './context.js';

/**
 * The first sync with another ledger remote than before: a remote that is empty, or holds only the beginning of
 * what this clone synced, gets the same commits, so that its history goes on in one line. Gives the tip from
 * which the sync goes on; anything else is left to the sync to judge.
 */
export async function catchUp(
  context: TrailContext,
  git: GitRepository,
  where: { readonly remote: string; readonly branch: string; readonly tip: string | null },
): Promise<string | null> {
  const { remote, branch, tip } = where;
  const { seen, remote: before } = context.store;
  if (before === null || before === remote || seen === null || tip === seen.commit) return tip;
  if (tip !== null && !(await git.isAncestor(tip, seen.commit))) return tip;
  const pushed = await git.pushLedger(remote, branch, seen.commit, tip);
  return pushed === 'pushed' ? seen.commit : git.fetchLedger(remote, branch);
}
