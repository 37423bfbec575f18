import { print } from '../answer.js';
import type { Command } from '../command.js';
import { confirmed, yesOption } from '../confirm.js';
import { purgeReportText } from '../redactText.js';
import { usageError } from '../usageError.js';
import { quoted } from '../words.js';

export const purgeHistory: Command = {
  name: 'purge-history',
  summary: 'Drop the old commits of the ledger branch, which still hold what was redacted.',
  usage: '-m REASON [--prune] [--yes]',
  details: [
    'Replaces the history of the branch prompt-audit by one commit with the same files, on the remote and here,',
    'and records that. No event is lost. The host must permit a push with force to that branch; nothing else is',
    'pushed with force. Redact first.',
  ],
  options: {
    message: { type: 'string', short: 'm', value: 'REASON', help: 'Why; stays for ever. Needed.' },
    prune: {
      type: 'boolean',
      help: "Also drop the old objects here, with all other unreachable ones of this clone's git.",
    },
    yes: yesOption,
  },
  examples: [{ line: 'purge-history -m "INC-17: key in v3"', does: 'after redacting v3' }],
  positionals: [0, 0],
  writes: true,
  async run(invocation) {
    const reason = invocation.text('message');
    if (reason === undefined)
      throw usageError('purge-history needs a reason.', 'Give it with -m REASON.');
    const trail = await invocation.trail();
    const question = `Replace the history of the ledger branch by one commit, because ${quoted(reason)}? The old commits cannot be brought back.`;
    const identity = await confirmed(invocation, () => Promise.resolve(question));
    const prune = invocation.flag('prune');
    const report = await trail.purgeHistory({ reason, identity, prune });
    await print(invocation, {
      query: { command: 'purge-history', prune },
      ledger: await trail.point(),
      rows: [report],
      counts: { commits: report.commits },
      human: () => purgeReportText(report),
    });
    return 0;
  },
};
