import type { BreakGlassRow, ManifestPrompt, RetiredRow } from '../core/deploymentRows.js';
import type { IdentityAssertion, ReviewOutcome } from '../core/event.js';
import type { Digest, EventId } from '../core/ids.js';
import type { ActiveRow, LedgerPoint } from '../core/rows.js';

export interface DeployInput {
  /** `PATH`, `PATH@v3`, `PATH@<digest prefix>` or an event id. With `promoteFrom` a bare path is the version active there. */
  readonly target: string;
  readonly env: string;
  readonly note?: string;
  /** Where the deployment can be looked up: a ticket or a pipeline run. */
  readonly reference?: string;
  /** Why it goes against the rules where it does; the event's text is this, and `note` after an empty line. */
  readonly breakGlass?: string;
  readonly identity: IdentityAssertion;
  /** `failed`: it was tried, and changes nothing of what is active. Default `succeeded`. */
  readonly outcome?: 'succeeded' | 'failed';
  /** The release that it is part of, and the pipeline run that made it: names or links. */
  readonly release?: string;
  readonly pipeline?: string;
  /** An environment where this version was deployed with success. Default: the one that the policy names with `after`. */
  readonly promoteFrom?: string;
}

export interface RollbackInput {
  readonly path: string;
  readonly env: string;
  /** `v3`, or the event id of a version; default: the version that was active before. */
  readonly to?: string;
  readonly reason: string;
  readonly identity: IdentityAssertion;
  /** True: against the rules, where the policy permits that; `reason` says why. */
  readonly breakGlass?: boolean;
  readonly release?: string;
  readonly pipeline?: string;
}

export interface UndeployInput {
  readonly path: string;
  readonly env: string;
  readonly reason: string;
  readonly identity: IdentityAssertion;
}

export interface RetireInput {
  readonly path: string;
  readonly reason: string;
  readonly identity: IdentityAssertion;
}

export interface ReviewDeploymentInput {
  /** Id of the deployment's event. */
  readonly deployment: EventId;
  readonly findings: string;
  /** Default `accepted`. */
  readonly outcome?: ReviewOutcome;
  readonly identity: IdentityAssertion;
}

export interface BreakGlassQuery {
  readonly path?: string;
  readonly env?: string;
  /** Only those that nobody accepted: they wait for a review, or somebody objected; a `path` then names what is to be reviewed. */
  readonly waiting?: boolean;
  /** ISO 8601 UTC: what is due by then. Default: now. */
  readonly at?: string;
}

export interface ManifestInput {
  readonly env: string;
  /** ISO 8601 UTC; default: now. By the recorders' clocks. */
  readonly at?: string;
  readonly texts?: boolean;
}

export interface Manifest {
  /** The document: canonical JSON (RFC 8785) and a newline. What is active decides every byte of it. */
  readonly text: string;
  /** SHA-256 of the document's UTF-8 bytes, as `sha256sum` has it. */
  readonly digest: Digest;
  /** As in the document, by path. */
  readonly prompts: readonly ManifestPrompt[];
  readonly ledger: LedgerPoint;
}

/** What becomes of approved versions. All throw what resolving names and the policy throw. */
export interface Deployments {
  /** Throws `deployment.refused` with reasons after the refusal itself was recorded; `promotion.notDeployed`. */
  deploy(input: DeployInput): Promise<ActiveRow>;
  /** Judged by what holds today; throws `rollback.noTarget` and what `deploy` throws. */
  rollback(input: RollbackInput): Promise<ActiveRow>;
  /** Nothing of the prompt is active there afterwards. Throws `undeploy.nothing`, `undeploy.refused`, `reason.missing`. */
  undeploy(input: UndeployInput): Promise<ActiveRow>;
  /** Throws `retire.active` while it is active anywhere, `retire.already`, `reason.missing`. */
  retire(input: RetireInput): Promise<RetiredRow>;
  /** Throws `review.notBreakGlass`, `review.refused` with reasons, `reason.missing`. */
  reviewDeployment(input: ReviewDeploymentInput): Promise<BreakGlassRow>;
  /** Every break-glass deployment, newest first. */
  breakGlassReviews(query?: BreakGlassQuery): Promise<readonly BreakGlassRow[]>;
  /** Throws `environment.unknown`. */
  manifest(input: ManifestInput): Promise<Manifest>;
}
