import type { PlannedFact } from '../core/historyPlan.js';
import type { LedgerState } from '../core/state.js';
import { historyShape } from '../git/historyWalk.js';
import { ActsByHand } from './actsByHand.js';
import { markedTips } from './historyMarks.js';

/**
 * Tells which facts of a history people recorded by hand before they committed them. Commits that were there when the
 * trail began came before every act.
 */
export async function actsByHandIn(
  root: string,
  state: LedgerState,
  tips: readonly string[],
): Promise<(fact: PlannedFact) => boolean> {
  const acts = new ActsByHand(state);
  const { ids } = await historyShape(root, { tips, without: markedTips(state, 'start') });
  return (fact) => ids.has(fact.commit) && acts.cover(fact);
}
