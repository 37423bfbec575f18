import type { DecisionKind, PolicySource } from './event.js';
import type { Digest, EventId, LedgerId, PersonId, PromptId } from './ids.js';

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
  /** Environments in which this version is the active one. */
  readonly activeIn: readonly string[];
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
  /** The prompt has no file any more. */
  | 'missing';

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
}

/** A version that waits for a decision. */
export interface ReviewRow {
  readonly version: VersionRow;
  /** Last approved version before this one. */
  readonly base: VersionRow | null;
  readonly waitsForMe: boolean;
  /** Why the acting person cannot approve it; empty when waitsForMe. */
  readonly blockedBecause: readonly string[];
}

export interface ActiveRow {
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
  /** `proven`: every approval is an ancestor of the deployment. `unproven`: it is not. */
  readonly order: 'proven' | 'unproven';
  readonly rollback: boolean;
  /** Deployed against the rules, in an emergency. */
  readonly breakGlass: boolean;
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

/** Names the whole ledger up to an event (DESIGN.md §1). */
export interface LedgerPoint {
  readonly id: LedgerId;
  readonly size: number;
  /** Merkle root (RFC 6962) over the header bytes, 64 hex digits. */
  readonly root: string;
}

export interface VerifyReport {
  readonly ledger: LedgerPoint | null;
  /** Events whose bytes were checked. */
  readonly checked: number;
  readonly findings: readonly Finding[];
  /** Findings that were left out behind those, because the asker wanted no more. */
  readonly omitted?: number;
  /** True when no finding is an error. */
  readonly intact: boolean;
  /** The first broken event, if any. */
  readonly brokenAt: number | null;
}
