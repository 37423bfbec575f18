import type { Command } from '../command.js';
import { readText } from '../files.js';
import { answerQuestion } from '../question.js';
import { usageError } from '../usageError.js';

const mostBytes = 16 * 1024 * 1024;

export const drift: Command = {
  name: 'drift',
  summary: 'Hold what was seen to run against what is recorded as active.',
  usage: '--env ENV --observed FILE|- [--json]',
  details: [
    'FILE has one line a prompt: "PATH DIGEST", a line of sha256sum, or a JSON object with path and digest.',
    'DRIFT: other (another version is recorded), unknown (no version has these bytes), inactive (nothing of the',
    'prompt is active), unseen (recorded as active, but not in FILE). Exit status 1: there is some.',
  ],
  options: {
    env: { type: 'string', value: 'ENV', help: 'Which environment.' },
    observed: { type: 'string', value: 'FILE', help: 'What was seen; - for standard input.' },
  },
  examples: [
    { line: 'drift --env production --observed running.txt', does: 'what runs unrecorded' },
  ],
  positionals: [0, 0],
  writes: false,
  async run(invocation) {
    const [env, observed] = [invocation.text('env'), invocation.text('observed')];
    if (env === undefined || observed === undefined)
      throw usageError('drift needs --env ENV and --observed FILE.', 'See: prompt-audit drift -h');
    const text = await readText(invocation, observed, mostBytes);
    return answerQuestion(invocation, {
      command: 'drift',
      kind: 'drift',
      params: { env, text },
      query: { env, observed },
    });
  },
};
