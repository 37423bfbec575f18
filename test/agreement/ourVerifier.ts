import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPromptAuditError } from '../../src/core/errors.js';
import { outcomeOf, verdictOfCode } from '../../src/core/findingKinds.js';
import { redactionFindings } from '../../src/core/redactionCheck.js';
import type { Finding, VerdictName, VerdictOutcome } from '../../src/core/rows.js';
import { signatureFindings } from '../../src/core/signatureCheck.js';
import type { LedgerState } from '../../src/core/state.js';
import type { StoreOptions } from '../../src/ledger/storeOptions.js';
import { verifyLedger } from '../../src/ledger/verify.js';

export const verdictNames = ['structure', 'completeness', 'authenticity', 'order'] as const;

/** What both verifiers have to agree on. */
export interface Answer extends Readonly<Record<VerdictName, VerdictOutcome>> {
  /** Size and root; null where the ledger cannot be read as a whole, or something is broken. */
  readonly point: string | null;
  /** `code seq` of each error, sorted. */
  readonly errors: readonly string[];
  /** Codes of the warnings, sorted. */
  readonly warnings: readonly string[];
}

type Said = Pick<Finding, 'code' | 'severity' | 'seq'>;

/** The parts of an answer that are nothing but its findings, whoever found them. */
export function findingsOf(
  point: string | null,
  findings: readonly Said[],
): Pick<Answer, 'point' | 'errors' | 'warnings'> {
  const list = (severity: string): string[] => [
    ...new Set(
      findings
        .filter((f) => f.severity === severity)
        .map(({ code, seq }) => `${code} ${seq ?? '-'}`),
    ),
  ];
  const errors = list('error').sort();
  return { point: errors.length > 0 ? null : point, errors, warnings: list('warning').sort() };
}

/** What this project says of a ledger file and the volumes beside it, in a clone that has nothing else. */
export async function ourAnswer(file: string): Promise<Answer> {
  const privateDir = mkdtempSync(join(tmpdir(), 'agreement-'));
  let last: LedgerState | undefined;
  try {
    const { ledger, isWhole, findings } = await verifyLedger(placeOf(file, privateDir), {
      check: (state, event, seq) => {
        last = state;
        return signatureFindings(state, event, seq);
      },
    });
    const more = isWhole && last ? redactionFindings(last) : [];
    const point = isWhole && ledger ? `${ledger.id} ${ledger.size} ${ledger.root}` : null;
    return answerOf(point, isWhole, [...findings, ...more]);
  } catch (error) {
    if (!isPromptAuditError(error)) throw error;
    return answerOf(null, false, [{ code: error.code, severity: 'error', seq: null }]);
  } finally {
    rmSync(privateDir, { recursive: true, force: true });
  }
}

function answerOf(point: string | null, isWhole: boolean, findings: readonly Said[]): Answer {
  const outcome = (verdict: VerdictName): VerdictOutcome =>
    outcomeOf(
      findings
        .filter(({ code }) => verdictOfCode(code) === verdict)
        .map(({ severity }) => ({ severity, reviewed: null })),
      isWhole,
    );
  return {
    ...findingsOf(point, findings),
    structure: outcome('structure'),
    completeness: outcome('completeness'),
    authenticity: outcome('authenticity'),
    order: outcome('order'),
  };
}

const placeOf = (file: string, privateDir: string): StoreOptions => ({
  file,
  privateDir,
  trimAfterFold: false,
  readRef: () => Promise.resolve(null),
  tool: 'agreement',
});
