import type { Command } from '../command.js';
import { parseDuration } from '../duration.js';
import { answerQuestion, placesOf, questionOptions } from '../question.js';

export const pending: Command = {
  name: 'pending',
  summary: 'Versions that wait for a decision, and for how long.',
  usage: '[PATH] [--older-than DURATION] [--as-known-at TIME|SIZE] [--json]',
  details: [
    'DURATION is a number with s, m, h, d or w, such as 3d. With --older-than the exit status is 1 where something',
    'waits for longer.',
  ],
  options: {
    'older-than': { type: 'string', value: 'DURATION', help: 'Only what waits for longer.' },
    'as-known-at': questionOptions['as-known-at'],
  },
  examples: [{ line: 'pending --older-than 3d', does: 'what reviewers forgot' }],
  positionals: [0, 1],
  writes: false,
  async run(invocation) {
    const older = invocation.text('older-than');
    const params = {
      ...(await placesOf(invocation, invocation.positionals[0])),
      ...(older === undefined ? {} : { duration: parseDuration(older, '--older-than') }),
    };
    return answerQuestion(invocation, { command: 'pending', kind: 'pending', params });
  },
};
