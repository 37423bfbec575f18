import { factText } from './reasons.js';
import type { LedgerState } from './state.js';
import type { Trace } from './trace.js';
import type { Verdict } from './verdicts.js';

/** A ledger up to now. */
export interface Ledger {
  readonly state: LedgerState;
  readonly syncedSize: number;
}

export interface Part {
  /** Stands before the names of rules; null where there is one part only. */
  readonly label: string | null;
  readonly trace: Trace;
}

export interface Judged {
  readonly verdict: Verdict;
  readonly text: string;
  /** What is asked of it, where its answer is gone: `Whether the deployment of …`. */
  readonly what: string;
  readonly parts: readonly Part[];
  /** Whether all facts of today were looked at: of a version, which nobody allowed or refused. */
  readonly isNow: boolean;
}

export const whyText = ({ reasons }: Pick<Verdict, 'reasons'>): string =>
  [...new Set(reasons.map(({ code }) => factText(code)))].join('; ');
