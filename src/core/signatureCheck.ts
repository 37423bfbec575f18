import type { LedgerEvent } from './event.js';
import type { Finding, SignatureStatus } from './rows.js';
import { signatureRowAt } from './signatures.js';
import type { LedgerState } from './state.js';

const problems: Readonly<Record<Exclude<SignatureStatus, 'good'>, string>> = {
  bad: 'was not made by its key over this event',
  'unknown-key': 'is by a key that the allowed_signers adopted then do not have',
  'other-person': "is by a key that is not its person's",
  'not-valid-then': 'is by a key that was not valid at that time',
  'wrong-namespace': 'is by a key that may not sign for the namespace "prompt-audit"',
  unsupported: 'is of a kind that does not count (a certificate, or an unknown or weak key)',
  unreadable: 'cannot be read',
};

/** Says of a `signature.attached` event whose signature does not count why not. A warning: nothing else depends on it. */
export function signatureFindings(
  state: LedgerState,
  event: LedgerEvent,
  seq: number,
): readonly Finding[] {
  if (!event.known || event.type !== 'signature.attached') return [];
  const { refs } = event.header;
  const row = signatureRowAt(state, event, seq);
  if (row?.status === 'good') return [];
  const status = row?.status ?? 'unreadable';
  const signed = state.seqOf(refs.event);
  return [
    {
      code: 'signature.notCounting',
      severity: 'warning',
      seq,
      event: event.id,
      message: `The signature on event ${signed ?? '(unknown)'} ${problems[status]}.`,
      expected: 'a good signature by a key of the person who acted',
      found: [status, row?.keyType, row?.fingerprint].filter((part) => part).join(' '),
      remedy:
        'It does not count, and changes nothing else. Sign again with: prompt-audit sign. New keys belong into .prompt-audit/allowed_signers on the protected branch.',
    },
  ];
}
