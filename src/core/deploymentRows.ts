import type { ReviewOutcome } from './event.js';
import type { Digest, EventId, PromptId } from './ids.js';
import type { PersonRef } from './rows.js';

/**
 * `open`: nobody whose review counts has looked at it. `overdue`: the same, and the time that the policy gives is over.
 * `accepted`, `objected`: what the reviews that count came to.
 */
export type BreakGlassState = 'open' | 'overdue' | ReviewOutcome;

/** One break-glass deployment and what came of it. */
export interface BreakGlassRow {
  readonly deployment: EventId;
  readonly path: string;
  readonly prompt: PromptId;
  readonly env: string;
  /** `v3`, or `v3?` while it is not synced. */
  readonly version: string;
  readonly digest: Digest;
  /** ISO 8601 UTC, by the recorder's clock. */
  readonly at: string;
  readonly deployedBy: PersonRef;
  /** Whether it succeeded. */
  readonly outcome: 'succeeded' | 'failed';
  /** Why it was needed; null where that was redacted. */
  readonly reason: string | null;
  readonly reference: string | null;
  readonly state: BreakGlassState;
  /** ISO 8601 UTC; null: the policy in scope of the deployment sets no time. */
  readonly due: string | null;
  /** Names of roles whose members' reviews count, by the policy in scope of the deployment; empty: everybody's. */
  readonly reviewers: readonly string[];
  /** The review that decides `state`; null while there is none that counts. */
  readonly review: BreakGlassReview | null;
  /** Reviews that count for nothing, and why. */
  readonly uncounted: readonly UncountedReview[];
}

export interface BreakGlassReview {
  readonly event: EventId;
  readonly by: PersonRef;
  /** ISO 8601 UTC, by the recorder's clock. */
  readonly at: string;
  readonly outcome: ReviewOutcome;
  /** Null where they were redacted. */
  readonly findings: string | null;
  /** It came after it was due. */
  readonly late: boolean;
}

export interface UncountedReview {
  readonly event: EventId;
  readonly by: PersonRef;
  /** Reason codes. */
  readonly reasons: readonly string[];
}

/** A prompt that is used no more. */
export interface RetiredRow {
  readonly event: EventId;
  readonly prompt: PromptId;
  readonly path: string;
  /** ISO 8601 UTC, by the recorder's clock. */
  readonly at: string;
  readonly by: PersonRef;
  readonly reason: string;
}

/** One prompt of a manifest: what a runtime needs to load it, and to say what it loaded. */
export interface ManifestPrompt {
  readonly path: string;
  readonly prompt: PromptId;
  readonly version: string;
  readonly digest: Digest;
  readonly deployment: EventId;
  /** Exact text, where texts were asked for and it is UTF-8. */
  readonly text?: string;
  /** Exact bytes in base64, where texts were asked for and it is no UTF-8. */
  readonly base64?: string;
  /** Why there is neither although texts were asked for. */
  readonly absent?: 'redacted' | 'missing';
}

/** What the row of a deployment says besides, where there is something to say. */
export interface DeploymentDetails {
  /** Of a rollback: what it left. */
  readonly leaves?: { readonly deployment: EventId; readonly version: string };
  /** It was tried and failed, so it was never active: `to` is `from`. Absent where it succeeded. */
  readonly outcome?: 'failed';
  /** Later attempts that failed while it was active, in the agreed order; absent where there were none. */
  readonly failed?: readonly FailedDeployment[];
  /** Who ended it with nothing in its place, and why; absent where nobody did. */
  readonly ended?: {
    readonly event: EventId;
    readonly by: PersonRef;
    /** Null where it was redacted. */
    readonly reason: string | null;
  };
  /** Deployments to the same environment that it had not seen, nor they it; absent where there are none. */
  readonly unseen?: readonly EventId[];
  /** The deployment to another environment that it promotes; absent where it promotes none. */
  readonly promotedFrom?: EventId;
  /** The release it is part of, and the pipeline run that made it; absent where they were not said, or redacted. */
  readonly release?: string;
  readonly pipeline?: string;
}

/** A deployment that was tried and changed nothing. */
export interface FailedDeployment {
  readonly deployment: EventId;
  readonly version: string;
  readonly at: string;
}
