import { isDigest } from '../core/ids.js';
import { authorisedRedactions, type RedactionTarget } from '../core/redaction.js';
import type { LedgerMemory } from './memory.js';

/** Targets of authorised redactions whose bytes are still in the ledger that was read. */
export function heldRedactions(memory: LedgerMemory): readonly RedactionTarget[] {
  return [...authorisedRedactions(memory.state).keys()].filter((target) => holds(memory, target));
}

function holds(memory: LedgerMemory, target: RedactionTarget): boolean {
  if (isDigest(target)) return memory.hasContent(target);
  const seq = memory.seqOf(target);
  return seq !== undefined && memory.state.event(seq).bodyText !== null;
}
