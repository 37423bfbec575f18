import type { ImportTotals } from '../core/event.js';
import type { PersonId } from '../core/ids.js';
import type { LedgerState } from '../core/state.js';
import { commitRefs } from '../git/historyTips.js';
import { historyShape } from '../git/historyWalk.js';
import type { LedgerTransaction } from '../ledger/transaction.js';
import type { TrailContext } from './context.js';
import { markedTips, type MarkMode } from './historyMarks.js';
import { noTotals } from './importRecord.js';
import { ledgerBranch } from './ledgerBranch.js';

/** A list in an event may have so many. */
const tipsAtOnce = 1024;
const maxScope = 1000;

/** Appends up to which commits the history counts as gone through, in as many events as the tips need. */
export function appendTips(
  tx: LedgerTransaction,
  who: PersonId,
  mark: { mode: MarkMode; scope: string; tips: readonly string[]; totals: ImportTotals },
): void {
  const { mode, tips } = mark;
  const scope = mark.scope.slice(0, maxScope);
  for (let at = 0; at === 0 || at < tips.length; at += tipsAtOnce) {
    // Control totals are given once.
    const totals = at === 0 ? { ...mark.totals } : noTotals;
    const body = { scope, mode, tips: tips.slice(at, at + tipsAtOnce), totals };
    tx.append({ type: 'history.imported', who, refs: {}, body, identity: 'git' });
  }
}

/**
 * Notes where a new trail starts: what is before these commits is known to be not in it. One that starts before the
 * first commit names none.
 */
export async function recordStart(context: TrailContext, who: PersonId): Promise<void> {
  const { git } = context.site;
  if (git === null) return;
  const refs = await commitRefs(git.root, ledgerBranch);
  const tips = [...new Set(refs.map(({ commit }) => commit))];
  const { heads, ids } = await historyShape(git.root, { tips });
  const totals = { ...noTotals, commits: ids.size };
  const scope = 'history before the trail';
  await context.transact((tx) =>
    appendTips(tx, who, { mode: 'start', scope, tips: heads, totals }),
  );
}

/** Whether an import went through all these commits and what is before them. */
export async function areImported(
  root: string,
  state: LedgerState,
  tips: readonly string[],
): Promise<boolean> {
  const known = new Set(markedTips(state, 'import'));
  if (tips.every((tip) => known.has(tip))) return true;
  if (known.size === 0) return false;
  return (await historyShape(root, { tips, without: [...known] })).ids.size === 0;
}
