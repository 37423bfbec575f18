import type { Command } from '../command.js';
import { answerQuestion, questionOptions } from '../question.js';
import { parseTime } from '../time.js';
import { usageError } from '../usageError.js';

export const baseline: Command = {
  name: 'baseline',
  summary: 'Everything that is or was active in an environment, with one digest for all of it.',
  usage: '--env ENV [--at TIME] [--as-known-at TIME|SIZE] [--json]',
  details: [
    'The digest is the SHA-256 of the list that sha256sum prints for these texts, sorted: with the files of a',
    'deployment, "sha256sum PATH… | LC_ALL=C sort | sha256sum" gives the same.',
    'REASONS says what the policy of that time had against a deployment; empty: nothing.',
  ],
  options: {
    env: { type: 'string', value: 'ENV', help: 'Which environment.' },
    at: { type: 'string', value: 'TIME', help: 'What was active then; without it, now.' },
    'as-known-at': questionOptions['as-known-at'],
  },
  examples: [
    { line: 'baseline --env production', does: 'what runs, as far as it is recorded' },
    { line: 'baseline --env production --at 2026-06-30', does: 'what ran at the half-year' },
  ],
  positionals: [0, 0],
  writes: false,
  run(invocation) {
    const [env, at] = [invocation.text('env'), invocation.text('at')];
    if (env === undefined)
      throw usageError('baseline needs --env ENV.', 'Name an environment of the policy.');
    return answerQuestion(invocation, {
      command: 'baseline',
      kind: 'baseline',
      params: { env, ...(at === undefined ? {} : { at: parseTime(at, '--at') }) },
    });
  },
};
