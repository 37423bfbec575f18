import type { Digest, EventId, LedgerId, PersonId, PromptId, WriterId } from './ids.js';

/** Where a revision's bytes were recorded. */
export type RevisionSource = 'editor' | 'cli';

/** How a change was met: in the editor, by a command, found in git, or in its history by an import. */
export type ChangeOrigin = RevisionSource | 'observed' | 'imported';

/** What stands on a commit as its signature; nobody checked it. */
export type CommitSignature = 'none' | 'openpgp' | 'ssh' | 'x509';

/** What the review of a break-glass deployment came to: it was right, or something must be done about it. */
export type ReviewOutcome = 'accepted' | 'objected';

export type DecisionKind = 'approved' | 'changes-requested' | 'rejected';

/** How the acting person was established. `unattended`: nobody was asked (CI, `--yes`). */
export type IdentityAssertion = 'git' | 'unattended';

/** Members that every body has besides those of its type. */
export interface CommonBody {
  /** 128 random bits as 32 hex digits: keeps short bodies from being guessed by their digest. */
  readonly salt: string;
  /** Name and version of the program that wrote the event, such as `prompt-audit/0.1.0`. */
  readonly tool: string;
  /** Minutes east of UTC on the writer's clock. */
  readonly utcOffset: number;
  readonly identity: IdentityAssertion;
}

/**
 * For each event type its references (in the header) and what its body adds to CommonBody. Members that may be
 * left out stand in all events of `v` 2 and in none of `v` 1.
 */
export interface EventShapes {
  'ledger.created': { refs: NoRefs; body: NoBody };
  'person.declared': {
    refs: { person: PersonId };
    body: { name: string; email: string };
  };
  'person.joined': { refs: { persons: readonly PersonId[] }; body: NoBody };
  'policy.adopted': {
    refs: { policy: Digest };
    body: {
      policy: string;
      allowedSigners: string | null;
      mailmap: string | null;
      codeowners: string | null;
      source: PolicySource;
      /** Commit that the files came from; null for the working tree. */
      commit: string | null;
    };
  };
  'prompt.registered': { refs: NoRefs; body: { path: string; format: string } };
  'prompt.moved': {
    /** Null where no commit says who; then it was the acting person. */
    refs: { author?: PersonId | null };
    body: { from: string; to: string; commit?: string | null; origin?: ChangeOrigin };
  };
  'prompt.removed': {
    refs: { author: PersonId | null };
    body: { path: string; commit: string | null; origin: ChangeOrigin };
  };
  'prompt.retired': { refs: NoRefs; body: { reason: string } };
  'revision.saved': {
    refs: { digest: Digest };
    body: { path: string; size: number; source: RevisionSource };
  };
  'revision.observed': {
    refs: {
      digest: Digest;
      author: PersonId;
      /** Null: the author. */
      committer?: PersonId | null;
      coAuthors?: readonly PersonId[];
    };
    body: {
      path: string;
      size: number;
      commit: string;
      authoredAt: string;
      committedAt?: string;
      origin?: 'observed' | 'imported';
      /** Names of programs that the commit's trailers claim to have written it. */
      agents?: readonly string[];
      signed?: CommitSignature;
    };
  };
  'version.proposed': {
    refs: {
      digest: Digest;
      revision: EventId;
      number: number;
      /** Of an imported tag: the commit that it names. Its author is that of the revision. */
      commit?: string | null;
      /** What the text says of itself, part by part; null where nobody could read it as its format. `v` 3. */
      parts?: VersionParts | null;
    };
    body: { path: string; note: string };
  };
  'review.requested': {
    refs: { version: EventId; persons: readonly PersonId[] };
    body: { note: string | null };
  };
  'version.withdrawn': { refs: { version: EventId }; body: { reason: string } };
  'review.decided': {
    refs: {
      version: EventId;
      digest: Digest;
      policy: Digest;
      decision: DecisionKind;
      /** The environments for which it was given; null: for all. `v` 3. */
      envs?: readonly string[] | null;
    };
    body: { meaning: string; reason: string | null };
  };
  'review.revoked': { refs: { decision: EventId }; body: { reason: string } };
  'review.commented': {
    /** `thread`: the first comment of the talk that this one belongs to; null: it is the first. `v` 3. */
    refs: { version: EventId; thread?: EventId | null };
    /** Lines of the version's text, from 1, both ends included; null: the whole version. */
    body: { text: string; line: number | null; endLine?: number | null };
  };
  'review.resolved': {
    /** `thread`: its first comment. False opens it again. */
    refs: { thread: EventId; resolved: boolean };
    body: { note: string | null };
  };
  'deployment.recorded': {
    refs: {
      version: EventId;
      digest: Digest;
      policy: Digest;
      env: string;
      outcome: 'succeeded' | 'failed';
      breakGlass: boolean;
      /** The deployment that this one replaces, if the environment had one. */
      previous: EventId | null;
      /** The deployment whose version is left, when this is a rollback. */
      rollbackOf: EventId | null;
      /** Of an imported tag: the commit that it names. No policy of this ledger was asked then. */
      commit?: string;
      /** When the tag claims to have been made. */
      claimedAt?: string;
      /** The deployment in the environment before, which this one promotes; null: it promotes none. `v` 4. */
      promotedFrom?: EventId | null;
    };
    body: {
      note: string | null;
      reference: string | null;
      /** The release it is part of, and the pipeline run that made it: names or links. `v` 4. */
      release?: string | null;
      pipeline?: string | null;
    };
  };
  /** Somebody else looked at a break-glass deployment afterwards. `v` 4. */
  'deployment.reviewed': {
    refs: { deployment: EventId; outcome: ReviewOutcome };
    body: { findings: string };
  };
  'deployment.ended': {
    /** Of an imported tag that has the prompt no more: the commit that it names, and when it claims to have been made. */
    refs: { deployment: EventId; commit?: string; claimedAt?: string };
    body: { reason: string };
  };
  'attempt.denied': {
    refs: {
      attempted:
        'review.decided' | 'deployment.recorded' | 'deployment.ended' | 'deployment.reviewed';
      version: EventId;
      policy: Digest;
      /** The environment of a denied deployment, else null. */
      env: string | null;
      /** The decision that was denied, else null. */
      decision: DecisionKind | null;
      /** The deployment that was not to be ended or reviewed, else null. `v` 4. */
      deployment?: EventId | null;
    };
    body: { reasons: readonly DenialReason[] };
  };
  'signature.attached': {
    refs: { event: EventId; signature: Digest };
    body: NoBody;
  };
  'recorder.paused': { refs: NoRefs; body: { reason: string } };
  'recorder.resumed': { refs: NoRefs; body: { reason: string } };
  redacted: { refs: { target: EventId | Digest }; body: { reason: string } };
  /** The commits of the ledger branch were replaced by one that holds the same files. */
  'history.purged': {
    refs: NoRefs;
    body: {
      reason: string;
      /** Number of commits that were dropped. */
      commits: number;
      /** The newest of them. */
      tip: string;
    };
  };
  'trail.reviewed': {
    refs: NoRefs;
    body: { scope: string; findings: string; disposition: string };
  };
  'trail.exported': {
    /** SHA-256 of the export's list of sums (`v` 4): which files were handed out. */
    refs: { sums?: Digest };
    /** Numbers of files and of rows in them. `v` 4. */
    body: { scope: string; files?: number; rows?: number };
  };
  'history.imported': {
    refs: NoRefs;
    body: {
      scope: string;
      /** `start`: the trail starts behind these commits, and what is before them was not imported. */
      mode?: 'start' | 'import';
      /** Commits that no other of them has as an ancestor. */
      tips?: readonly string[];
      totals?: ImportTotals;
    };
  };
}

