import { print } from '../answer.js';
import type { Command } from '../command.js';
import { promptPath } from '../paths.js';
import { table } from '../table.js';
import { pathContext } from '../target.js';
import { plural, shortDigest } from '../words.js';

export const record: Command = {
  name: 'record',
  summary: 'Record the present content of changed prompts as revisions.',
  usage: '[PATH...]',
  details: [
    'Without PATH all prompts that the policy tracks. Bytes that are recorded already make no event.',
    'Files of prompts that were moved or deleted are recorded as such; bytes of a commit under its author.',
  ],
  options: {},
  examples: [
    { line: 'record', does: 'all prompts that changed' },
    { line: 'record prompts/triage.prompt.md', does: 'this one' },
  ],
  positionals: [0, Number.POSITIVE_INFINITY],
  writes: true,
  async run(invocation) {
    const trail = await invocation.trail();
    const context = pathContext(invocation, trail);
    const paths: string[] = [];
    for (const argument of invocation.positionals) paths.push(await promptPath(argument, context));
    const results = await trail.record(paths.length === 0 ? undefined : paths);
    const recorded = results.filter((result) => result.outcome !== 'unchanged');
    await print(invocation, {
      query: { command: 'record', paths },
      ledger: await trail.point(),
      rows: results,
      counts: { recorded: recorded.length, unchanged: results.length - recorded.length },
      human: () => {
        const lines = table(
          recorded.map(({ outcome, path, digest }) => [
            outcome,
            path,
            digest === null ? '' : shortDigest(digest),
          ]),
          { paint: invocation.paint },
        );
        const rest = results.length - recorded.length;
        return recorded.length === 0
          ? `Nothing to record: ${plural(rest, 'prompt')} unchanged.\n`
          : `${lines}${rest === 0 ? '' : `${plural(rest, 'prompt')} unchanged.\n`}`;
      },
    });
    return 0;
  },
};
