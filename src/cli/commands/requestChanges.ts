import type { Command } from '../command.js';
import { decide, decideDetails, decideOptions } from '../decide.js';

export const requestChanges: Command = {
  name: 'request-changes',
  summary: 'Ask the author of a version for changes.',
  usage: 'PATH[@vN]… -m REASON [--meaning TEXT] [--yes]',
  details: decideDetails,
  options: decideOptions,
  examples: [
    {
      line: 'request-changes prompts/triage.prompt.md -m "Name the source"',
      does: 'asks, then records it',
    },
  ],
  positionals: [1, 100],
  writes: true,
  run: (invocation) => decide(invocation, 'request-changes', 'changes-requested'),
};
