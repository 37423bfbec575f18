import type { EventType, IdentityAssertion, RevisionSource } from '../core/event.js';
import type { BreakGlassRow } from '../core/deploymentRows.js';
import type { Digest, EventId } from '../core/ids.js';
import type { Policy, PolicyPreset } from '../core/policy.js';
import type {
  ActiveRow,
  EventRow,
  Finding,
  LedgerPoint,
  PersonRef,
  PromptRow,
  ReviewRow,
  SignatureRow,
  VerifyReport,
  VersionRow,
} from '../core/rows.js';
import type { ApprovalAsks } from './approvalAsksApi.js';
import type { AskInput, Questions } from './askApi.js';
import type { ClockQueries } from './clockDoubtsApi.js';
import type { Explanation } from '../core/explainRows.js';
import type { CoverageInput, CoverageReport } from './coverageApi.js';
import type { CommitFacts } from './commitFacts.js';
import type { EvidenceMakers } from './exportApi.js';
import type { EventProof, ProofText, ProveInput, ProveSinceInput, SinceProof } from './proveApi.js';
import type { Deployments } from './deployApi.js';
import type { LintFinding } from '../core/policyLintContext.js';
import type { LintTexts } from './lintTexts.js';
import type { PageQuery, PageResult, StepQuery } from './pageApi.js';
import type { PolicyQueries } from './policyApi.js';
import type { PolicyHelp, PolicyHelpInput } from './policyHelpApi.js';
import type { FileChange, ObserveReport, RecordResult } from './recordApi.js';
import type { ImportInput, ImportReport } from './importApi.js';
import type { PurgeInput, PurgeReport, RedactInput, RedactReport } from './redactApi.js';
import type { RecorderPauseRow, RecorderResult, RecorderStatus } from './recorderApi.js';
import type { ResolveInput, ResolveReport } from './resolveApi.js';
import type {
  DecidedRow,
  DecideAllInput,
  DecisionWords,
  RequestReviewInput,
  RevokeInput,
  WithdrawInput,
} from './reviewApi.js';
import type { ReviewerChoice } from './reviewersApi.js';
import type {
  EnrollReport,
  SigningProblem,
  SigningSetup,
  SignInput,
  SignReport,
} from './signApi.js';
import type { SyncInput, SyncLogin, SyncProblem, SyncReport } from './syncApi.js';
import type { CommentInput, ResolveThreadInput, ThreadsInput } from './talkApi.js';
import type { TextQueries } from './textQueries.js';
import type { PlacedThread, ThreadRow } from '../core/talkRows.js';
import type { Watch } from '../core/watch.js';

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
  /** False: a clone that has the policy but no ledger is not joined by opening it, only by `initTrail`. Default: it is. */
  readonly join?: boolean;
  /** How joining, and later syncs if it is kept, may log in. Default: only as git does by itself. */
  readonly login?: SyncLogin;
  /**
   * Whether decisions, deployments and redactions are signed as soon as they are recorded, where git is set
   * up for SSH signing. Default `auto`; `ask` may also ask at the terminal of this process.
   */
  readonly signing?: 'auto' | 'ask' | 'never';
  /** Told what was kept or set aside although nothing failed. Default: nobody. */
  readonly warn?: (message: string) => void;
  /** Limits of the files, for tests: the defaults are right for everybody else. */
  readonly limits?: {
    readonly sealBytes?: number;
    readonly snapshotEvery?: number;
    /** Bytes of the journal above which a clone without a remote makes a commit of its own. */
    readonly journalBytes?: number;
    /** Bytes that git was given of the ledger, uncompressed, above which its loose objects are packed. */
    readonly looseBytes?: number;
    /** Milliseconds that a signature may take where nobody can be asked at a terminal. */
    readonly signing?: number;
  };
  /** Looks on while the ledger is opened. */
  readonly watch?: Watch;
}

