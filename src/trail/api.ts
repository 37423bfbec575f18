import type { DecisionKind, EventType, IdentityAssertion, RevisionSource } from '../core/event.js';
import type { Digest, EventId } from '../core/ids.js';
import type { Policy, PolicyPreset } from '../core/policy.js';
import type {
  ActiveRow,
  EventRow,
  LedgerPoint,
  PersonRef,
  PromptRow,
  ReviewRow,
  VerifyReport,
  VersionRow,
} from '../core/rows.js';

/** Who acts, and through what. Given once when the trail is opened. */
export interface TrailOptions {
  /** Any folder inside the repository (or the workspace root where there is no git). */
  readonly folder: string;
  /** Recorded with every event, such as `prompt-audit/0.1.0`. */
  readonly tool: string;
  readonly source: RevisionSource;
  /** Bytes of sql-wasm.wasm; the default reads it beside the bundle. */
  readonly wasm?: () => Promise<Uint8Array>;
  /** False: propose, decide and deploy do not sync by themselves. Default: they do, where there is a remote. */
  readonly autoSync?: boolean;
  /** Told what was kept or set aside although nothing failed. Default: nobody. */
  readonly warn?: (message: string) => void;
}

/** What is here, before a ledger is opened. */
export type TrailSite =
  | { readonly kind: 'no-git'; readonly root: string; readonly initialized: boolean }
  | { readonly kind: 'git'; readonly root: string; readonly initialized: boolean };

export interface RecordResult {
  readonly path: string;
  readonly outcome: 'recorded' | 'unchanged';
  readonly digest: Digest;
  readonly event: EventId | null;
}

/** A version as people name it: `PATH`, `PATH@v3` or `PATH@<digest prefix>`. */
export type VersionName = string;

export interface DecideInput {
  readonly target: VersionName | EventId;
  readonly decision: DecisionKind;
  readonly reason?: string;
  readonly meaning?: string;
  readonly identity: IdentityAssertion;
}

export interface DeployInput {
  readonly target: VersionName | EventId;
  readonly env: string;
  readonly note?: string;
  /** Where the deployment can be looked up: a ticket or a pipeline run. */
  readonly reference?: string;
  readonly breakGlass?: string;
  readonly identity: IdentityAssertion;
}

export interface RollbackInput {
  readonly path: string;
  readonly env: string;
  /** `v3`, or the event id of a version; default: the version that was active before. */
  readonly to?: string;
  readonly reason: string;
  readonly identity: IdentityAssertion;
}

/** Which events; all conditions must hold. */
export interface LogFilter {
  readonly path?: string;
  readonly types?: readonly EventType[];
  /** Case-insensitive; looked for in path, person, note, summary, environment and id prefix. */
  readonly text?: string;
}

/** Everything about one event that its detail pane or `show` prints. */
export interface EventDetail {
  readonly row: EventRow;
  readonly headerText: string;
  readonly bodyText: string | null;
  readonly children: readonly EventId[];
  readonly tool: string | null;
  readonly identity: IdentityAssertion | null;
  /** The version that the event is about, if any. */
  readonly version: VersionRow | null;
  /** What the native diff of this event compares; null when it has no text. */
  readonly diff: {
    readonly before: Digest | null;
    readonly after: Digest;
    readonly path: string;
  } | null;
  /** Reason codes of a denied attempt or of a deployment's verdict. */
  readonly reasons: readonly string[];
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
export interface SyncProblem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** The clock of the clone, ISO 8601. */
  readonly at: string;
  /** True for what ends by itself, such as being offline. */
  readonly passing: boolean;
}

export interface TrailStatus {
  readonly root: string;
  readonly git: boolean;
  readonly ledger: LedgerPoint;
  readonly me: PersonRef | null;
  /** The ledger remote; null where there is none. */
  readonly remote: string | null;
  /** Events that the remote does not have yet. */
  readonly unsent: number;
  readonly prompts: readonly PromptRow[];
  readonly reviews: readonly ReviewRow[];
  readonly active: readonly ActiveRow[];
  /** What is wrong with the ledger file, if anything, in one sentence. */
  readonly damage: string | null;
  /** Why the last sync failed; null when it succeeded or none was tried. */
  readonly syncProblem: SyncProblem | null;
}

export interface InitInput {
  readonly preset: PolicyPreset;
}

export interface InitResult {
  /** `joined`: the remote had a ledger already. */
  readonly outcome: 'created' | 'joined';
  readonly ledger: LedgerPoint;
  readonly prompts: number;
}

/**
 * One repository's trail: the use-cases on which CLI and extension stand, and the only writer.
 * All methods throw PromptAuditError and nothing else. Reads are synchronous on the last state
 * that was loaded; `refresh` brings in what other processes recorded.
 */
export interface Trail {
  readonly root: string;
  readonly git: boolean;

  /** Reads what others recorded; true when something is new. */
  refresh(): Promise<boolean>;
  /** Also reads the working files; the slow one of the reads (one git call for all prompts). */
  status(): Promise<TrailStatus>;
  /** The policy of the working tree. Throws `policy.missing` or `policy.invalid`. */
  policy(): Promise<Policy>;
  /** Whether a path (absolute or relative to the root) is a prompt under the policy. */
  tracks(path: string): Promise<boolean>;

  /** Records what changed; without paths all tracked prompts. Equal bytes record nothing. */
  record(paths?: readonly string[]): Promise<readonly RecordResult[]>;
  /** As `record` for one saved file, but bytes that git's HEAD has are left to observation. */
  recordSave(path: string): Promise<RecordResult | null>;
  propose(input: { path: string; note: string }): Promise<VersionRow>;
  /** Throws `decision.refused` with reasons after the refusal itself was recorded. */
  decide(input: DecideInput): Promise<VersionRow>;
  /** Throws `deployment.refused` with reasons after the refusal itself was recorded. */
  deploy(input: DeployInput): Promise<ActiveRow>;
  rollback(input: RollbackInput): Promise<ActiveRow>;
  /** Versions of a prompt that were approved and are not active in `env`, newest first. */
  rollbackTargets(path: string, env: string): readonly VersionRow[];
  /** Reason codes that refuse to deploy this version now; empty means allowed. */
  deploymentReasons(target: VersionName | EventId, env: string): Promise<readonly string[]>;

  log(filter?: LogFilter): readonly EventRow[];
  detail(event: EventId): EventDetail | null;
  version(name: VersionName | EventId): VersionRow;
  versions(path: string): readonly VersionRow[];
  /** The active deployments, now or at a time (ISO 8601 UTC); null: of every prompt, in every environment. */
  active(path: string | null, env: string | null, at?: string): readonly ActiveRow[];
  /** The exact bytes of a recorded text. Throws `content.missing`. */
  content(digest: Digest): Promise<Uint8Array>;
  point(): LedgerPoint;

  verify(input?: { full?: boolean }): Promise<VerifyReport>;
  sync(input?: { remote?: string }): Promise<SyncReport>;
  /** Writes the journal into ledger.sqlite, so that any SQLite tool sees it. */
  fold(): Promise<void>;
  close(): Promise<void>;
}
