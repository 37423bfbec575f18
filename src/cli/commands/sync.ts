import { PromptAuditError } from '../../core/errors.js';
import type { Finding } from '../../core/rows.js';
import type { Trail } from '../../trail/api.js';
import { print, type Answer } from '../answer.js';
import type { Command } from '../command.js';
import { printable } from '../printable.js';
import { plural } from '../words.js';

export const sync: Command = {
  name: 'sync',
  summary: 'Share the ledger: fetch what others recorded, send what is only here.',
  usage: '[--remote NAME]',
  details: [
    'Version numbers that end in "?" become final by it.',
    'The ledger remote is the one of: git config prompt-audit.remote NAME',
    'Without that the first one that was synced with, at first that of the branch or origin.',
  ],
  options: {
    remote: { type: 'string', value: 'NAME', help: 'The ledger remote from now on.' },
  },
  examples: [{ line: 'sync', does: 'with the ledger remote' }],
  positionals: [0, 0],
  writes: true,
  async run(invocation) {
    const { terminal } = invocation;
    const remote = invocation.text('remote');
    const trail = await invocation.trail();
    if (terminal.showsProgress) terminal.err('Syncing…\n');
    const query = { command: 'sync', remote: remote ?? null };
    const damage = await trail.damage();
    const report = await trail
      .sync(remote === undefined ? {} : { remote })
      .catch(async (error: unknown) => {
        // Programs get the reason where they look for the answer; it also ends this command.
        if (invocation.json && error instanceof PromptAuditError)
          await print(invocation, await failed(trail, error, query));
        throw error;
      });
    await print(invocation, {
      query,
      ledger: report.point,
      rows: [report],
      counts: { sent: report.sent, received: report.received },
      // People were warned of it.
      caveats: damage === null || !invocation.json ? [] : [mended(damage)],
      human: () => {
        const sent = `${plural(report.sent, 'event')} sent, ${report.received} received`;
        const moved = report.renumbered.map((line) => `Renumbered: ${printable(line)}\n`);
        return `Synced with ${printable(report.remote)}: ${sent}.\n${moved.join('')}`;
      },
    });
    return 0;
  },
};

const mended = ({ message }: Finding): string =>
  `The ledger file was damaged and was put right; the broken one is kept beside it. ${message}`;

async function failed(
  trail: Trail,
  { code, message, remedy, reasons }: PromptAuditError,
  query: Answer['query'],
): Promise<Answer> {
  return {
    query,
    ledger: await trail.point(),
    rows: [],
    counts: { sent: 0, received: 0 },
    more: { problem: { code, message, remedy, reasons } },
    human: () => '',
  };
}
