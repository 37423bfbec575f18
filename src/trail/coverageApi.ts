import type { CoverageReason, CoverageState } from '../core/coverage.js';
import type { Digest, EventId, PromptId, WriterId } from '../core/ids.js';
import type { LedgerPoint, PersonRef } from '../core/rows.js';
import type { Watch } from '../core/watch.js';

export interface CoverageInput {
  /** Leave out what only commits have that stand before the start of the trail. */
  readonly fromStart?: boolean;
  /** Globs of names of refs, full or as git shortens them; `*` goes across slashes. None: HEAD, branches, remote-tracking branches and tags. */
  readonly refs?: readonly string[];
  readonly watch?: Watch;
}

/** Bytes that git has at a path, and what the ledger knows of them. */
export interface CoverageRow {
  /** As far as it can be shown. */
  readonly path: string;
  readonly prompt: PromptId | null;
  readonly blob: string;
  /** Null where they were not read. */
  readonly digest: Digest | null;
  readonly state: CoverageState;
  readonly why: CoverageReason | null;
  /** The first commit that has them, and what it claims of its author. */
  readonly commit: string;
  readonly author: { readonly name: string; readonly email: string };
  /** ISO 8601, UTC; null where the commit names no moment of a calendar. */
  readonly authoredAt: string | null;
  /** The first ten of the counted refs whose history has them. */
  readonly refs: readonly string[];
  /** What proves that they are covered. */
  readonly event: EventId | null;
}

/** A revision whose commit no ref leads to. */
export interface OrphanRow {
  readonly event: EventId;
  readonly seq: number;
  readonly prompt: PromptId | null;
  readonly path: string | null;
  readonly digest: Digest;
  readonly commit: string;
  readonly author: PersonRef;
  /** Where the bytes still are: in a commit of a ref, as a text in the ledger, or nowhere that is known here. */
  readonly bytes: 'on-ref' | 'in-ledger' | 'gone';
  /** Whether this clone still has the commit, until git cleans up. */
  readonly here: boolean;
}

export interface PauseEnd {
  readonly event: EventId;
  readonly by: PersonRef;
  readonly at: string;
  /** Null where it was redacted. */
  readonly reason: string | null;
}

/** A time in which the recorder of a clone was off. */
export interface PauseRow {
  readonly writer: WriterId;
  /** It is this clone's. */
  readonly own: boolean;
  readonly paused: PauseEnd;
  /** Null while it is off. */
  readonly resumed: PauseEnd | null;
  /** Revisions that were recorded neither before it nor after its end, by all clones, and by this one. */
  readonly revisions: number;
  readonly ownRevisions: number;
  /** Of those the commits that git has on refs: what changed meanwhile, as far as topology tells. */
  readonly commits: readonly string[];
}

/** Numbers of what was gone through. `files` is the sum of all states. */
export interface CoverageTotals {
  readonly commits: number;
  readonly refs: number;
  readonly files: number;
  readonly blobs: number;
  readonly paths: number;
}

export interface CoverageReport {
  readonly ledger: LedgerPoint;
  readonly rows: readonly CoverageRow[];
  readonly totals: CoverageTotals;
  readonly states: Readonly<Record<CoverageState, number>>;
  readonly orphans: readonly OrphanRow[];
  readonly pauses: readonly PauseRow[];
  /** Names of refs that were counted, and of those that were not. */
  readonly refs: readonly string[];
  readonly otherRefs: readonly string[];
  /** Globs that no ref matches. */
  readonly noRefs: readonly string[];
  /** Files that only other refs have. */
  readonly elsewhere: number;
  /** Files that were left out because only commits before the start have them. */
  readonly beforeStart: number;
}
