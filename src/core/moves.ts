import type { EventOf } from './event.js';
import type { PromptId } from './ids.js';
import type { LedgerState, Placed, PromptRecord } from './state.js';

type Move = Placed<EventOf<'prompt.moved'>>;

interface Moves {
  size: number;
  readonly byPrompt: Map<PromptId, Move[]>;
}

const knownMoves = new WeakMap<LedgerState, Moves>();

/** Where a prompt was moved, in the agreed order. */
export function movesOf(state: LedgerState, prompt: PromptRecord): readonly Move[] {
  let known = knownMoves.get(state);
  if (known === undefined) {
    known = { size: 0, byPrompt: new Map() };
    knownMoves.set(state, known);
    for (const seq of state.seqsOfType('prompt.moved')) addMove(state, known, seq);
    known.size = state.size;
  }
  for (; known.size < state.size; known.size++)
    if (state.typeAt(known.size + 1) === 'prompt.moved') addMove(state, known, known.size + 1);
  return known.byPrompt.get(prompt.id) ?? [];
}

function addMove(state: LedgerState, { byPrompt }: Moves, seq: number): void {
  const event = state.event(seq);
  const id = state.promptOfEvent(seq);
  if (!event.known || event.type !== 'prompt.moved' || id === undefined) return;
  const moves = byPrompt.get(id);
  if (moves === undefined) byPrompt.set(id, [{ seq, event }]);
  else moves.push({ seq, event });
}
