import { populations } from '../../core/questions/sample.js';
import type { Command } from '../command.js';
import { answerQuestion, countOf, placesOf, questionOptions } from '../question.js';
import { usageError } from '../usageError.js';

export const sample: Command = {
  name: 'sample',
  summary: 'A random sample that anybody can draw again, with the totals of its population.',
  usage: 'POPULATION --seed TEXT [--count N] [--env ENV] [--from TIME] [--to TIME] [--json]',
  details: [
    `POPULATION: ${populations.join(', ')}.`,
    'Each event is ranked by the SHA-256 of SEED, a newline and its id; the lowest ranks are the sample. So',
    'printf \'%s\\n%s\' "$SEED" "$ID" | sha256sum shows the rank of any event. Let the auditor choose the seed.',
    'The digest is the SHA-256 of the ids of the whole population in the agreed order, a newline after each.',
    'With a --count above the population, it is the whole population.',
  ],
  options: {
    seed: { type: 'string', value: 'TEXT', help: 'What the auditor chose.' },
    count: { type: 'string', value: 'N', help: 'How many; 25 without it.' },
    path: { type: 'string', value: 'PATH', help: 'Only of this prompt.' },
    ...questionOptions,
  },
  examples: [
    { line: 'sample deployments --env production --seed 4711', does: '25 of them' },
    { line: 'sample changes --seed all --count 9999999 --json', does: 'the whole population' },
  ],
  positionals: [1, 1],
  writes: false,
  async run(invocation) {
    const [seed, count] = [invocation.text('seed'), invocation.text('count')];
    if (seed === undefined)
      throw usageError('sample needs --seed TEXT.', 'Let the auditor choose one.');
    const params = {
      ...(await placesOf(invocation, invocation.text('path'))),
      text: invocation.positionals[0] ?? '',
      seed,
      ...(count === undefined ? {} : { count: countOf(count, '--count') }),
    };
    return answerQuestion(invocation, { command: 'sample', kind: 'sample', params });
  },
};
