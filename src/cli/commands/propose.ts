import { print } from '../answer.js';
import type { Command } from '../command.js';
import { promptPath } from '../paths.js';
import { printable } from '../printable.js';
import { pathContext } from '../target.js';
import { usageError } from '../usageError.js';
import { requestedText, stateText, versionText } from '../versionText.js';

export const propose: Command = {
  name: 'propose',
  summary: 'Propose the present content of a prompt as its next version.',
  usage: 'PATH -m NOTE [--reviewer WHO]…',
  details: [
    'Records the file first if it changed. The note says what changed and why; reviewers read it.',
  ],
  options: {
    message: { type: 'string', short: 'm', value: 'NOTE', help: 'The change note. Needed.' },
    reviewer: {
      type: 'string',
      multiple: true,
      value: 'WHO',
      help: 'Ask this person for a review: an address, a name, a group or @team. Repeatable.',
    },
  },
  examples: [
    {
      line: 'propose prompts/triage.prompt.md -m "Ask for allergies first"',
      does: 'makes the next version',
    },
  ],
  positionals: [1, 1],
  writes: true,
  async run(invocation) {
    const note = invocation.text('message');
    if (note === undefined) {
      throw usageError('propose needs a change note.', 'Say what changed and why with -m NOTE.');
    }
    const trail = await invocation.trail();
    const path = await promptPath(invocation.positionals[0] ?? '', pathContext(invocation, trail));
    const reviewers = invocation.texts('reviewer');
    const version = await trail.propose({
      path,
      note,
      ...(reviewers.length === 0 ? {} : { reviewers }),
    });
    await print(invocation, {
      query: { command: 'propose', path, note },
      ledger: await trail.point(),
      rows: [version],
      human: () =>
        printable(
          `Proposed ${versionText(version)}: ${stateText(version)}.${requestedText(version)}`,
        ) + '\n',
    });
    return 0;
  },
};
