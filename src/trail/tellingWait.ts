import { patienceNow } from '../git/patience.js';
import type { TrailContext } from './context.js';

/** Milliseconds after which somebody who acts is told what they wait for. */
const silence = 5_000;

/** Runs the sync of an act. Where the remote takes its time, it says so before that is over, and what comes of it. */
export async function tellingWait<T>(context: TrailContext, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(
    () =>
      context.warn(
        'The remote has not answered yet. What you do is recorded here in any case, and sent later if it does not.',
      ),
    Math.min(silence, patienceNow() / 2),
  );
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
