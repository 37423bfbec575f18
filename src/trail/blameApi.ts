import type { EventId } from '../core/ids.js';
import type { ActiveRow, PersonRef, VersionRow } from '../core/rows.js';

export interface BlameInput {
  /** `PATH`, `PATH@vN` or an event id. */
  readonly target: string;
  /** Only lines in which this stands, in whatever case; its white space may be a line's end in the text. */
  readonly grep?: string;
  /** Whose first deployment of each version is told. */
  readonly env?: string;
}

export interface BlameLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** The version that brought the line in as it stands now; of `versions`. */
  readonly version: EventId;
}

/** A version that brought lines in, or words that were looked for. */
export interface BlamedVersion {
  readonly version: VersionRow;
  /** Who wrote what was recorded between the version before it and this one, and the bytes that were proposed. */
  readonly authors: readonly PersonRef[];
  /** Whose approvals stand on it. */
  readonly approvedBy: readonly PersonRef[];
  /**
   * The first deployment by which this version or a later one up to the one that was asked about became active in the
   * environment: from then on the lines were in use there. Null where that never happened, or no environment was named.
   */
  readonly firstActive: ActiveRow | null;
  /**
   * When the last of these deployments ended, where the lines or words are not active in the environment any more; null
   * while they are, and where a later version than the one that was asked about may still have them.
   */
  readonly activeUntil: string | null;
  /**
   * Versions just before it whose texts are gone or not here, oldest first: they may have brought the lines in instead.
   */
  readonly orBefore: readonly EventId[];
}

/** How the words that were looked for came and went. */
export interface BlameTurn {
  readonly version: EventId;
  readonly what: 'came' | 'went';
}

export interface Blamed {
  readonly version: VersionRow;
  readonly lines: readonly BlameLine[];
  /** All that `lines` and `turns` name, oldest first. */
  readonly versions: readonly BlamedVersion[];
  /** Of `grep`, oldest first, up to the version that was asked about; empty where nothing was looked for. */
  readonly turns: readonly BlameTurn[];
  /** Versions before it whose texts could not be read: redacted, or not in this clone. */
  readonly unread: readonly { readonly label: string; readonly why: string }[];
  /** Versions that were not looked at because there are too many before it; their lines count as of the oldest looked at. */
  readonly older: number;
}
