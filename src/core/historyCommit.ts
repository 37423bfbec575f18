import type { CommitSignature } from './event.js';
import type { Digest } from './ids.js';

/** A name and an address as a commit claims them; both may be empty, at most 320 characters each. */
export interface ClaimedPerson {
  readonly name: string;
  readonly email: string;
}

/** What a commit says of itself. Nothing of it was checked. */
export interface CommitClaims {
  readonly author: ClaimedPerson;
  readonly committer: ClaimedPerson;
  readonly coAuthors: readonly ClaimedPerson[];
  /** Names of programs that the commit says have written it. */
  readonly agents: readonly string[];
  /** ISO 8601, UTC, with milliseconds; the beginning of 1970 where the commit names no moment of the years 0 to 9999. */
  readonly authoredAt: string;
  readonly committedAt: string;
  readonly signed: CommitSignature;
}

/** What a commit did to one tracked file, against its first parent. Paths are relative to the root, with `/`. */
export type HistoryChange =
  | { readonly kind: 'put'; readonly path: string; readonly blob: string }
  | { readonly kind: 'move'; readonly from: string; readonly path: string; readonly blob: string }
  | { readonly kind: 'drop'; readonly path: string };

/** One commit as the planner takes it. */
export interface HistoryCommit {
  readonly id: string;
  /** As git's walk sees them: none behind the end of a shallow clone. */
  readonly parents: readonly string[];
  /** How many commits of the walk name it as a parent: then its files can be forgotten. */
  readonly children: number;
  /** Of tracked regular files only, each path once. */
  readonly changes: readonly HistoryChange[];
  /** Null where `changes` is empty. */
  readonly claims: CommitClaims | null;
}

/** What is known of a blob. */
export interface BlobFacts {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** One tracked file of a tree. */
export interface TrackedFile {
  readonly path: string;
  /** git's id of the bytes. */
  readonly blob: string;
}
