import type { LedgerPoint } from '../core/rows.js';
import type { SyncTrouble } from '../core/syncSummary.js';
import type { Watch } from '../core/watch.js';

/** How a sync may log in where git alone cannot: git may ask somebody by these programs of the editor. */
export interface SyncLogin {
  readonly env: Readonly<Record<string, string>>;
  /** Later syncs through this trail may ask so too, unasked for. */
  readonly keep: boolean;
}

export interface SyncInput {
  /** Becomes the ledger remote of this clone. Default: the one that it has, or that git suggests. */
  readonly remote?: string;
  /** Nobody asked for it: waits shorter for the remote, and leaves a host that refuses alone for a while. */
  readonly automatic?: boolean;
  readonly login?: SyncLogin;
  readonly watch?: Watch;
}

export interface SyncReport {
  readonly remote: string;
  readonly sent: number;
  readonly received: number;
  /** Versions whose number changed because others were faster: `path: v3? is now v4`. */
  readonly renumbered: readonly string[];
  readonly point: LedgerPoint;
}

/** The last sync that failed, until one succeeds. */
export interface SyncProblem extends SyncTrouble {
  /** When it was met the last time: the clock of the clone, ISO 8601. */
  readonly at: string;
}
