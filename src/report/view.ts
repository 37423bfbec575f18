import type { LedgerPoint } from '../core/rows.js';
import type { View } from '../core/versionRows.js';

/** What evidence is read from: the facts up to one point of the ledger. */
export interface EvidenceView extends View {
  readonly point: LedgerPoint;
  /** ISO 8601 UTC: the moment that rows call now. */
  readonly at: string;
  /** ISO 8601 UTC: when the evidence is made. */
  readonly generatedAt: string;
  /** Whether there is a ledger remote, so that synced events are with another custodian. */
  readonly hasRemote: boolean;
}
