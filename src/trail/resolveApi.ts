import type { IdentityAssertion } from '../core/event.js';
import type { EventId } from '../core/ids.js';

/** A checkpoint of a ledger branch, as far as it can be read; all null where nothing can. */
export interface BranchPoint {
  readonly ledger: string | null;
  /** Number of events. */
  readonly size: number | null;
  /** Merkle root, 64 hex digits. */
  readonly root: string | null;
  readonly commit: string | null;
}

/** A ledger branch that contradicts what this clone saw: kept in this clone for good. */
export interface Contradiction {
  /** Code of the error or finding. */
  readonly code: string;
  /** The clock of the clone when it was found first, ISO 8601. */
  readonly at: string;
  readonly remote: string;
  /** What is wrong, in one sentence. */
  readonly problem: string;
  /** What this clone saw last; null where it had seen nothing. */
  readonly ours: BranchPoint | null;
  /** What the remote shows; null where it has no such branch. */
  readonly theirs: BranchPoint | null;
  /** The ref that keeps the remote's commit. */
  readonly ref: string | null;
  /** What the branch itself says about it, if anything: a claim. */
  readonly claim?: string;
  /** The events of `theirs` cannot be read: its numbers are only what the branch claims. */
  readonly unchecked?: boolean;
  /** That claim is a decision of a person, as it says, about the history that this clone saw. */
  readonly decided?: boolean;
  /** The remote that has the ledger of this clone, where that is another one: then nothing is to be decided. */
  readonly instead?: string;
  /** What the team decided here. */
  readonly resolved?: 'ours' | 'theirs';
  /** Since when a sync found the branch good again, ISO 8601. */
  readonly over?: string;
  /** What was decided in another clone, where the ledger says so. */
  readonly explained?: Explained;
}

/** A `trail.reviewed` event of `resolve` that explains what a remote showed. */
export interface Explained {
  readonly event: EventId;
  /** A person confirmed or signed it, as the ledger said when it was found. */
  readonly counts: boolean;
}

export interface ResolveInput {
  /** Which side counts: what this clone saw, or what the remote shows. */
  readonly keep: 'ours' | 'theirs';
  /** Stays for ever. May be missing for a dry run. */
  readonly reason?: string;
  readonly identity: IdentityAssertion;
  readonly remote?: string;
  /** Only says what it would do. */
  readonly dryRun?: boolean;
  /** The remote's commit that the decision was made for; null: it had none. Another one is refused. */
  readonly looked?: string | null;
}

export interface ResolveReport {
  readonly keep: 'ours' | 'theirs';
  readonly remote: string;
  readonly dryRun: boolean;
  readonly problem: string;
  readonly ours: BranchPoint | null;
  readonly theirs: BranchPoint | null;
  /** Events of the other side that stand behind those that were kept. */
  readonly added: number;
  /** Events of the other side that contradict them, or build on such; they stay in the evidence. */
  readonly left: number;
  /** Refs that keep the commits of both sides. */
  readonly evidence: readonly string[];
  /** Names of copies of what was here before, in .prompt-audit and the private folder of the clone. */
  readonly copies: readonly string[];
  /** The `trail.reviewed` event; null for a dry run. */
  readonly event: EventId | null;
  /** What is still to be done by hand, one sentence each. */
  readonly todo: readonly string[];
}
