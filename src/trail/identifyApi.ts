import type { Digest, EventId, PromptId } from '../core/ids.js';
import type { ActiveRow, PersonRef, RedactionRef } from '../core/rows.js';
import type { TextDiff, UnseenDifference } from '../core/textDiff.js';
import type { Watch } from '../core/watch.js';

/** What is to be identified: a text or the bytes of a file, of at most `maxPromptBytes`, or a digest. */
export type IdentifyInput = {
  /** Only so many near matches, the best first; 0: none are looked for. Default 3, at most 20. */
  readonly near?: number;
  readonly watch?: Watch;
} & (
  | { readonly text: string | Uint8Array }
  /** `sha256:` and 64 hex digits, or the first hex digits of it, at least 7. */
  | { readonly digest: string }
);

/**
 * `exact`: the same bytes. `same-text`: the same lines, but for what `unseen` says. `part`: it stands in the version,
 * word for word but for white space. `whole`: the version's text stands in it so. `near`: neither, but much is alike.
 */
export type IdentifyMatch = 'exact' | 'same-text' | 'part' | 'whole' | 'near';

/** When the bytes were the active ones of a prompt in an environment. */
export type IdentifiedSpan = Pick<
  ActiveRow,
  'env' | 'version' | 'deployment' | 'from' | 'to' | 'deployedBy'
>;

/** A text of the ledger that fits, as one prompt has it. */
export interface IdentifiedRow {
  readonly match: IdentifyMatch;
  /** From 0 to 1: the share of words that both texts have in common; 1 for all but `near`. */
  readonly similarity: number;
  readonly digest: Digest;
  readonly prompt: PromptId;
  readonly path: string;
  /** The first version with these bytes: `v3`, or `v3?` while sync may still renumber it; null: only a draft has them. */
  readonly version: string | null;
  /** All versions of the prompt with these bytes, oldest first. */
  readonly versions: readonly { readonly id: EventId; readonly label: string }[];
  /** The event that first recorded the bytes for this prompt, its writer's clock, and who wrote them. */
  readonly event: EventId;
  readonly at: string;
  readonly by: PersonRef;
  /** The change note of the first version; null where there is none, or it was redacted. */
  readonly note: string | null;
  /** Where and when, oldest first; `to` null while it is active. Failed deployments are not in it. */
  readonly active: readonly IdentifiedSpan[];
  /** True: the prompt was retired. */
  readonly retired?: true;
  /** Lines of the version where a `part` stands, from 1, both included; else null. */
  readonly lines: { readonly line: number; readonly endLine: number } | null;
  /** What differs beside words and lines; empty where nothing does. */
  readonly unseen: readonly UnseenDifference[];
  /** From the version to what was asked about; of `near` matches only. */
  readonly difference: TextDiff | null;
  /** Who redacted the text; absent where nobody did. It is known by its digest all the same. */
  readonly redactions?: readonly RedactionRef[];
}

export interface Identified {
  /** Of the text that was asked about, or the whole digest that the given digits mean; null where they mean none. */
  readonly digest: Digest | null;
  /** Bytes of the text; null for a digest. */
  readonly size: number | null;
  /** Best first. More than one `exact` where several prompts have the same bytes. */
  readonly rows: readonly IdentifiedRow[];
  /** Texts that fit, of which `rows` has the best; the same as `rows.length` where none was left out. */
  readonly found: number;
  /** Different texts of versions with which it was compared; 0 where it was found by digest. */
  readonly compared: number;
  /** Those with which it could not be compared. */
  readonly notCompared: {
    readonly redacted: number;
    /** Not in this clone. */
    readonly missing: number;
    /** Too large, or older than as many as one search looks at. */
    readonly beyondLimits: number;
  };
}
