/** What a commit did to a prompt that the ledger does not know yet. */
export interface PendingChange {
  readonly kind: 'registered' | 'revision' | 'moved' | 'removed';
  readonly commit: string;
  /** As the commit claims. */
  readonly author: string;
  /** Names of programs that the commit says have written it. */
  readonly agents: readonly string[];
  /** ISO 8601, UTC, as the commit claims. */
  readonly authoredAt: string;
  /** Where it was before; null but for a move. */
  readonly from: string | null;
}
