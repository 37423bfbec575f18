import { createHash } from 'node:crypto';
import { gateReasonText } from '../core/gateReasons.js';
import type { GateRow } from '../core/gateRows.js';
import type { GateReport } from '../trail/gateApi.js';
import { printable } from './printable.js';

/** What GitLab shows in a merge request, as its report "Code Quality" has it: everything that does not pass. */
export function codeQuality({ rows }: GateReport): readonly object[] {
  return rows
    .filter(({ verdict, change }) => verdict !== 'allow' || change === 'policy')
    .map((row) => ({
      description: descriptionOf(row),
      check_name: `prompt-audit/${row.reasons[0]?.code ?? row.verdict}`,
      fingerprint: fingerprintOf(row),
      severity:
        row.verdict === 'deny' ? 'blocker' : row.verdict === 'unknown' ? 'critical' : 'info',
      location: { path: row.path, lines: { begin: 1 } },
    }));
}

function descriptionOf({ path, reasons }: GateRow): string {
  return printable(`${path}: ${reasons.map(({ code }) => gateReasonText(code)).join('; ')}`);
}

/** The same as long as the same is wrong with the same text. */
function fingerprintOf({ path, digest, reasons }: GateRow): string {
  const what = [path, digest, ...reasons.map(({ code }) => code)];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
}
