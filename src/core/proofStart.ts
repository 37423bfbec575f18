import { looksLikeConsistencyProof, parseConsistencyProof } from './consistencyProof.js';
import type { LedgerId } from './ids.js';
import { readCheckpoint } from './signedCheckpoint.js';

/** Where a consistency proof begins: the checker has to have this checkpoint from elsewhere. */
export interface ProofStart {
  readonly ledger: LedgerId;
  /** Events of the older checkpoint. */
  readonly size: number;
}

/** The beginning of a consistency proof; null for any other text, and where it cannot be read. */
export function proofStart(text: string): ProofStart | null {
  const proof = looksLikeConsistencyProof(text) ? parseConsistencyProof(text) : null;
  if (proof === null || typeof proof === 'string') return null;
  const newer = readCheckpoint(proof.checkpoint);
  return typeof newer === 'string' ? null : { ledger: newer.point.id, size: proof.oldSize };
}
