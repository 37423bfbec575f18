import type { Explanation } from '../core/explainRows.js';
import type { EventId } from '../core/ids.js';
import type { TrailContext } from './context.js';
import { explanationOf } from '../core/explain.js';

/** See Trail. */
export function explain({ state, finalSize }: TrailContext, event: EventId): Explanation | null {
  const seq = state.seqOf(event);
  return seq === undefined ? null : explanationOf(state, finalSize, seq);
}
