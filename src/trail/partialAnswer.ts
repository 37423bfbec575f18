import type { PromptAuditError } from '../core/errors.js';
import { isLeftAtRemote } from '../git/objects.js';

/** What a partial clone lacks is no answer, whichever object it was: then throws what `incomplete` makes of it. */
export async function noPartialAnswer<T>(
  work: () => Promise<T>,
  incomplete: (cause: unknown) => PromptAuditError,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isLeftAtRemote(error) ? incomplete(error) : error;
  }
}
