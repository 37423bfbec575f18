import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPromptAuditError } from '../../src/core/errors.js';
import { outcomeOf, verdictOfCode } from '../../src/core/findingKinds.js';
import { isDigest } from '../../src/core/ids.js';
import type { RedactionTarget } from '../../src/core/redaction.js';
import { redactionFindings } from '../../src/core/redactionCheck.js';
import type { Finding, VerdictOutcome } from '../../src/core/rows.js';
import { signatureFindings } from '../../src/core/signatureCheck.js';
import { readBytes } from '../../src/ledger/fileOnDisk.js';
import type { LedgerMemory } from '../../src/ledger/memory.js';
import { heldRedactions } from '../../src/ledger/redactedBytes.js';
import { storeContext, type StoreOptions } from '../../src/ledger/storeOptions.js';
import { verifyLedger } from '../../src/ledger/verify.js';
import { verifyVolumes } from '../../src/ledger/verifyVolumes.js';
import { volumePath } from '../../src/ledger/volumes.js';

/** What both verifiers have to agree on. */
export interface Answer {
  /** Size and root; null where the ledger cannot be read as a whole. */
  readonly point: string | null;
  readonly structure: VerdictOutcome;
  readonly completeness: VerdictOutcome;
  readonly authenticity: VerdictOutcome;
  /** `code seq` of each error, sorted. */
  readonly errors: readonly string[];
  /** Codes of the warnings, sorted. */
  readonly warnings: readonly string[];
}

interface Said extends Pick<Finding, 'code' | 'severity' | 'seq'> {
  readonly verdict?: string;
}

/** The answer of findings, and of the verdicts that follow from them. */
export function answerOf(point: string | null, findings: readonly Said[]): Answer {
  const outcome = (verdict: string): VerdictOutcome =>
    outcomeOf(
      findings
        .filter(({ code }) => verdictOfCode(code) === verdict)
        .map(({ severity }) => ({ severity, reviewed: null })),
    );
  const list = (severity: string): string[] => [
    ...new Set(
      findings
        .filter((f) => f.severity === severity)
        .map(({ code, seq }) => `${code} ${seq ?? '-'}`),
    ),
  ];
  const errors = list('error').sort();
  return {
    point: errors.length > 0 ? null : point,
    structure: outcome('structure'),
    completeness: outcome('completeness'),
    authenticity: errors.length > 0 ? 'unknown' : outcome('authenticity'),
    errors,
    warnings: list('warning').sort(),
  };
}

/** What this project's verifier says of a ledger file and the volumes beside it, without a clone around them. */
export async function ourAnswer(file: string): Promise<Answer> {
  const context = storeContext(placeOf(file, ''));
  const set = {
    open: readFileSync(file),
    volume: (n: number) => readBytes(volumePath(file, n)),
    isOnDisk: true,
  };
  try {
    const { findings, memory } = await verifyVolumes(context, set, { check: signatureFindings });
    const held = memory === null ? [] : heldRedactions(memory).map((one) => present(memory, one));
    const more = memory === null ? [] : redactionFindings(memory.state);
    const point = memory && `${memory.ledger} ${memory.size} ${memory.root}`;
    return answerOf(point, [...findings, ...held, ...more]);
  } catch (error) {
    if (!isPromptAuditError(error)) throw error;
    return answerOf(null, [{ code: error.code, severity: 'error', seq: null }]);
  }
}

/** Whether the verification of a whole clone, as `prompt-audit verify` does it, finds an error. */
export async function isBroken(file: string): Promise<boolean> {
  const privateDir = mkdtempSync(join(tmpdir(), 'agreement-'));
  try {
    return !(await verifyLedger(placeOf(file, privateDir))).intact;
  } catch (error) {
    if (isPromptAuditError(error)) return true;
    throw error;
  } finally {
    rmSync(privateDir, { recursive: true, force: true });
  }
}

const placeOf = (file: string, privateDir: string): StoreOptions => ({
  file,
  privateDir,
  trimAfterFold: false,
  readRef: () => Promise.resolve(null),
  tool: 'agreement',
});

function present(memory: LedgerMemory, target: RedactionTarget): Said {
  const seq = isDigest(target) ? null : (memory.seqOf(target) ?? null);
  return { code: 'redaction.present', severity: 'error', seq };
}
