import type { Command } from '../command.js';
import { answerQuestion, subjectOf } from '../question.js';

export const order: Command = {
  name: 'order',
  summary: 'Which of two events came first, as far as the chain proves it.',
  usage: 'EVENT|PATH[@vN] EVENT|PATH[@vN] [--json]',
  details: [
    'An event is named by at least 7 digits of its id, or by the version that it proposed. Proven is only what the',
    'later one names among its ancestors; clocks and the order of arrival prove nothing.',
  ],
  options: {},
  examples: [{ line: 'order 3f9c21d 81ac07e', does: 'whether the approval came before' }],
  positionals: [2, 2],
  writes: false,
  async run(invocation) {
    const [one = '', two = ''] = invocation.positionals;
    const params = {
      subject: await subjectOf(invocation, one),
      other: await subjectOf(invocation, two),
    };
    return answerQuestion(invocation, { command: 'order', kind: 'order', params });
  },
};
