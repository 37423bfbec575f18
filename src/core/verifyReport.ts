import { reported } from './findingReviews.js';
import type { Finding, VerdictOutcome, VerifyReport } from './rows.js';

/** The verdicts on a ledger that could not even be opened, because of `found`. */
export function unreadableReport(found: Finding): VerifyReport {
  const finding = reported(found, new Map());
  const unknown: VerdictOutcome = 'unknown';
  return {
    ledger: null,
    mode: 'full',
    checked: 0,
    checkedNow: 0,
    since: null,
    verdicts: {
      structure: { outcome: 'broken', events: 0, volumes: 0 },
      completeness: { outcome: unknown, commits: null, seen: null, pinned: null },
      authenticity: { outcome: unknown, acts: 0, signed: 0, notCounting: 0, oneClone: 0 },
      order: { outcome: unknown, roots: 0, writers: 0 },
    },
    findings: [finding],
    intact: false,
    brokenAt: null,
  };
}
