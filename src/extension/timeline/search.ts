import { isPromptAuditError } from '../../core/errors.js';
import type { Watch } from '../../core/watch.js';
import type { EventFilter } from '../../trail/pageApi.js';

/** One search of a page: all requests with the same text and prompt belong to it. */
export class Search implements Watch {
  private readonly key: string;
  private over = false;
  /** Somebody waits for its end already. */
  awaited = false;

  constructor(filter: EventFilter) {
    this.key = keyOf(filter);
  }

  /** Another filter took its place, so its answers are worth nothing any more. */
  get superseded(): boolean {
    return this.over;
  }

  readonly isCancelled = (): boolean => this.over;

  isAbout(filter: EventFilter): boolean {
    return this.key === keyOf(filter);
  }

  stop(): void {
    this.over = true;
  }

  /** Whether an error only says that this search was stopped. */
  explains(error: unknown): boolean {
    return this.over && isPromptAuditError(error, 'cancelled');
  }
}

function keyOf({ text, prompt }: EventFilter): string {
  return JSON.stringify([text.trim(), prompt]);
}
