import type { GateRow } from '../core/gateRows.js';
import type { Digest } from '../core/ids.js';
import type { LedgerPoint } from '../core/rows.js';

/** A range of commits, or everything that an environment would run; one of `base` and `env` at least. */
export interface GateInput {
  /** Judge what changed since this commit, branch or tag; its branch as the remote has it now. */
  readonly base?: string;
  /** Default: HEAD. */
  readonly head?: string;
  /** A commit that `head` must hold: a host makes its merge commit some time after a push. */
  readonly contains?: string;
  /** With a base: its rules count besides the general ones. */
  readonly env?: string;
  /** Globs of paths; only these prompts are judged. */
  readonly prompts?: readonly string[];
  /** False: nothing is fetched; what was fetched last counts. Default: true. */
  readonly fetch?: boolean;
  /** Checkpoints that the ledger has to extend. */
  readonly extend?: readonly LedgerPoint[];
}

/** Numbers of what was gone through. */
export interface GateTotals {
  /** Files that the range changes; without a range all files of the commit. */
  readonly files: number;
  /** Prompts that were judged. */
  readonly prompts: number;
  /** Prompts that the globs left out. */
  readonly leftOut: number;
  /** Deployments that are active in the environment. */
  readonly active: number;
}

export interface GateReport {
  readonly ledger: LedgerPoint;
  /** Where the ledger and the policy were taken from; null: from this repository, which others push to. */
  readonly remote: string | null;
  /** False: as they were fetched last. */
  readonly fetched: boolean;
  readonly policy: {
    readonly digest: Digest;
    readonly branch: string;
    readonly commit: string;
    /** The ledger has adopted exactly these files. */
    readonly adopted: boolean;
  };
  /** The commit that is judged. */
  readonly head: string;
  /** Null: everything at `head` was judged. `from`: where the change began. */
  readonly range: { readonly base: string; readonly from: readonly string[] } | null;
  readonly rows: readonly GateRow[];
  readonly totals: GateTotals;
  /** What to know before relying on the rows, one sentence each. */
  readonly caveats: readonly string[];
}
