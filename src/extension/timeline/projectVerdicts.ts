import type { ReportedFinding, VerdictName, Verdicts, VerifyReport } from '../../core/rows.js';
import type { ShownOutcome, TimelineFinding, Verification } from '../../webview/protocol.js';
import { openWarnings } from '../status/openFindings.js';
import { line, lineOrNull } from './lines.js';

const mostFindings = 200;

/** One sentence for each verdict: what it rests on. */
export type VerdictBasis = Readonly<Record<VerdictName, string>>;

/** The verdicts for the badge and the panel, with the first findings. */
export function toVerification(
  report: VerifyReport | null,
  basis: VerdictBasis | null,
): Verification {
  if (report === null || basis === null) {
    return { state: 'unknown' };
  }
  const { verdicts, findings } = report;
  const names = Object.keys(verdicts) as VerdictName[];
  return {
    state: report.intact ? 'intact' : 'broken',
    size: report.ledger?.size ?? report.checked,
    checkedNow: report.checkedNow,
    since: report.since,
    verdicts: names.map((name) => {
      const { warnings, reviewed } = verdicts[name];
      return { name, outcome: shown(verdicts, name), warnings, reviewed, basis: basis[name] };
    }),
    warnings: openWarnings(findings),
    brokenAt: report.brokenAt,
    findingCount: findings.length + (report.omitted ?? 0),
    findings: findings.slice(0, mostFindings).map(toFinding),
  };
}

function shown(verdicts: Verdicts, name: VerdictName): ShownOutcome {
  const { outcome } = verdicts[name];
  const { acts, signed } = verdicts.authenticity;
  if (name !== 'authenticity' || outcome !== 'holds' || (acts > 0 && signed === acts)) {
    return outcome;
  }
  return signed === 0 ? 'unsigned' : 'partly';
}

function toFinding(finding: ReportedFinding): TimelineFinding {
  const { reviewed } = finding;
  return {
    key: finding.key,
    verdict: finding.verdict,
    severity: finding.severity,
    seq: finding.seq,
    event: finding.event,
    message: line(finding.message),
    expected: lineOrNull(finding.expected),
    found: lineOrNull(finding.found),
    remedy: line(finding.remedy),
    reviewed: reviewed && {
      by: line(reviewed.by.name),
      at: line(reviewed.at),
      disposition: line(reviewed.disposition),
      earlier: finding.earlier.length,
      notCounting: finding.settled ? null : reviewed.notCounting,
    },
    settled: finding.settled,
  };
}
