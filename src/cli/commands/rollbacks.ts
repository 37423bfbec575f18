import type { Command } from '../command.js';
import { answerQuestion, placesOf, questionOptions } from '../question.js';

export const rollbacks: Command = {
  name: 'rollbacks',
  summary: 'What was rolled back, why, how long it took, and whether it was allowed.',
  usage: '[PATH] [--env ENV] [--from TIME] [--to TIME] [--as-known-at TIME|SIZE] [--json]',
  details: [
    'RESTORED AFTER is the time from the deployment that was left to the rollback, by the claimed clocks.',
    'ALLOWED says whether the policy of that time allowed the version that came back, with its approvals of then.',
  ],
  options: questionOptions,
  examples: [{ line: 'rollbacks --env production --from 2026-01-01', does: 'those of this year' }],
  positionals: [0, 1],
  writes: false,
  async run(invocation) {
    const params = await placesOf(invocation, invocation.positionals[0]);
    return answerQuestion(invocation, { command: 'rollbacks', kind: 'rollbacks', params });
  },
};
