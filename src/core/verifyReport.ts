import { outcomeOf } from './findingKinds.js';
import { noReviews, reported } from './findingReviews.js';
import type { Finding, ReportedFinding, VerdictName, Verdicts, VerifyReport } from './rows.js';

/** What every verdict says, whatever it rests on. `isWhole`: see outcomeOf. */
export function verdictBase(
  findings: readonly ReportedFinding[],
  isWhole: boolean,
): Pick<Verdicts['order'], 'outcome' | 'warnings' | 'reviewed'> {
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  const reviewed = warnings.filter(({ settled }) => settled);
  return {
    outcome: outcomeOf(findings, isWhole),
    warnings: warnings.length,
    reviewed: reviewed.length,
  };
}

/** The verdicts on a ledger that could not even be opened, because of `found`. */
export function unreadableReport(found: Finding): VerifyReport {
  const finding = reported(found, noReviews);
  const base = (name: VerdictName) => verdictBase(finding.verdict === name ? [finding] : [], false);
  return {
    ledger: null,
    mode: 'full',
    checked: 0,
    checkedNow: 0,
    since: null,
    verdicts: {
      structure: { ...base('structure'), events: 0, volumes: 0 },
      completeness: { ...base('completeness'), commits: null, seen: null, pinned: null },
      authenticity: {
        ...base('authenticity'),
        acts: 0,
        signed: 0,
        notCounting: 0,
        oneClone: 0,
      },
      order: { ...base('order'), roots: 0, writers: 0 },
    },
    findings: [finding],
    intact: false,
    brokenAt: null,
  };
}
