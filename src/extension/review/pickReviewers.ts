import { l10n } from 'vscode';
import type { ReviewerChoice } from '../../trail/reviewersApi.js';
import type { TrailSession } from '../session/trailSession.js';
import { pickMany, type Answer, type StepFrame } from '../ui/quickInput.js';

/**
 * Asks whose review is wanted; gives addresses. `optional`: nobody at all may be named, too. Undefined
 * where the person left, an empty list where nobody could be asked.
 */
export async function pickReviewers(
  session: TrailSession,
  frame: StepFrame & {
    readonly optional: boolean;
    /** Were asked before. */
    readonly asked?: readonly string[];
    readonly ticked?: readonly string[];
  },
): Promise<Answer<readonly string[]>> {
  const { optional, asked = [], ticked = [], ...step } = frame;
  const choices = await session.requireTrail().reviewers();
  const free = choices.filter(({ email }) => !asked.includes(email));
  if (free.length === 0) {
    return [];
  }
  return await pickMany<string>({
    ...step,
    placeholder: optional
      ? l10n.t('Ask for review from… (press Enter to ask nobody in particular)')
      : l10n.t('Ask for review from…'),
    missing: optional ? null : l10n.t('Tick at least one person.'),
    items: free.map((choice) => ({
      label: choice.name,
      description: descriptionOf(choice),
      value: choice.email,
      picked: ticked.includes(choice.email),
    })),
  });
}

function descriptionOf({ name, email, roles, isNew }: ReviewerChoice): string {
  return [
    ...(name === email ? [] : [email]),
    ...roles,
    ...(isNew ? [l10n.t('only in the policy so far')] : []),
  ].join(' · ');
}
