import { parseCheckpoint } from '../core/checkpoint.js';
import type { Finding } from '../core/rows.js';
import type { LedgerCommit, LedgerHistory } from '../git/ledgerHistory.js';
import type { TrailContext } from './context.js';

/** What the ledger branch's own history says. */
export interface BranchCheck {
  /** Commits whose checkpoints the ledger extends; null where there is no branch. */
  readonly commits: number | null;
  readonly findings: readonly Finding[];
}

/**
 * Holds the local ledger ref to what every sync promises: one line of commits, each of which holds the events
 * of the one before and more. So a history that was replaced in one push is found by whoever has the branch.
 * Throws `git.failed`.
 */
export async function verifyBranch(
  context: TrailContext,
  tip: string | null,
): Promise<BranchCheck> {
  const { git } = context.site;
  if (git === null || tip === null) return { commits: null, findings: [] };
  const known = checked.get(context);
  const { epoch } = context.store;
  if (known?.tip === tip && known.epoch === epoch) return known.result;
  const result = checkCommits(context, await git.ledgerHistory(tip, null));
  checked.set(context, { tip, epoch, result });
  return result;
}

/** What was found in this process: a commit never changes, nor does what the ledger here begins with. */
const checked = new WeakMap<
  TrailContext,
  { readonly tip: string; readonly epoch: number; readonly result: BranchCheck }
>();

function checkCommits(context: TrailContext, { commits, isShallow }: LedgerHistory): BranchCheck {
  const findings: Finding[] = [];
  const add = (found: Finding | null): void => {
    if (found !== null) findings.push(found);
  };
  const roots = context.store.rootsAt(
    commits.map(({ checkpoint }) => parseCheckpoint(checkpoint ?? '')?.size ?? 0),
  );
  let before: LedgerCommit | null = null;
  let size = 0;
  for (const commit of commits) {
    add(shapeProblem(commit, before));
    const point = parseCheckpoint(commit.checkpoint ?? '');
    before = commit;
    if (point === undefined) {
      add(rewritten(commit, 'has no checkpoint that can be read', null, commit.checkpoint));
      continue;
    }
    const isOurs = point.id === context.store.ledger;
    const root = roots.get(point.size) ?? null;
    if (!isOurs || root !== point.root)
      add(rewritten(commit, `holds other events than the ledger here`, root, point.root));
    else if (point.size < size)
      add(
        rewritten(
          commit,
          'holds less than the commit before it',
          `${size} or more`,
          `${point.size}`,
        ),
      );
    size = Math.max(size, point.size);
  }
  if (isShallow && commits[0]?.parents.length === 0 && size > 0) add(shallow());
  return { commits: commits.length, findings };
}

/** Not in a line behind the commit before it. */
function shapeProblem(commit: LedgerCommit, before: LedgerCommit | null): Finding | null {
  const expected = before === null ? [] : [before.commit];
  const isLine = commit.parents.length === expected.length && commit.parents[0] === expected[0];
  if (isLine) return null;
  return rewritten(
    commit,
    'does not continue the branch in one line',
    expected.join(' ') || 'no parent',
    commit.parents.join(' ') || 'no parent',
  );
}

function rewritten(
  { commit }: LedgerCommit,
  what: string,
  expected: string | null,
  found: string | null,
): Finding {
  return {
    code: 'branch.rewritten',
    severity: 'error',
    seq: null,
    event: null,
    message: `Commit ${commit.slice(0, 12)} of the ledger branch ${what}.`,
    expected,
    found: found === null ? null : found.slice(0, 200),
    remedy:
      'Somebody pushed it without this program. Compare the checkpoints of other clones (prompt-audit checkpoint) and keep this branch as evidence.',
  };
}

function shallow(): Finding {
  return {
    code: 'branch.shallow',
    severity: 'info',
    seq: null,
    event: null,
    message: 'This clone is shallow: older commits of the ledger branch are not here to compare.',
    expected: null,
    found: null,
    remedy: 'To check them too, run: git fetch --unshallow',
  };
}
