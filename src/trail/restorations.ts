import type { PromptRecord } from '../core/state.js';
import type { TrailContext } from './context.js';

/**
 * Whether a prompt that counts as deleted was restored, now that its file is here: somebody deleted it without a
 * commit, or the commit that did is one of HEAD's. Else this branch is one that has it still.
 */
export async function isRestored(
  { state, site }: TrailContext,
  prompt: PromptRecord,
): Promise<boolean> {
  if (!prompt.removed) return false;
  const commit = removalOf(state, prompt);
  return commit === null || ((await site.git?.isAncestor(commit, 'HEAD')) ?? false);
}

/** The commit that deleted a prompt's file last; null where none is named. */
function removalOf(state: TrailContext['state'], prompt: PromptRecord): string | null {
  const seq = state
    .seqsOfType('prompt.removed')
    .findLast((at) => state.promptOfEvent(at) === prompt.id);
  const event = seq === undefined ? undefined : state.event(seq);
  return event?.known && event.type === 'prompt.removed' ? (event.body?.commit ?? null) : null;
}
