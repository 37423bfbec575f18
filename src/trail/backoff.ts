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
