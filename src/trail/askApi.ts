import type { QuestionAnswer, QuestionParams } from '../core/questions/question.js';
import type { LedgerPoint } from '../core/rows.js';

export interface AskInput {
  /** Of the catalogue: src/core/questions/catalogue.ts. */
  readonly kind: string;
  readonly params: QuestionParams;
  /**
   * Only what was recorded then: ISO 8601 UTC (by the recorders' clocks, and nothing whose parents came later), or the
   * number of events of a checkpoint. Default: everything.
   */
  readonly asKnownAt?: string | number;
}

export interface Asked {
  /** The point that the answer stands on: with `asKnownAt` of those events only. */
  readonly ledger: LedgerPoint;
  readonly answer: QuestionAnswer;
}

/** What an investigator asks. Part of Trail. */
export interface Questions {
  /**
   * Answers a question of the catalogue. Throws `usage`, `prompt.unknown`, `environment.unknown`, `person.unknown`,
   * `event.unknown`, `version.unknown`, `version.ambiguous`.
   */
  ask(input: AskInput): Promise<Asked>;
}
