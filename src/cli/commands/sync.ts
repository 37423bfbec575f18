import { print } from '../answer.js';
import type { Command } from '../command.js';
import { printable } from '../printable.js';
import { plural } from '../words.js';

export const sync: Command = {
  name: 'sync',
  summary: 'Share the ledger: fetch what others recorded, send what is only here.',
  usage: '[--remote NAME]',
  details: ['Version numbers that end in "?" become final by it.'],
  options: {
    remote: { type: 'string', value: 'NAME', help: 'The remote, where the ledger has none yet.' },
  },
  examples: [{ line: 'sync', does: 'with the ledger remote' }],
  positionals: [0, 0],
  writes: true,
  async run(invocation) {
    const { terminal } = invocation;
    const remote = invocation.text('remote');
    const trail = await invocation.trail();
    if (terminal.showsProgress) terminal.err('Syncing…\n');
    const report = await trail.sync(remote === undefined ? {} : { remote });
    await print(invocation, {
      query: { command: 'sync', remote: remote ?? null },
      ledger: report.point,
      rows: [report],
      counts: { sent: report.sent, received: report.received },
      human: () => {
        const sent = `${plural(report.sent, 'event')} sent, ${report.received} received`;
        const moved = report.renumbered.map((line) => `Renumbered: ${printable(line)}\n`);
        return `Synced with ${printable(report.remote)}: ${sent}.\n${moved.join('')}`;
      },
    });
    return 0;
  },
};
