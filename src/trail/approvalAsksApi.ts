/** What the policy in force wants with an approval of some versions, so that one can be asked for it. */
export interface ApprovalAsks {
  readonly reason: boolean;
  /** Texts of which the meaning must be one; empty: any. */
  readonly meanings: readonly string[];
  /** Environments that count only approvals which name them, in the order of the policy. */
  readonly scoped: readonly string[];
}
