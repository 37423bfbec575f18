import type { DecisionKind } from '../../core/event.js';
import type { DecisionWords } from '../../trail/reviewApi.js';
import type { DecisionAnswers } from './decisionAnswers.js';

/** What goes to the trail with a decision. */
export function decisionWords(
  decision: DecisionKind,
  { reason, meaning, envs }: DecisionAnswers,
): DecisionWords {
  return {
    decision,
    identity: 'git',
    ...(reason === '' ? {} : { reason }),
    ...(meaning === null ? {} : { meaning }),
    ...(envs === null ? {} : { envs }),
  };
}
