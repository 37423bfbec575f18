import type { ProofSignature } from './proofReport.js';
import type { SignatureStatus } from './rows.js';

const words: Readonly<Record<SignatureStatus, string>> = {
  good: 'is good',
  bad: 'is not over this event, or was made for something else',
  'unknown-key': 'is by a key that no line of the allowed signers has',
  'other-person': "is by another person's key",
  'not-valid-then': 'is by a key that was not valid at the time of the event',
  'wrong-namespace': 'is by a key that is allowed for something else',
  unsupported: 'is by a key or of a kind that does not count',
  unreadable: 'cannot be read',
};

/** A sentence about one signature without its end. */
export function signatureText({ status, fingerprint: key }: ProofSignature): string {
  return `${key === null ? 'A signature' : `The signature of the key ${key}`} ${words[status]}`;
}
