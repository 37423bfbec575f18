import type { CommitSignature, DecisionKind, IdentityAssertion } from '../core/event.js';
import type { EventGroup } from '../core/eventGroups.js';
import type { Digest, EventId, PromptId } from '../core/ids.js';
import type {
  ReviewFault,
  Severity,
  SignatureStatus,
  VerdictName,
  VerdictOutcome,
  VersionState,
} from '../core/rows.js';
import type { TrustLevel } from '../core/proofReport.js';
import type { Strings } from './strings.js';

export type { DecisionKind, Digest, EventGroup, EventId, PromptId, Severity, VersionState };
export type {
  CommitSignature,
  ReviewFault,
  SignatureStatus,
  TrustLevel,
  VerdictName,
  VerdictOutcome,
};

export interface TimelineFilter {
  readonly text: string;
  readonly prompt: PromptId | null;
  /** Empty: all groups. */
  readonly groups: readonly EventGroup[];
}

/** What an icon or a chip needs to know besides the type. */
export type RowVariant = DecisionKind | 'rollback' | 'break-glass' | 'failed';

/** One event as the list shows it; long texts are cut by the host. */
export interface TimelineRow {
  readonly seq: number;
  readonly id: EventId;
  readonly type: string;
  /** ISO 8601, UTC: the writer's claim. */
  readonly at: string;
  readonly who: string;
  readonly path: string | null;
  readonly env: string | null;
  readonly note: string | null;
  readonly summary: string;
  readonly synced: boolean;
  readonly variant: RowVariant | null;
  /** Absent where nothing was redacted. */
  readonly redactions?: readonly RedactionNote[];
}

