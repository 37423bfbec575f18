import { PromptAuditError } from '../core/errors.js';
import type { Digest } from '../core/ids.js';
import { redactionRefs, redactionSentence } from '../core/redactionRefs.js';
import type { LedgerState } from '../core/state.js';

/** Throws `content.redacted`, which says who redacted the text, when and why. */
export function assertNotRedacted(
  state: LedgerState,
  digest: Digest,
  remedy = 'Its digest, its decisions and its deployments stay in the trail.',
): void {
  const [redaction] = redactionRefs(state, [digest]);
  if (redaction === undefined) return;
  const message = redactionSentence(redaction);
  throw new PromptAuditError({ code: 'content.redacted', message, remedy });
}
