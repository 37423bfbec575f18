import type { Command } from '../command.js';
import { decide, decideDetails, decideOptions } from '../decide.js';

export const approve: Command = {
  name: 'approve',
  summary: 'Approve a version, or several with one confirmation.',
  usage: 'PATH[@vN]… [-m TEXT] [--meaning TEXT] [--env ENV]… [--yes]',
  details: decideDetails,
  options: {
    ...decideOptions,
    env: {
      type: 'string',
      multiple: true,
      value: 'ENV',
      help: 'Only for this environment; may be given more than once.',
    },
  },
  examples: [
    { line: 'approve prompts/triage.prompt.md@v3', does: 'asks, then records your approval' },
    {
      line: 'approve prompts/triage.prompt.md prompts/intake.prompt.md',
      does: 'both, asked once',
    },
    { line: 'approve prompts/triage.prompt.md --yes', does: 'the newest version, unattended' },
  ],
  positionals: [1, 100],
  writes: true,
  run: (invocation) => decide(invocation, 'approve', 'approved'),
};
