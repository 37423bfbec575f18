import type { EventShapes, ImportTotals } from '../core/event.js';
import type { PersonId } from '../core/ids.js';
import type { LedgerState } from '../core/state.js';
import { commitRefs } from '../git/historyTips.js';
import { historyShape } from '../git/historyWalk.js';
import type { LedgerTransaction } from '../ledger/transaction.js';
import type { TrailContext } from './context.js';
import { noTotals } from './importRecord.js';
import { ledgerBranch } from './sync.js';

/** A list in an event may have so many. */
const tipsAtOnce = 1024;
const maxScope = 1000;

type Mode = NonNullable<EventShapes['history.imported']['body']['mode']>;

/** Appends up to which commits the history counts as gone through, in as many events as the tips need. */
export function appendTips(
  tx: LedgerTransaction,
  who: PersonId,
  mark: { mode: Mode; scope: string; tips: readonly string[]; totals: ImportTotals },
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

/** Commits up to which an import has gone through the history, by the events of the ledger. */
export function importedTips(state: LedgerState): readonly string[] {
  const tips = new Set<string>();
  for (const seq of state.seqsOfType('history.imported')) {
    const event = state.event(seq);
    if (!event.known || event.type !== 'history.imported' || event.body?.mode !== 'import')
      continue;
    for (const tip of event.body.tips ?? []) tips.add(tip);
  }
  return [...tips];
}

/** Whether an import went through all these commits and what is before them. */
export async function areImported(
  root: string,
  state: LedgerState,
  tips: readonly string[],
): Promise<boolean> {
  const without = importedTips(state);
  const known = new Set(without);
  if (tips.every((tip) => known.has(tip))) return true;
  return without.length > 0 && (await historyShape(root, { tips, without })).ids.size === 0;
}
