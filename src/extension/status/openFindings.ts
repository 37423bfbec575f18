import type { ReportedFinding } from '../../core/rows.js';

/** Findings that ask for somebody's look: what is no remark, and what has no review that counts. */
export function openFindings(findings: readonly ReportedFinding[]): readonly ReportedFinding[] {
  return findings.filter(({ severity, settled }) => !settled && severity !== 'info');
}

/** How many warnings count. An error is none, whoever reviewed it. */
export function openWarnings(findings: readonly ReportedFinding[]): number {
  return openFindings(findings).filter(({ severity }) => severity === 'warning').length;
}
