import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<number>();

/**
 * While `work` runs, a git that talks to a remote may take at most `limit` milliseconds, one run each; less where
 * whoever runs this set less.
 */
export function withPatience<T>(limit: number, work: () => Promise<T>): Promise<T> {
  return current.run(Math.min(limit, patienceNow()), work);
}

/** The limit that holds now, in milliseconds; Infinity where nobody set one. */
export function patienceNow(): number {
  return current.getStore() ?? Infinity;
}
