import { print } from '../answer.js';
import type { Command } from '../command.js';
import { personPresent } from '../deployment.js';
import { givenReason } from '../givenReason.js';
import { promptPath } from '../paths.js';
import { printable } from '../printable.js';
import { pathContext } from '../target.js';

export const retire: Command = {
  name: 'retire',
  summary: 'Record that a prompt is used no more, for good.',
  usage: 'PATH -m REASON',
  details: [
    'It must not be active anywhere: undeploy it first. Its trail stays, and its file is left alone; what is',
    'recorded at its path later is another prompt, with versions of its own.',
  ],
  options: { message: { type: 'string', short: 'm', value: 'REASON', help: 'Why. Needed.' } },
  examples: [
    {
      line: 'retire prompts/triage.prompt.md -m "The intake form replaces it"',
      does: 'no version of it can be deployed then',
    },
  ],
  positionals: [1, 1],
  writes: true,
  async run(invocation) {
    const reason = givenReason(invocation, 'retire');
    const trail = await invocation.trail();
    const path = await promptPath(invocation.positionals[0] ?? '', pathContext(invocation, trail));
    const row = await trail.retire({ path, reason, identity: personPresent(invocation) });
    await print(invocation, {
      query: { command: 'retire', path, reason },
      ledger: await trail.point(),
      rows: [row],
      human: () => `${printable(`Retired ${row.path}.`)}\n`,
    });
    return 0;
  },
};
