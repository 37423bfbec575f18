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
  authenticity: ['signature.notCounting'],
  order: [
    'clock.backwards',
    'clock.future',
    'deployment.unproven',
    'deployment.unreplayable',
    'order.concurrent',
    'parents.understated',
    'redaction.unauthorised',
    'reference.wrong',
    'root.extra',
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

/** Names a finding for a review: 16 hex digits, the same as long as nothing about it changes. */
export function findingKey({ code, event, seq, expected, found, message }: Finding): string {
  // The words of a message may change; where no event is named they are all that tells findings apart.
  const about = event === null ? [seq, message] : [event];
  const text = JSON.stringify([code, ...about, expected, found]);
  return sha256(text).toString('hex').slice(0, 16);
}

/** What the findings about one verdict come to; an error stays one, whoever reviewed it. */
export function outcomeOf(
  findings: readonly { readonly severity: Severity; readonly reviewed: unknown }[],
): VerdictOutcome {
  if (findings.some(({ severity }) => severity === 'error')) return 'broken';
  const open = findings.some((f) => f.severity === 'warning' && f.reviewed === null);
  return open ? 'doubtful' : 'holds';
}
