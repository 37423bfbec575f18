import type { EventDraft, RevisionSource } from '../core/event.js';
import type { PersonId, PromptId } from '../core/ids.js';

/** The event of a move by the acting person, which no commit brought. */
export function movedDraft(
  prompt: PromptId,
  who: PersonId,
  { from, to, origin }: { from: string; to: string; origin: RevisionSource },
): EventDraft {
  const body = { from, to, commit: null, origin };
  return { type: 'prompt.moved', who, prompt, refs: { author: null }, body, identity: 'git' };
}

/** The event of a deletion by the acting person, which no commit brought. */
export function removedDraft(
  prompt: PromptId,
  who: PersonId,
  { path, origin }: { path: string; origin: RevisionSource },
): EventDraft {
  const body = { path, commit: null, origin };
  return { type: 'prompt.removed', who, prompt, refs: { author: null }, body, identity: 'git' };
}