/** What is here, before a ledger is opened. */
export type TrailSite =
  | { readonly kind: 'no-git'; readonly root: string; readonly initialized: boolean }
  | { readonly kind: 'git'; readonly root: string; readonly initialized: boolean };

/** A version as people name it: `PATH`, `PATH@v3` or `PATH@<digest prefix>`. */
export type VersionName = string;

export interface DecideInput extends DecisionWords {
  readonly target: VersionName | EventId;
}

export interface ProposeInput {
  readonly path: string;
  readonly note: string;
  /** Whose review is asked for at once; see RequestReviewInput. */
  readonly reviewers?: readonly string[];
}

/** Which events; all conditions must hold. */
export interface LogFilter {
  readonly path?: string;
  readonly types?: readonly EventType[];
  /** Case-insensitive; looked for in path, person, note, summary, environment and id prefix. */
  readonly text?: string;
  /** The first hex digits of the event's id. */
  readonly idPrefix?: string;
  /** Only so many of the newest that match. */
  readonly newest?: number;
}

export interface VerifyInput {
  readonly full?: boolean;
  /** Only so many findings, the worst first; `omitted` of the report counts the rest. */
  readonly atMost?: number;
  readonly watch?: Watch;
}

export interface DisposeInput {
  /** Keys of present findings. */
  readonly keys: readonly string[];
  /** What they turned out to be, for good. */
  readonly disposition: string;
  readonly identity: IdentityAssertion;
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
  /** In the agreed order; absent where nobody signed it. */
  readonly signatures?: readonly SignatureRow[];
  readonly commit?: CommitFacts;
  /** Reason codes of a denied attempt or of a deployment's verdict. */
  readonly reasons: readonly string[];
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
  /** Break-glass deployments that wait for a review, newest first; absent where none does. */
  readonly breakGlass?: readonly BreakGlassRow[];
  /** What is wrong with the ledger file, if anything, in one sentence. */
  readonly damage: string | null;
  /** Why the last sync failed; null when it succeeded or none was tried. */
  readonly syncProblem: SyncProblem | null;
  /** When the last sync succeeded, ISO 8601; null where nobody knows. */
  readonly syncedAt: string | null;
  /** Why the last act through this trail was not signed; absent when it was, or needed not be. */
  readonly signingProblem?: SigningProblem;
  /** Since when and why the recorder of this clone is off; absent while it records. */
  readonly recorderPaused?: RecorderPauseRow;
}

export interface StampedStatus {
  readonly stamp: string;
  readonly status: TrailStatus;
}

export interface InitInput {
  readonly preset: PolicyPreset;
}

export interface InitResult {
  /** `joined`: the remote had a ledger already. */
  readonly outcome: 'created' | 'joined';
  readonly ledger: LedgerPoint;
  readonly prompts: number;
  /** Files that were written because there were none, from the root: git does not have them yet. */
  readonly written: readonly string[];
}

/**
 * One repository's trail: the use-cases on which CLI and extension stand, and the only writer.
 * All methods throw PromptAuditError and nothing else. Reads are on the last state that was loaded;
 * `refresh` brings in what other processes recorded. Everything that goes in and comes out can be
 * cloned, but for a `watch` at the top of an input: so a worker can stand behind it (src/worker).
 */
