import type { IdentityAssertion } from '../core/event.js';
import type { Digest, EventId } from '../core/ids.js';
import type { RedactionRef } from '../core/rows.js';

export interface RedactInput {
  /**
   * An event id or its first seven digits or more (its body), a digest (that text), `PATH@v3` (its text),
   * or a person by name, e-mail or id (every declaration of all their ids).
   */
  readonly target: string | { readonly person: string };
  /** The other part of what the target names: an event's text, a version's note. */
  readonly part?: 'body' | 'content';
  /** Stays for ever. May be missing for a dry run. */
  readonly reason?: string;
  readonly identity: IdentityAssertion;
  /** Only says what it would do. */
  readonly dryRun?: boolean;
}

/** A body or a content that a redaction removes. */
export interface RedactedItem {
  readonly target: EventId | Digest;
  readonly part: 'body' | 'content';
  /** "the text of v3", "the details of a person". */
  readonly what: string;
  readonly path: string | null;
  /** The redaction that had removed it before; null for a new one. */
  readonly before: RedactionRef | null;
}

/** A place in the trail that still names a redacted person. */
export interface Mention {
  readonly event: EventId;
  readonly seq: number;
  readonly part: 'body' | 'content';
  /** "adopted the policy 3f9c21d". */
  readonly what: string;
  readonly path: string | null;
}

export interface RedactReport {
  readonly dryRun: boolean;
  readonly items: readonly RedactedItem[];
  /** The `redacted` events; empty for a dry run. */
  readonly events: readonly EventId[];
  /** Why the policy refuses it, in a dry run; empty when it does not. */
  readonly reasons: readonly string[];
  /** Only for a person. */
  readonly mentions: readonly Mention[];
  /** Where the bytes still are or may be, one sentence each. */
  readonly stays: readonly string[];
}

export interface PurgeInput {
  readonly reason: string;
  readonly identity: IdentityAssertion;
  /** Also drops unreachable objects of this clone's git, all of them. */
  readonly prune?: boolean;
}

export interface PurgeReport {
  /** Null where the ledger has no remote. */
  readonly remote: string | null;
  /** Number of commits that were dropped, and the newest of them. */
  readonly commits: number;
  readonly tip: string;
  /** The one commit that holds the same files. */
  readonly commit: string;
  readonly event: EventId;
  readonly pruned: boolean;
  /** What to run to drop the old objects: here (unless pruned) and in every other clone. */
  readonly commands: readonly string[];
  /** Where the old commits still are or may be, one sentence each. */
  readonly stays: readonly string[];
}
