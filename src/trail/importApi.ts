import type { ImportTotals } from '../core/event.js';
import type { Watch } from '../core/watch.js';

export interface ImportInput {
  /** Names of branches, tags or other refs; default: HEAD, all branches, those of the remotes too, and all tags. */
  readonly refs?: readonly string[];
  /** Tags that name deployments: globs over their names. Needs `env`. */
  readonly tags?: readonly string[];
  /** The environment that the tags were deployed to. */
  readonly env?: string;
  /** Only tells what it would record. */
  readonly dryRun?: boolean;
  readonly watch?: Watch;
}

export interface ImportReport {
  readonly dryRun: boolean;
  /** Names of the refs that were gone through. */
  readonly refs: readonly string[];
  /** Of those commits the ones that no other has as an ancestor. */
  readonly tips: readonly string[];
  /** Commits gone through, and what was recorded of them (with `dryRun`: what would be). */
  readonly totals: ImportTotals;
  /** Versions that tags made of bytes that were none before. */
  readonly versions: number;
  /** People that had to be declared for it. */
  readonly people: number;
  /** What the ledger had already: revisions, moves and removals. */
  readonly alreadyKnown: number;
  /** Changes of commits that are copies of others (rebased, cherry-picked, amended): they count once. */
  readonly copies: number;
  /** What people should know of it, one sentence each. */
  readonly caveats: readonly string[];
}
