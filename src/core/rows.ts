import type { DeploymentDetails } from './deploymentRows.js';
import type { ApprovalOrder, LaterNote } from './approvalOrder.js';
import type { DecisionKind, PolicySource } from './event.js';
import type { Digest, EventId, LedgerId, PersonId, PromptId } from './ids.js';
import type { PendingChange } from './pendingChange.js';

/** A person as shown to people. One without a readable name is `(redacted person)` or `(unknown)`, without e-mail. */
export interface PersonRef {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string | null;
}

/** An authorised redaction, beside what it removed. */
export interface RedactionRef {
  /** `body`: the details of the event; `content`: the text that it names. */
  readonly part: 'body' | 'content';
  /** The `redacted` event. */
  readonly event: EventId;
  readonly by: PersonRef;
  /** The writer's clock, UTC. */
  readonly at: string;
  readonly reason: string;
}

/** What `log` and the timeline print of one event. */
export interface EventRow {
  /** From 1, in the agreed order. */
  readonly seq: number;
  readonly id: EventId;
  readonly type: string;
  /** The writer's clock, UTC. A claim: order is decided by `parents`. */
  readonly at: string;
  /** Minutes east of UTC on the writer's clock; null when the body is gone. */
  readonly utcOffset: number | null;
  readonly who: PersonRef;
  readonly prompt: PromptId | null;
  /** The prompt's path at the time of the event. */
  readonly path: string | null;
  /** `v3`, or `v3?` while sync may still renumber it. */
  readonly version: string | null;
  readonly digest: Digest | null;
  readonly env: string | null;
  readonly refs: Readonly<Record<string, unknown>>;
  readonly parents: readonly EventId[];
  /** The free text that the person gave: change note, reason, comment. */
  readonly note: string | null;
  /** One plain sentence without the person: "approved v3", "deployed v3 to production". */
  readonly summary: string;
  /** False while only this clone has the event. */
  readonly synced: boolean;
  /** Who redacted its body, or the text that it recorded; absent where nobody did. */
  readonly redactions?: readonly RedactionRef[];
}

export type VersionState =
  'waiting' | 'approved' | 'changes-requested' | 'rejected' | 'withdrawn' | 'superseded';

export interface DecisionRow {
  readonly id: EventId;
  readonly decision: DecisionKind;
  readonly by: PersonRef;
  readonly at: string;
  readonly meaning: string;
  readonly reason: string | null;
  readonly unattended: boolean;
  /** The environments for which it was given; absent where it is for all. */
  readonly envs?: readonly string[];
  /** What its own person revoked it by; absent where it stands. */
  readonly revoked?: EventId;
  /** True: its person signed it with a key that counts. Absent where nobody did. */
  readonly signed?: boolean;
  /** Who redacted its meaning and reason; absent where nobody did. */
  readonly redactions?: readonly RedactionRef[];
}

export interface VersionRow {
  readonly id: EventId;
  readonly prompt: PromptId;
  readonly path: string;
  readonly number: number;
  /** `v3`, or `v3?` while sync may still renumber it. */
  readonly label: string;
  readonly digest: Digest;
  readonly note: string | null;
  readonly proposedBy: PersonRef;
  readonly at: string;
  /** Everybody whose revisions are part of what is new since the last approved version. */
  readonly contributors: readonly PersonRef[];
  readonly state: VersionState;
  readonly decisions: readonly DecisionRow[];
  readonly approvals: { readonly given: number; readonly required: number };
  /** Whose review was asked for and who did not decide since; absent where nobody is. */
  readonly requested?: readonly PersonRef[];
  /** Environments in which this version is the active one. */
  readonly activeIn: readonly string[];
  /** True: its prompt was retired, so no version of it can be deployed any more. */
  readonly promptRetired?: true;
  /** Threads of comments, on it and on versions before it, that are not settled; absent where there is none. */
  readonly openComments?: number;
  /** Who redacted its note or its text; absent where nobody did. */
  readonly redactions?: readonly RedactionRef[];
}

