import { createHash } from 'node:crypto';
import type { Digest } from '../../../src/core/ids.js';

/** The files in a commit of the ledger branch. */
export interface GitLedger {
  readonly open: Uint8Array;
  /** From the first. */
  readonly volumes: readonly Uint8Array[];
}

/** What was asked of a ledger and what it acknowledged: all that must outlive every fault. */
export class Promises {
  /** Texts whose append was begun. */
  readonly attempted = new Set<string>();
  /** The event of each text whose append was acknowledged. */
  readonly acknowledged = new Map<string, string>();
  /** Texts of processes that ended before they were told: recorded once or not at all. */
  readonly unclear = new Set<string>();
  readonly drafts = new Map<Digest, string>();
  isCreated = false;
  /** The ledger in git, which keeps its own promises; null before the first sync. */
  ref: GitLedger | null = null;
  commits = 0;
  /** Whether the ref is newer than what was pulled. */
  hasPulled = false;
  /** Number of events that a sync which was acknowledged has shared. */
  synced = 0;
  #randomCount = 0;

  copy(): Promises {
    const copy = new Promises();
    for (const text of this.attempted) copy.attempted.add(text);
    for (const text of this.unclear) copy.unclear.add(text);
    for (const [text, id] of this.acknowledged) copy.acknowledged.set(text, id);
    for (const [digest, text] of this.drafts) copy.drafts.set(digest, text);
    const { isCreated, ref, commits, hasPulled, synced } = this;
    copy.#randomCount = this.#randomCount;
    return Object.assign(copy, { isCreated, ref, commits, hasPulled, synced });
  }

  /** The same in each run, and never the same twice. */
  randomBytes(count: number): Uint8Array {
    const text = String(++this.#randomCount);
    return createHash('sha256').update(text).digest().subarray(0, count);
  }
}
