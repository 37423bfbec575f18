import type { Command } from '../command.js';
import { decide, decideDetails, decideOptions } from '../decide.js';

export const reject: Command = {
  name: 'reject',
  summary: 'Reject a version.',
  usage: 'PATH[@vN]… -m REASON [--meaning TEXT] [--yes]',
  details: decideDetails,
  options: decideOptions,
  examples: [
    {
      line: 'reject prompts/triage.prompt.md@v3 -m "Gives medical advice"',
      does: 'asks, then records it',
    },
  ],
  positionals: [1, 100],
  writes: true,
  run: (invocation) => decide(invocation, 'reject', 'rejected'),
};