/** How the file on disk relates to the ledger. */
export type WorkingState =
  /** The ledger has never seen this file. */
  | 'unrecorded'
  /** Bytes that the ledger does not know. */
  | 'changed'
  /** Recorded since the newest version, not proposed. */
  | 'draft'
  /** The bytes of the newest version. */
  | 'current'
  /** The bytes of an older version. */
  | 'older'
  /** The file is there, but the policy tracks it no more. */
  | 'untracked'
  /** The prompt has no file any more, and nothing says that it was deleted. */
  | 'missing'
  /** Its deletion is recorded. */
  | 'removed'
  /** It has no file in this branch, but in another one. */
  | 'elsewhere';

export interface PromptRow {
  readonly prompt: PromptId | null;
  readonly path: string;
  readonly format: string;
  readonly working: WorkingState;
  readonly latest: VersionRow | null;
  readonly lastApproved: VersionRow | null;
  readonly active: readonly { readonly env: string; readonly label: string }[];
  /** The error that kept the file from being read, as a message for people. */
  readonly problem: string | null;
  /** What commits did to it that is not recorded yet, oldest first; absent where there is nothing. */
  readonly pending?: readonly PendingChange[];
}

/** A version that waits for a decision. */
export interface ReviewRow {
  readonly version: VersionRow;
  /** Last approved version before this one. */
  readonly base: VersionRow | null;
  readonly waitsForMe: boolean;
  /** True: somebody asked the acting person to review it. */
  readonly requestedOfMe?: boolean;
  /** Why the acting person cannot approve it; empty when waitsForMe. */
  readonly blockedBecause: readonly string[];
}

export interface ActiveRow extends DeploymentDetails {
  readonly path: string;
  readonly prompt: PromptId;
  readonly env: string;
  readonly version: string;
  readonly digest: Digest;
  /** The deployment event. */
  readonly deployment: EventId;
  readonly from: string;
  /** When the next deployment replaced it; null while it is active. */
  readonly to: string | null;
  readonly authors: readonly PersonRef[];
  readonly approvers: readonly PersonRef[];
  readonly deployedBy: PersonRef;
  /**
   * `proven`: every approval that the policy asked for is an ancestor of the deployment. `after`: it is not, and what
   * there is of others came later. `unknown`: nobody can tell, because the deployment and an approval had not seen
   * each other, or because what would tell is not here.
   */
  readonly order: ApprovalOrder;
  /** The `redacted` events because of which nobody can tell; absent where they are not why. */
  readonly redactedBy?: readonly EventId[];
  /** What speaks against the version and was recorded later, or beside it; absent where nothing was. No verdict hangs on it. */
  readonly later?: readonly LaterNote[];
  /** True: still active in an environment that the policy had, and has no more. */
  readonly outsidePolicy?: true;
  readonly rollback: boolean;
  /** Deployed against the rules, in an emergency. */
  readonly breakGlass: boolean;
  /** The commit of the tag that says so, where it was imported: then no policy judged it. */
  readonly imported?: string;
  /**
   * True: signed by the deployer's own key, and every approval that counted by its approver's before the
   * deployment. Absent where that is not so.
   */
  readonly signed?: boolean;
  /** Where the policy came from that judged; null where none was adopted. */
  readonly policySource: PolicySource | null;
  /** Who redacted the text of the version, or the deployment's note; absent where nobody did. */
  readonly redactions?: readonly RedactionRef[];
}

export type Severity = 'error' | 'warning' | 'info';

/** One result of verification. An `error` breaks integrity. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly seq: number | null;
  readonly event: EventId | null;
  readonly message: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly remedy: string;
}

/** What verification answers separately (DESIGN.md §10): never one green tick for all. */
export type VerdictName = 'structure' | 'completeness' | 'authenticity' | 'order';

/**
 * Why a review of a finding does not count (docs/LEDGER.md, "Reviews of findings"): it is by the person, or from the
 * clone, that recorded the event concerned; nobody sat there, and it has no signature that counts; the event is not here.
 */
export type ReviewFault = 'same-person' | 'same-clone' | 'unattended' | 'event-unknown';

/** `trail.reviewed` that disposed of a finding: somebody looked at it and says what it is. */
export interface FindingReview {
  readonly event: EventId;
  readonly by: PersonRef;
  readonly at: string;
  readonly disposition: string;
  /** Whether a person confirmed it, as the recording program says. */
  readonly attended: boolean;
  /** Whether it has a signature that counts as that person's own. */
  readonly signed: boolean;
  /** Null where it counts. */
  readonly notCounting: ReviewFault | null;
}