/** Who redacted the details of an event, or its text, and why. */
export interface RedactionNote {
  readonly part: 'body' | 'content';
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** Rows with the ordinals `page * 200` and up; ordinals count matching events, oldest first, from 0. */
export interface RowPage {
  readonly page: number;
  readonly rows: readonly TimelineRow[];
}

export interface RowsResult {
  readonly total: number;
  readonly matching: number;
  /** Events of each group that match text and prompt. */
  readonly counts: Readonly<Record<EventGroup, number>>;
  readonly pages: readonly RowPage[];
  /** Ordinal of the event that was asked for; null when it does not match. */
  readonly located: number | null;
  /** False: only the newest matches are here, and their ordinals will change; `changed` says when. */
  readonly complete: boolean;
}

export interface TimelineFinding {
  /** Names it in a review. */
  readonly key: string;
  readonly verdict: VerdictName;
  readonly severity: Severity;
  readonly seq: number | null;
  readonly event: EventId | null;
  readonly message: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly remedy: string;
  /** Who said last what it turned out to be; null while nobody did. */
  readonly reviewed: {
    readonly by: string;
    readonly at: string;
    readonly disposition: string;
    /** How many said something before. */
    readonly earlier: number;
    /** Why the review does not count; null where this one or one before counts. */
    readonly notCounting: ReviewFault | null;
  } | null;
  /** Whether a review counts. No verdict changes by that. */
  readonly settled: boolean;
}

/**
 * What people read. That nothing speaks against the signatures says little where few or none are there,
 * and must not look as if it held.
 */
export type ShownOutcome = VerdictOutcome | 'unsigned' | 'partly';

/** One of the separate answers of verification, and one sentence on what it rests on. */
export interface VerdictLine {
  readonly name: VerdictName;
  readonly outcome: ShownOutcome;
  readonly warnings: number;
  /** Warnings with a review that counts. */
  readonly reviewed: number;
  readonly basis: string;
}

export type Verification =
  | { readonly state: 'unknown' }
  | {
      readonly state: 'intact' | 'broken';
      /** Events that the verdict covers. */
      readonly size: number;
      /** Those of them whose bytes were checked now. */
      readonly checkedNow: number;
      /** When the others were checked; null where there are none. */
      readonly since: string | null;
      readonly verdicts: readonly VerdictLine[];
      /** Warnings without a review that counts. */
      readonly warnings: number;
      readonly brokenAt: number | null;
      /** The first ones; `findingCount` counts all. */
      readonly findings: readonly TimelineFinding[];
      readonly findingCount: number;
    };

export interface Summary {
  readonly prompts: readonly { readonly id: PromptId; readonly path: string }[];
  readonly verification: Verification;
}

/** A text that the host may have cut; `more` counts the characters left out. */
export interface CutText {
  readonly text: string;
  readonly more: number;
}

export interface EventLink {
  readonly id: EventId;
  /** A sentence; null when the event is not known here. */
  readonly label: string | null;
}

/** A signature of an event; only `good` counts. */
export interface SignatureNote {
  readonly status: SignatureStatus;
  readonly keyType: string | null;
  readonly fingerprint: string | null;
  /** Whose key it is, by the list that the team adopted. */
  readonly principals: string | null;
  /** When it was attached. */
  readonly at: string;
}

/** The commit that an event was read from, as git claims it. */
export interface CommitNote {
  readonly id: string;
  readonly author: string | null;
  readonly committer: string | null;
  readonly coAuthors: readonly string[];
  /** Programs that it says have written it. */
  readonly agents: readonly string[];
  readonly authoredAt: string | null;
  readonly signed: CommitSignature | null;
}

/** Where a deployment can be looked up. */
export interface DeploymentNote {
  readonly what: 'reference' | 'release' | 'pipeline';
  readonly text: string;
}

/** What one rule asked of an event, and what it found. */
export interface RuleTrace {
  readonly name: string;
  readonly passed: boolean;
  readonly steps: readonly {
    readonly passed: boolean;
    readonly text: string;
    /** Why it failed. */
    readonly why: string | null;
    /** What shows it. */
    readonly event: EventId | null;
  }[];
  readonly decisions: readonly {
    readonly counts: boolean;
    readonly text: string;
    /** Why it does not count. */
    readonly why: string | null;
    readonly event: EventId;
  }[];
}

/** Why a verdict is as it is. All texts are words for people. */
export interface VerdictTrace {
  readonly text: string;
  readonly allowed: boolean;
  /** Which policy judged. */
  readonly policy: string;
  readonly adoption: EventId | null;
  readonly rules: readonly RuleTrace[];
  /** What came later, or of which nobody can tell: it changed nothing. */
  readonly later: readonly {
    readonly text: string;
    readonly event: EventId;
    readonly isAfter: boolean;
  }[];
}

export interface TimelineDetail {
  readonly row: TimelineRow;
  readonly commit?: CommitNote;
  readonly deployed?: readonly DeploymentNote[];
  /** Of decisions, deployments, refused attempts and versions. */
  readonly verdict?: VerdictTrace;
  readonly email: string | null;
  readonly utcOffset: number | null;
  readonly note: CutText | null;
  readonly digest: Digest | null;
  readonly tool: string | null;
  readonly identity: IdentityAssertion | null;
  readonly hasDiff: boolean;
  /** Whether there is something that could be redacted; whether one may, the trail decides. */
  readonly canRedact?: boolean;
  /** What the acting person could take back here; absent where nothing. Whether they may, the trail decides. */
  readonly canTakeBack?: TakenBack;
  readonly reasons: readonly string[];
  readonly signatures: readonly SignatureNote[];
  /** What a decision or deployment rests on (docs/THREATS.md); empty for other events. */
  readonly trust: readonly TrustLevel[];
  readonly parents: readonly EventLink[];
  readonly children: readonly EventLink[];
  /** Links that were left out of `children`. */
  readonly moreChildren: number;
  readonly header: CutText;
  /** Null when the body was redacted or is withheld. */
  readonly body: CutText | null;
  readonly version: {
    readonly label: string;
    readonly state: VersionState;
    readonly given: number;
    readonly required: number;
    readonly decisions: readonly {
      readonly by: string;
      readonly decision: DecisionKind;
      readonly at: string;
      readonly reason: string | null;
      /** With a key of their own that counts. */
      readonly signed: boolean;
      readonly meaning?: string;
      /** Only for these environments. */
      readonly envs?: readonly string[];
      /** Its own person took it back. */
      readonly revoked?: boolean;
    }[];
  } | null;
}

/** What somebody may take back: an own decision, or a version that is in review. */
export type TakenBack = 'decision' | 'version';

export interface ReadyResult {
  /** BCP 47, for numbers and dates. */
  readonly locale: string;
  readonly strings: Strings;
  readonly summary: Summary;
  /** A problem when the ledger cannot be read: the page then has words to show it in. */
  readonly rows: RowsResult | { readonly problem: Problem };
  /** An event to open at once. */
  readonly reveal: EventId | null;
}

/** What the page asks of the host, and what it gets for each. */
export interface TimelineCalls {
  ready: {
    ask: { readonly filter: TimelineFilter; readonly locate: EventId | null };
    answer: ReadyResult;
  };
  /** No pages: those at the top of the list. With `locate`, also those around that event. */
  rows: {
    ask: {
      readonly filter: TimelineFilter;
      readonly pages: readonly number[];
      readonly locate: EventId | null;
    };
    answer: RowsResult;
  };
  detail: { ask: { readonly event: EventId }; answer: TimelineDetail | null };
  /** The next older or newer event of the same prompt, among those that match. */
  step: {
    ask: {
      readonly filter: TimelineFilter;
      readonly event: EventId;
      readonly direction: 'older' | 'newer';
    };
    answer: EventId | null;
  };
  /** `full`: also what was checked before. */
  verify: { ask: { readonly full: boolean }; answer: Summary };
  /** Begins the dialogue in which somebody says what a finding turned out to be. */
  review: { ask: { readonly key: string }; answer: null };
  /** False when the event has no text to compare. */
  diff: { ask: { readonly event: EventId }; answer: boolean };
  /** Begins the dialogue; its end is seen in the list. */
  redact: { ask: { readonly event: EventId }; answer: null };
  copyProof: { ask: { readonly event: EventId }; answer: null };
  /** Begins the dialogue that takes something back; its end is seen in the list. */
  takeBack: { ask: { readonly event: EventId; readonly what: TakenBack }; answer: null };
  copyId: { ask: { readonly event: EventId }; answer: null };
}

export type CallKind = keyof TimelineCalls;

/** `id` is chosen by the page and comes back with the reply. */
export type TimelineRequest = {
  [K in CallKind]: { readonly kind: K; readonly id: number } & TimelineCalls[K]['ask'];
}[CallKind];

/** An error as people read it: what happened, what to do. */
export interface Problem {
  readonly message: string;
  readonly remedy: string;
}

export type HostMessage =
  | { readonly kind: 'reply'; readonly id: number; readonly ok: true; readonly result: unknown }
  /** Without a problem: a newer request took the place of this one. */
  | {
      readonly kind: 'reply';
      readonly id: number;
      readonly ok: false;
      readonly problem: Problem | null;
    }
  | { readonly kind: 'changed'; readonly summary: Summary }
  /** What went on behind a reply stopped: a search that had its newest matches sent. */
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'reveal'; readonly event: EventId };
