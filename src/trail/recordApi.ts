import type { Digest, EventId } from '../core/ids.js';

export interface RecordResult {
  readonly path: string;
  /** `moved`: as `path`, from where the ledger had it; what changed besides is a row of its own. */
  readonly outcome: 'recorded' | 'unchanged' | 'moved' | 'removed';
  /** Null where the file is gone, and of a move that a commit brought. */
  readonly digest: Digest | null;
  readonly event: EventId | null;
}

/** What somebody did to files in the editor. A folder stands for all that is in it. */
export type FileChange =
  | { readonly kind: 'moved'; readonly from: string; readonly to: string }
  | { readonly kind: 'removed'; readonly path: string }
  | { readonly kind: 'created'; readonly path: string };

/** What was recorded of what commits did. */
export interface ObserveReport {
  /** Revisions, moves and deletions; 0 also where the next sync has to do it. */
  readonly recorded: number;
}
