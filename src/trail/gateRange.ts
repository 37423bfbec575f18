import { PromptAuditError } from '../core/errors.js';
import { isShallow, mergeBases } from '../git/gateRange.js';
import { fetchCommits, type Depth } from '../git/gateRefs.js';
import type { GateAccess } from './gateFinders.js';

/** How far the history of a shallow clone is fetched, step by step, until it can be told where a change began. */
const steps: readonly Depth[] = [50, 1_000, 'whole'];

/**
 * Where a change began (mergeBases in src/git/gateRange.ts). A shallow clone is made deeper where the remote may be
 * asked. Throws `history.incomplete` where it cannot be told.
 */
export async function rangeStart(
  { place, remote, fetch }: GateAccess,
  base: string,
  head: string,
): Promise<readonly string[]> {
  let found = await mergeBases(place, base, head);
  for (const depth of steps) {
    if (found !== null) return found;
    if (!fetch || remote === null || !(await isShallow(place))) break;
    await fetchCommits(place, remote, [base, head], depth);
    found = await mergeBases(place, base, head);
  }
  if (found !== null) return found;
  throw new PromptAuditError({
    code: 'history.incomplete',
    message: `This clone is shallow: nobody can tell what ${head.slice(0, 12)} changes since it left ${base.slice(0, 12)}.`,
    remedy: fetch
      ? 'Fetch the whole history before the gate runs: git fetch --unshallow (in CI: fetch-depth: 0, GIT_DEPTH: 0).'
      : 'Run the gate without --no-fetch, or: git fetch --unshallow',
  });
}

/** Throws `history.incomplete` where `head` does not have `commit` behind it. */
export async function assertHolds(access: GateAccess, head: string, commit: string): Promise<void> {
  if ((await rangeStart(access, commit, head)).includes(commit)) return;
  throw new PromptAuditError({
    code: 'history.incomplete',
    message: `Commit ${head.slice(0, 12)} does not hold ${commit.slice(0, 12)}, which was to be judged.`,
    remedy: 'The host may not have merged the newest push yet: run the gate again.',
  });
}
