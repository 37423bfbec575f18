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
  for (const event of state.signatures.keys()) {
    const isAct = state.decisions.has(event) || state.deployments.has(event);
    if (isAct && isSigned(state, event, everything)) signed++;
  }
  let oneClone = 0;
  for (const version of state.versions.values()) oneClone += ownApprovals(state, version);
  return { acts: state.decisions.size + state.deployments.size, signed, oneClone };
}

/** How many approvals of a version came from a clone that had recorded or proposed its bytes. */
function ownApprovals(state: LedgerState, version: VersionRecord): number {
  const approvals = version.decisions.filter((d) => d.event.header.refs.decision === 'approved');
  if (approvals.length === 0) return 0;
  const bytes = state.withBytes(version.event.header.refs.digest);
  return approvals.filter(({ seq, event }) =>
    bytes.some((one) => one.seq < seq && one.writer === event.header.writer),
  ).length;
}
