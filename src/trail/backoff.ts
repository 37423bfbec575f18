const leastSpread = 100;
const greatestSpread = 2_000;

/**
 * Milliseconds to wait before a sync is tried again that another clone outran. Who waits less than a round
 * takes meets the same clones again, so the spread grows with what the last one `took` (ms) and with each
 * attempt (from 1). `random`: from 0 to 1.
 */
export function backoff(attempt: number, took: number, random = Math.random()): number {
  return random * attempt * Math.min(Math.max(took, leastSpread), greatestSpread);
}

const minute = 60_000;
/** How long a problem is left alone at least and at most, in milliseconds. */
const refusedPause = [5 * minute, 4 * 60 * minute] as const;
const hangingPause = [3 * minute, 15 * minute] as const;
/** A remote that let somebody wait as long before it failed, in milliseconds, is not asked again by the next act. */
const longWait = 5_000;

/** How the last sync failed, and what it took; the times ISO 8601. */
export interface Failure {
  readonly code: string;
  readonly at: string;
  readonly since: string;
  /** Milliseconds until it failed. */
  readonly waited: number;
}

/**
 * When a sync that nobody asked for may try again, in milliseconds since 1970: after as long as the problem has
 * lasted, so that the pauses double. 0 where nothing has to wait: who is offline learns that in an instant.
 */
export function retryAt({ code, at, since, waited }: Failure): number {
  const isHanging = code === 'git.timeout' || (code === 'sync.offline' && waited >= longWait);
  const limits = code === 'sync.refused' ? refusedPause : isHanging ? hangingPause : null;
  if (limits === null) return 0;
  const [least, most] = limits;
  const last = Date.parse(at);
  return last + Math.min(most, Math.max(least, last - Date.parse(since)));
}
