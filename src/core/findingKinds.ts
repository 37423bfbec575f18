import { sha256 } from './hash.js';
import type { Finding, Severity, VerdictName, VerdictOutcome } from './rows.js';

/** Codes by the verdict that they speak about; all others speak about the structure (docs/LEDGER.md, "Findings"). */
const kinds: Readonly<Record<Exclude<VerdictName, 'structure'>, readonly string[]>> = {
  completeness: [
    'body.missing',
    'branch.rewritten',
    'branch.shallow',
    'checkpoint.unmet',
    'clone.damaged',
    'content.missing',
    'event.missing',
    'file.missing',
    'file.replaced',
    'file.setAside',
    'journal.damaged',
    'journal.setAside',
    'ledger.damaged',
    'ledger.foreign',
    'redaction.present',
    'ref.behind',
    'signature.missing',
    'volume.missing',
  ],
  authenticity: ['policy.neverProtected', 'policy.protectedUnknown', 'signature.notCounting'],
  order: [
    'clock.backwards',
    'clock.future',
    'deployment.imported',
    'deployment.unproven',
    'deployment.unreplayable',
    'order.concurrent',
    'parents.understated',
    'redaction.unauthorised',
    'reference.wrong',
    'root.extra',
    'version.parts',
  ],
};

const verdictByCode = new Map(
  Object.entries(kinds).flatMap(([verdict, codes]) =>
    codes.map((code) => [code, verdict as VerdictName] as const),
  ),
);

/** The verdict that a finding with this code speaks about. */
export function verdictOfCode(code: string): VerdictName {
  return verdictByCode.get(code) ?? (code.startsWith('sync.') ? 'completeness' : 'structure');
}

/** Names a finding for a review: 16 hex digits, the same as long as nothing about it changes (docs/LEDGER.md). */
export function findingKey({ code, event, seq, expected, found, message }: Finding): string {
  // The words of a message may change; where no event is named they are all that tells findings apart.
  const about = event === null ? [seq, message] : [event];
  // What was expected there is the verifier's own clock, which says something else at every look.
  const wanted = code === 'clock.future' ? null : expected;
  const text = JSON.stringify([code, ...about, wanted, found]);
  return sha256(text).toString('hex').slice(0, 16);
}

/**
 * What the findings about one verdict come to, whoever reviewed them. `isWhole`: the ledger could be read from
 * its first event to its last. Where not, what nothing speaks against was not checked.
 */
export function outcomeOf(
  findings: readonly { readonly severity: Severity }[],
  isWhole: boolean,
): VerdictOutcome {
  if (findings.some(({ severity }) => severity === 'error')) return 'broken';
  if (!isWhole) return 'unknown';
  return findings.some(({ severity }) => severity === 'warning') ? 'doubtful' : 'holds';
}