/** Digests of the parts of a prompt's text, so that what a version changes can be told for ever (policy rules by `changes`). */
export interface VersionParts {
  /** Everything that is in no other part. */
  readonly text: Digest;
  /** Model and its parameters; null: the text names none. */
  readonly model: Digest | null;
  readonly tools: Digest | null;
  readonly permissions: Digest | null;
}

/** Control totals of an import: numbers of what it went through and of what it recorded. */
export interface ImportTotals {
  readonly commits: number;
  readonly prompts: number;
  readonly revisions: number;
  readonly moves: number;
  readonly removals: number;
  readonly deployments: number;
  /** Changes that could not be read: names that are not UTF-8, texts that are not here or too large. */
  readonly unread: number;
}

export interface DenialReason {
  readonly code: string;
  readonly events: readonly EventId[];
}

/** Where an adopted policy was read: the protected branch, or the working tree where that has none. */
export type PolicySource = 'protected-branch' | 'working-tree';

export type NoRefs = Readonly<Record<never, never>>;
export type NoBody = Readonly<Record<never, never>>;

export type EventType = keyof EventShapes;

/** The members that all headers share (DESIGN.md §3). */
export interface HeaderFrame {
  readonly at: string;
  readonly body: Digest;
  readonly ledger: LedgerId;
  readonly n: number;
  readonly parents: readonly EventId[];
  readonly prompt?: PromptId;
  readonly v: number;
  readonly who: PersonId;
  readonly writer: WriterId;
}

/** One event as the ledger holds it: its exact texts, and what they say. */
export interface EventOf<T extends EventType> {
  readonly known: true;
  readonly type: T;
  readonly id: EventId;
  readonly headerText: string;
  /** Null when the body was redacted or is withheld. */
  readonly bodyText: string | null;
  readonly header: HeaderFrame & {
    readonly type: T;
    readonly refs: EventShapes[T]['refs'];
  };
  readonly body: (CommonBody & EventShapes[T]['body']) | null;
}

export type KnownEvent = { [T in EventType]: EventOf<T> }[EventType];

/** An event of a type or version that this program does not know: kept, shown and verified all the same. */
export interface UnknownEvent {
  readonly known: false;
  readonly type: string;
  readonly id: EventId;
  readonly headerText: string;
  readonly bodyText: string | null;
  readonly header: HeaderFrame & { readonly type: string };
  readonly body: null;
}

export type LedgerEvent = KnownEvent | UnknownEvent;

/** What a use-case asks to be recorded; the store adds writer, counter, parents, clock and salt. */
export type EventDraft = {
  [T in EventType]: {
    readonly type: T;
    readonly who: PersonId;
    readonly prompt?: PromptId;
    readonly refs: EventShapes[T]['refs'];
    readonly body: EventShapes[T]['body'];
    readonly identity: IdentityAssertion;
  };
}[EventType];
