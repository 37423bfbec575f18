import type { DecisionKind, IdentityAssertion } from '../core/event.js';
import type { EventId } from '../core/ids.js';
import type { VersionRow } from '../core/rows.js';

/** What one decision says, whatever it is on. */
export interface DecisionWords {
  readonly decision: DecisionKind;
  readonly reason?: string;
  readonly meaning?: string;
  /** An approval only for these environments; default: for all. */
  readonly envs?: readonly string[];
  readonly identity: IdentityAssertion;
}

export interface DecideAllInput extends DecisionWords {
  /** `PATH@vN` and the like, or event ids. Two names of one version are one. */
  readonly targets: readonly string[];
}

/** One version of several that were decided on together; each was judged on its own. */
export interface DecidedRow {
  /** As it is then. */
  readonly version: VersionRow;
  /** The decision; null where the policy refused it, which was recorded. */
  readonly event: EventId | null;
  /** Reason codes of the refusal; empty where it was not refused. */
  readonly refused: readonly string[];
}

export interface RevokeInput {
  /** The event id of a decision, or a version: then the acting person's own decisions on it that stand. */
  readonly target: string;
  readonly reason: string;
  readonly identity: IdentityAssertion;
}

export interface WithdrawInput {
  readonly target: string;
  readonly reason: string;
  readonly identity: IdentityAssertion;
}

export interface RequestReviewInput {
  readonly target: string;
  /** Addresses, names of people or groups of the policy, names as the ledger has them, or `@team`. */
  readonly reviewers: readonly string[];
  readonly note?: string;
  readonly identity: IdentityAssertion;
}
