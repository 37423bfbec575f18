import { print } from '../answer.js';
import type { Command } from '../command.js';
import { threadsText } from '../commentText.js';
import { pathContext, targetOf } from '../target.js';

export const comments: Command = {
  name: 'comments',
  summary: 'What was said about a version and those before it, and what of it is open.',
  usage: 'PATH[@vN] [--open] [--json]',
  details: [
    'Each comment is shown with where its lines stand in the version that you name. Where they were changed or',
    'removed since, the comment is called outdated. It stays open until somebody resolves it. Where the policy',
    'wants comments settled, a resolved one is settled only by somebody whose word counts for that.',
  ],
  options: { open: { type: 'boolean', help: 'Only those that are not settled.' } },
  examples: [
    { line: 'comments prompts/triage.prompt.md', does: 'as they stand in the newest version' },
    { line: 'comments prompts/triage.prompt.md@v3 --open', does: 'what was open up to v3' },
  ],
  positionals: [1, 1],
  writes: false,
  async run(invocation) {
    const open = invocation.flag('open');
    const trail = await invocation.trail();
    const context = pathContext(invocation, trail);
    const target = await targetOf(invocation.positionals[0] ?? '', context, trail);
    const version = await trail.version(target.name);
    const threads = await trail.threads({ target: version.id, open });
    await print(invocation, {
      query: { command: 'comments', path: target.path, version: version.label, open },
      ledger: await trail.point(),
      rows: threads,
      counts: {
        open: threads.filter(({ resolved }) => !resolved).length,
        notSettled: threads.filter(({ settled }) => !settled).length,
      },
      human: () => threadsText(threads, invocation.paint, version.label),
    });
    return 0;
  },
};
