import type { LedgerState } from '../state.js';
import type { QuestionAnswer, QuestionParams } from './question.js';

/** What a question is asked of. */
export interface Ground {
  readonly state: LedgerState;
  /** Events up to this seq cannot move any more. */
  readonly syncedSize: number;
  /** Now, or when the ledger was as it is asked about; ISO 8601 UTC. */
  readonly now: string;
  /** Names of environments that nothing adopted yet, which the policy of the work tree has. */
  readonly environments?: readonly string[];
}

/** Answers one question. Throws PromptAuditError for what its parameters name and nobody has. */
export type Answering = (ground: Ground, params: QuestionParams) => QuestionAnswer;

export const periodCaveat =
  "The period is by the recorders' own clocks, which are claims; the rows stand in the agreed order.";

/** The caveat of answers that were limited by time; none where they were not. */
export function periodCaveats({ from, to }: QuestionParams): readonly string[] {
  return from === undefined && to === undefined ? [] : [periodCaveat];
}

/** Whether a claimed time is in the asked period. */
export function isInPeriod(at: string, { from, to }: QuestionParams): boolean {
  return (from === undefined || at >= from) && (to === undefined || at < to);
}

/** Milliseconds from one claimed time to a later one; negative where the clocks say otherwise. */
export function between(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}
