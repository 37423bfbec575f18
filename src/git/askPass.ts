import { AsyncLocalStorage } from 'node:async_hooks';

const unasked = new AsyncLocalStorage<true>();

/** While `work` runs, git asks no program for a password: nobody began it, so nobody may be there to answer. */
export function withoutAskPass<T>(work: () => Promise<T>): Promise<T> {
  return unasked.run(true, work);
}

/**
 * Whether a git that talks to a remote may run the program which the user named for passwords (GIT_ASKPASS, or
 * core.askPass): where somebody or a script began this. It gets the time of that git, and is ended with it.
 */
export function mayAskPass(): boolean {
  return unasked.getStore() === undefined;
}
