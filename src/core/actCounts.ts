import type { EventId } from './ids.js';
import { isSigned } from './signatures.js';
import { everything, type LedgerState, type VersionRecord } from './state.js';

/** Facts about decisions and deployments, which is what people sign; see Verdicts in rows.ts. */
export interface ActCounts {
  readonly acts: number;
  readonly signed: number;
  readonly oneClone: number;
}

/** Counts the acts of a ledger, and those that their person signed or that one clone made alone. */
export function actCounts(state: LedgerState): ActCounts {
  let signed = 0;
  for (const event of state.signatures.keys()) if (isSignedAct(state, event)) signed++;
  return {
    acts: state.decisions.size + state.deployments.size,
    signed,
    oneClone: approvalsOfOneClone(state),
  };
}

function isSignedAct(state: LedgerState, event: EventId): boolean {
  const isAct = state.decisions.has(event) || state.deployments.has(event);
  return isAct && isSigned(state, event, everything);
}

interface Counted {
  /** Events that the count covers. */
  readonly size: number;
  readonly count: number;
}

const counted = new WeakMap<LedgerState, Counted>();

/**
 * How many approvals came from a clone that had recorded or proposed their bytes before. Each of them looks
 * back only, so what was counted of the first events stays right however many follow.
 */
function approvalsOfOneClone(state: LedgerState): number {
  const known = counted.get(state);
  let count = known?.count ?? 0;
  if (known === undefined) {
    for (const version of state.versions.values())
      for (const decision of version.decisions) if (isOfOneClone(state, version, decision)) count++;
  } else {
    for (let seq = known.size + 1; seq <= state.size; seq++) {
      const version = state.decisions.get(state.idAt(seq));
      const decision = version?.decisions.findLast((one) => one.seq === seq);
      if (version && decision && isOfOneClone(state, version, decision)) count++;
    }
  }
  counted.set(state, { size: state.size, count });
  return count;
}

/** Whether a decision approves bytes that its own clone had recorded or proposed. */
function isOfOneClone(
  state: LedgerState,
  version: VersionRecord,
  { seq, event: { header } }: VersionRecord['decisions'][number],
): boolean {
  if (header.refs.decision !== 'approved') return false;
  const bytes = state.withBytes(version.event.header.refs.digest);
  return bytes.some((one) => one.seq < seq && one.writer === header.writer);
}
