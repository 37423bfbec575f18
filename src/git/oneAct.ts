import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<Map<string, Promise<unknown>>>();

/** While `work` runs, it asks git once for what does not change meanwhile, such as the user's configuration. */
export function withinAct<T>(work: () => Promise<T>): Promise<T> {
  return current.getStore() === undefined ? current.run(new Map(), work) : work();
}

/** The answer that this act has under a name already, else that of `ask`; without an act always the latter. */
export function askOnce<T>(name: string, ask: () => Promise<T>): Promise<T> {
  const answers = current.getStore();
  if (answers === undefined) return ask();
  const known = answers.get(name);
  if (known !== undefined) return known as Promise<T>;
  const asked = ask();
  answers.set(name, asked);
  // What failed may go well the next time.
  asked.catch(() => answers.delete(name));
  return asked;
}

/** For what may have changed while this act waited for others. */
export function askAgain(name: string): void {
  current.getStore()?.delete(name);
}