export interface Trail
  extends PolicyQueries, Deployments, EvidenceMakers, TextQueries, Questions, ClockQueries {
  readonly root: string;
  readonly git: boolean;

  /** Reads what others recorded; true when something is new. */
  refresh(): Promise<boolean>;
  /** Also reads the working files; the slow one of the reads (one git call for all prompts). */
  status(): Promise<TrailStatus>;
  /** As `status`, with a stamp of its content but for `syncedAt`; null while that is the one that is known. */
  statusSince(known: string | null): Promise<StampedStatus | null>;
  /** The policy of the working tree. Throws `policy.missing` or `policy.invalid`. */
  policy(): Promise<Policy>;
  /** What can stand at a place of a policy text, and what the name there means; null where nothing is named. */
  policyHelp(input: PolicyHelpInput): Promise<PolicyHelp | null>;
  /** What is wrong with a policy text and what can hardly be meant, by what is tracked and known here; see policyLint.ts. */
  lintTexts(texts: LintTexts): Promise<readonly LintFinding[]>;
  /** What the policy wants with an approval of these versions now. */
  approvalAsks(versions: readonly (VersionName | EventId)[]): Promise<ApprovalAsks>;
  /** Whom the ledger and the policy know, and who could be asked for a review. */
  reviewers(): Promise<readonly ReviewerChoice[]>;
  /** Whether a path (absolute or relative to the root) is a prompt under the policy. */
  tracks(path: string): Promise<boolean>;

  /** Records what changed; without paths all tracked prompts. Equal bytes record nothing. */
  record(paths?: readonly string[]): Promise<readonly RecordResult[]>;
  /** As `record` for one saved file, but bytes that git's HEAD has are left to observation. */
  recordSave(path: string): Promise<RecordResult | null>;
  /** Records that files of prompts were moved, deleted or put back by hand. Other files record nothing. */
  recordFileChanges(changes: readonly FileChange[]): Promise<readonly RecordResult[]>;
  /** Records what commits did, where no sync will: without a remote. */
  observe(): Promise<ObserveReport>;
  /** Records what the history of the repository says of its prompts; see import.ts. */
  importHistory(input?: ImportInput): Promise<ImportReport>;
  propose(input: ProposeInput): Promise<VersionRow>;
  /** Throws `decision.refused` with reasons after the refusal itself was recorded. */
  decide(input: DecideInput): Promise<VersionRow>;
  /** One confirmed decision on several versions, each judged on its own. What is refused is in its row, and does not throw. */
  decideAll(input: DecideAllInput): Promise<readonly DecidedRow[]>;
  /** Throws `person.unknown`. */
  requestReview(input: RequestReviewInput): Promise<VersionRow>;
  /** Takes back own decisions. Throws `decision.unknown`, `revocation.refused`, `reason.missing`. */
  revoke(input: RevokeInput): Promise<VersionRow>;
  /** Takes a version out of review. Throws `withdrawal.refused`, `version.unchanged`, `reason.missing`. */
  withdraw(input: WithdrawInput): Promise<VersionRow>;
  /** The verdict on an event, rule by rule, by its ancestors; later facts beside it. Null for an unknown id. */
  explain(event: EventId): Promise<Explanation | null>;
  /** Throws `comment.invalid`, `comment.unknown`. */
  comment(input: CommentInput): Promise<ThreadRow>;
  /** Throws `comment.unknown`. A thread that is so already stays as it is. */
  resolveThread(input: ResolveThreadInput): Promise<ThreadRow>;
  /** What was said about a version and those before it, and where it stands in a text. */
  threads(input: ThreadsInput): Promise<readonly PlacedThread[]>;
  /** Versions of a prompt that were approved and are not active in `env`, newest first. */
  rollbackTargets(path: string, env: string): Promise<readonly VersionRow[]>;
  /** Reason codes that refuse to deploy this version now; empty means allowed. */
  deploymentReasons(target: VersionName | EventId, env: string): Promise<readonly string[]>;

  /** In the agreed order. All rows at once: for a list that people scroll there is `page`. */
  log(filter?: LogFilter): Promise<readonly EventRow[]>;
  /** Some pages of a filtered list. Keeps what it found for the next call with this filter. */
  page(query: PageQuery): Promise<PageResult>;
  /** The next matching event of the same prompt; null at the end. */
  step(query: StepQuery): Promise<EventId | null>;
  /** What links to these events say; null for an unknown id. Long texts are cut. */
  rows(events: readonly EventId[]): Promise<readonly (EventRow | null)[]>;
  detail(event: EventId): Promise<EventDetail | null>;
  version(name: VersionName | EventId): Promise<VersionRow>;
  /** Of one prompt, oldest first; with `newest` only so many, of the newest. */
  versions(path: string, newest?: number): Promise<readonly VersionRow[]>;
  /** The newest version before this one that was approved; null where there is none. */
  approvedBefore(version: EventId): Promise<VersionRow | null>;
  /** The active deployments, now or at a time (ISO 8601 UTC); null: of every prompt, in every environment. */
  active(
    path: string | null,
    env: string | null,
    at?: string | null,
    asKnownAt?: AskInput['asKnownAt'],
  ): Promise<readonly ActiveRow[]>;
  /** The exact bytes of a recorded text. Throws `content.missing`, `content.redacted`. */
  content(digest: Digest): Promise<Uint8Array>;
  /** Of all events, or of those that were known at a time; see AskInput. */
  point(asKnownAt?: AskInput['asKnownAt']): Promise<LedgerPoint>;
  /** The first error in the files here, as they were read last; null while they are as they should be. */
  damage(): Promise<Finding | null>;
  /** A text that shows without the ledger that an event is in it. Throws `event.unknown`, `proof.inconsistent`. */
  prove(input: ProveInput): Promise<EventProof>;
  /** A text that leads from an older checkpoint to this ledger. Throws `proof.invalid`, `proof.inconsistent`. */
  proveSince(input: ProveSinceInput): Promise<SinceProof>;
  /** The checkpoint of the synced part, or of the first `size` events, as a text to keep or sign. */
  checkpoint(size?: number): Promise<ProofText>;

  /** Verdicts on the trail; incremental unless `full`. Throws `ledger.futureVersion`, `ledger.tooLarge`, `cancelled`. */
  verify(input?: VerifyInput): Promise<VerifyReport>;
  /** Records what findings turned out to be. Throws `finding.unknown`, `reason.missing`, `ledger.damaged`. */
  disposeFindings(input: DisposeInput): Promise<VerifyReport>;
  sync(input?: SyncInput): Promise<SyncReport>;
  /** Goes on after the team's decision about a ledger branch that contradicts this clone; see resolveRemote.ts. */
  resolveRemote(input: ResolveInput): Promise<ResolveReport>;
  /** Removes bodies or a text for good. Throws `redaction.refused`, `redaction.target`, `person.unknown`. */
  redact(input: RedactInput): Promise<RedactReport>;
  /** Replaces the history of the ledger branch by one commit. Throws `redaction.refused`, `sync.refused`. */
  purgeHistory(input: PurgeInput): Promise<PurgeReport>;
  /**
   * Signs decisions, deployments, redactions and reviews of the acting person, oldest first; each signature is
   * kept as soon as it is made. Throws `signing.notSetUp`, `signing.failed`, `signing.locked`,
   * `signing.timeout`, `cancelled`.
   */
  sign(input?: SignInput): Promise<SignReport>;
  /** How the acting person would sign, and what is still missing for it. */
  signingSetup(): Promise<SigningSetup>;
  /** Adds the acting person's key to the allowed_signers of the working tree, for them to commit. Throws as `sign`. */
  enroll(): Promise<EnrollReport>;
  /** Holds the history of git against the ledger. Throws `history.incomplete`, `ledger.damaged`, `policy.missing`. */
  coverage(input?: CoverageInput): Promise<CoverageReport>;
  /** Whether this clone records saves and observations by itself. */
  recorder(): Promise<RecorderStatus>;
  /** Stops that in this clone until it is resumed, as an event. Throws `reason.missing`. */
  pauseRecorder(input: { readonly reason: string }): Promise<RecorderResult>;
  resumeRecorder(input?: { readonly reason?: string }): Promise<RecorderResult>;
  /** Writes the journal into ledger.sqlite, so that any SQLite tool sees it. */
  fold(): Promise<void>;
  /** Folds, and lets the ledger go. */
  close(): Promise<void>;
}