/** A finding as `verify` reports it. */
export interface ReportedFinding extends Finding {
  readonly verdict: VerdictName;
  /** Names the finding in a review: the same as long as nothing about it changes. */
  readonly key: string;
  /** The newest review, whether it counts or not. */
  readonly reviewed: FindingReview | null;
  /** The reviews before it, the newest first. */
  readonly earlier: readonly FindingReview[];
  /** Whether one of the reviews counts. No verdict changes by that. */
  readonly settled: boolean;
}

/**
 * `broken`: an error. `doubtful`: a warning, whoever reviewed it. `holds`: neither.
 * `unknown`: it could not be checked.
 */
export type VerdictOutcome = 'holds' | 'doubtful' | 'broken' | 'unknown';

interface Verdict {
  readonly outcome: VerdictOutcome;
  readonly warnings: number;
  /** Warnings with a review that counts. */
  readonly reviewed: number;
}

/** What each verdict rests on, besides the findings. */
export interface Verdicts {
  readonly structure: Verdict & {
    readonly events: number;
    readonly volumes: number;
  };
  readonly completeness: Verdict & {
    /** Commits of the ledger branch whose checkpoints the ledger extends; null where there is no branch. */
    readonly commits: number | null;
    /** Size of the newest shared checkpoint that this clone saw; null where it saw none. */
    readonly seen: number | null;
    /** Size of the checkpoint that the policy pins; null where it pins none. */
    readonly pinned: number | null;
  };
  readonly authenticity: Verdict & {
    /** Decisions and deployments, which is what people sign. */
    readonly acts: number;
    /** Acts with a signature that counts as their person's own. */
    readonly signed: number;
    /** Signatures of any event that do not count. */
    readonly notCounting: number;
    /** Approvals from the very clone that had recorded or proposed the bytes, whoever gave them. */
    readonly oneClone: number;
  };
  readonly order: Verdict & {
    readonly roots: number;
    readonly writers: number;
  };
}

/** Names the whole ledger up to an event (DESIGN.md §1). */
export interface LedgerPoint {
  readonly id: LedgerId;
  readonly size: number;
  /** Merkle root (RFC 6962) over the header bytes, 64 hex digits. */
  readonly root: string;
}

export interface VerifyReport {
  readonly ledger: LedgerPoint | null;
  /** `incremental`: files that this clone verified or wrote itself were compared by their SHA-256. */
  readonly mode: 'full' | 'incremental';
  /** Events that the verdicts are about. */
  readonly checked: number;
  /** Those of them whose bytes were checked now. */
  readonly checkedNow: number;
  /** When the rest was checked, by this clone's clock; null in mode `full`. */
  readonly since: string | null;
  readonly verdicts: Verdicts;
  readonly findings: readonly ReportedFinding[];
  /** Findings that were left out behind those, because the asker wanted no more. */
  readonly omitted?: number;
  /** True when no finding is an error. */
  readonly intact: boolean;
  /** The first broken event, if any. */
  readonly brokenAt: number | null;
}

/** What a signature says of an event (docs/LEDGER.md, "Signatures"). Only `good` counts. */
export type SignatureStatus =
  | 'good'
  /** The bytes were not signed by this key. */
  | 'bad'
  /** No line of the adopted allowed_signers has this key. */
  | 'unknown-key'
  /** The key is another person's. */
  | 'other-person'
  /** The key was not valid yet, or no more, when the signature was attached. */
  | 'not-valid-then'
  /** The line of the key does not allow the namespace `prompt-audit`. */
  | 'wrong-namespace'
  /** A certificate, or a kind of key or hash that does not count here. */
  | 'unsupported'
  /** No SSHSIG at all, or its bytes are not in the ledger. */
  | 'unreadable';

export interface SignatureRow {
  readonly status: SignatureStatus;
  /** The `signature.attached` event. */
  readonly event: EventId;
  /** Its writer's clock. */
  readonly at: string;
  /** `SHA256:…` as ssh-keygen prints it; null where no key could be read. */
  readonly fingerprint: string | null;
  /** Such as `ssh-ed25519`; null where no key could be read. */
  readonly keyType: string | null;
  /** The principals of the line of allowed_signers that has the key; null where none has. */
  readonly principals: string | null;
}
