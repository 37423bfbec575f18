import { PromptAuditError } from '../core/errors.js';
import { report as tell, type Watch } from '../core/watch.js';
import type { TrailContext } from './context.js';

/** Milliseconds of work after which others get their turn. */
const turn = 40;
const mostAttempts = 5;

/** Called between items of long work: tells how far it is, lets it be cancelled, and lets others have their turn. */
export class Pace {
  readonly #watch: Watch | undefined;
  readonly #breathes: boolean;
  #done = 0;
  #since = Date.now();

  constructor(watch: Watch | undefined, breathes = true) {
    this.#watch = watch;
    this.#breathes = breathes;
  }

  /** Throws `cancelled`. */
  async step(items = 1): Promise<void> {
    this.#done += items;
    if (Date.now() - this.#since < turn) return;
    this.tell();
    if (this.#breathes) await new Promise((resolve) => setImmediate(resolve));
    this.#since = Date.now();
  }

  /** Tells at once, between parts of the work. Throws `cancelled`. */
  tell(): void {
    tell(this.#watch, { what: 'export', done: this.#done, total: null });
  }

  /** Works through a list. */
  async map<T, R>(items: readonly T[], work: (item: T) => R): Promise<R[]> {
    const results: R[] = [];
    for (const item of items) {
      results.push(work(item));
      await this.step();
    }
    return results;
  }
}

/**
 * Does work whose result must speak of one state of the ledger: where that changed meanwhile, it is done anew, in the
 * end without letting others have their turn. Throws `ledger.locked` where it never keeps still.
 */
export async function whileSteady<T>(
  { store }: TrailContext,
  watch: Watch | undefined,
  work: (pace: Pace) => Promise<T>,
): Promise<T> {
  const stamp = (): string => `${store.epoch} ${store.size} ${store.syncedSize}`;
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    tell(watch, { what: 'export', done: 0, total: null });
    const before = stamp();
    const result = await work(new Pace(watch, attempt <= 2));
    if (stamp() === before) return result;
  }
  throw new PromptAuditError({
    code: 'ledger.locked',
    message:
      'Others recorded in this ledger all the time, so nothing could be handed out of one piece.',
    remedy: 'Try again in a moment.',
  });
}
