import { isDigest, type Digest } from '../core/ids.js';
import { authorisedRedactions, type RedactionTarget } from '../core/redaction.js';
import type { LedgerMemory } from './memory.js';

/** Targets of authorised redactions whose bytes are still in the ledger that was read. */
export function heldRedactions(memory: LedgerMemory): readonly RedactionTarget[] {
  return [...authorisedRedactions(memory.state).keys()].filter((target) => holds(memory, target));
}

/** Whether a text was redacted, so that it is never stored again. */
export const isRedacted = (memory: LedgerMemory | null, digest: Digest): boolean =>
  memory !== null && authorisedRedactions(memory.state).has(digest);

function holds(memory: LedgerMemory, target: RedactionTarget): boolean {
  if (isDigest(target)) return memory.hasContent(target);
  const seq = memory.seqOf(target);
  return seq !== undefined && memory.state.event(seq).bodyText !== null;
}
