import type { Command } from '../command.js';
import { decide, decideDetails, decideOptions } from '../decide.js';

export const approve: Command = {
  name: 'approve',
  summary: 'Approve a version.',
  usage: 'PATH[@vN] [-m TEXT] [--meaning TEXT] [--yes]',
  details: decideDetails,
  options: decideOptions,
  examples: [
    { line: 'approve prompts/triage.prompt.md@v3', does: 'asks, then records your approval' },
    { line: 'approve prompts/triage.prompt.md --yes', does: 'the newest version, unattended' },
  ],
  positionals: [1, 1],
  writes: true,
  run: (invocation) => decide(invocation, 'approve', 'approved'),
};
