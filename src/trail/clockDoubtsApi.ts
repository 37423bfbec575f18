import type { EventId } from '../core/ids.js';

/** The times of which answer are asked about: of what was active at a time, or of deployments. */
export type ClockDoubtsInput =
  | {
      readonly path: string | null;
      readonly env: string | null;
      /** ISO 8601 UTC; null: now, when no clock decides what is active. */
      readonly at: string | null;
      readonly asKnownAt?: string | number;
    }
  | { readonly deployments: readonly EventId[] };

/** Part of Trail. */
export interface ClockQueries {
  /**
   * What the order of events says against claimed times, and what a wrong clock keeps out of a ledger as it was known:
   * one English sentence each, empty where nothing does. Throws `prompt.unknown`, `usage`.
   */
  clockDoubts(input: ClockDoubtsInput): Promise<readonly string[]>;
}
