import type { ChangeKind } from '../core/policy.js';
import type { ActiveRow, VersionRow } from '../core/rows.js';
import type { TextDiff } from '../core/textDiff.js';

/** Two versions, or what was active in an environment at two times (ISO 8601 UTC, by the recorders' clocks). */
export type CompareInput =
  | { readonly before: string; readonly after: string }
  | { readonly path: string; readonly env: string; readonly from: string; readonly to: string };

/** One side of a comparison. */
export interface ComparedSide {
  readonly version: VersionRow;
  /** The deployment that made it the active one; null where versions were named. */
  readonly active: ActiveRow | null;
}

/** A version behind the older side, up to the newer one. */
export interface VersionBetween {
  readonly version: VersionRow;
  /** Deployments of it to the environment that was asked about, in that time; empty where none was named. */
  readonly active: readonly ActiveRow[];
}

export interface Compared {
  /** Null: nothing was active then. */
  readonly before: ComparedSide | null;
  readonly after: ComparedSide | null;
  /** By the formats of the texts; null where nobody can tell, or nothing was active on either side. */
  readonly parts: Readonly<Record<ChangeKind, 'same' | 'changed' | null>>;
  /** Null where a text is not here, was redacted, or is no UTF-8; `problems` says why. So where nothing was active at all. */
  readonly diff: TextDiff | null;
  /** Of one prompt: the versions that led from one side to the other, oldest first. */
  readonly between: readonly VersionBetween[];
  /** One sentence each. */
  readonly problems: readonly string[];
}
