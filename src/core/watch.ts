import { PromptAuditError } from './errors.js';

/** How far a long task has come; `total` null where nobody knows yet. */
export interface Progress {
  readonly what: 'open' | 'verify' | 'search' | 'sync' | 'redact' | 'sign' | 'import' | 'export';
  /** Events, or steps of the task, that are done. */
  readonly done: number;
  readonly total: number | null;
}

/** Somebody who looks on while a long task runs, and may end it. Both are called every few hundred events. */
export interface Watch {
  readonly progress?: (progress: Progress) => void;
  readonly isCancelled?: () => boolean;
}

/** Tells the watcher how far it is. Throws `cancelled` when they want no more. */
export function report(watch: Watch | undefined, progress: Progress): void {
  watch?.progress?.(progress);
  if (watch?.isCancelled?.() !== true) return;
  throw new PromptAuditError({
    code: 'cancelled',
    message: 'Cancelled.',
    remedy: 'Nothing was changed. Start it again when you like.',
  });
}
