import { PromptAuditError } from '../core/errors.js';
import type { Digest } from '../core/ids.js';
import type { TrailContext } from './context.js';
import { committedText } from './committedText.js';
import { assertNotRedacted } from './redactedText.js';

/** The exact bytes of a recorded text. Throws `content.missing`, `content.redacted`. */
export async function content(context: TrailContext, digest: Digest): Promise<Uint8Array> {
  const { state, store } = context;
  assertNotRedacted(state, digest);
  if (store.hasContent(digest)) return store.content(digest);
  const draft = await store.draft(digest);
  if (draft) return draft;
  const committed = await committedText(context, digest);
  if (committed !== null) return committed;
  throw new PromptAuditError({
    code: 'content.missing',
    message: `The text ${digest.slice(0, 14)}… is not in this clone.`,
    remedy: 'Texts of drafts stay with their author until they are proposed; sync for the others.',
  });
}
