import type { VersionRow } from '../../core/rows.js';
import { print } from '../answer.js';
import type { Command } from '../command.js';
import { confirmed } from '../confirm.js';
import { givenReason, takeBackOptions } from '../givenReason.js';
import { printable } from '../printable.js';
import { pathContext, targetOf } from '../target.js';
import { versionText } from '../versionText.js';

export const withdraw: Command = {
  name: 'withdraw',
  summary: 'Take a version that you proposed or contributed to out of review.',
  usage: 'PATH[@vN] -m REASON [--yes]',
  details: [
    'Nobody can approve or deploy it any more. Where it is deployed it stays; its text can be proposed again.',
  ],
  options: takeBackOptions,
  examples: [
    {
      line: 'withdraw prompts/triage.prompt.md@v4 -m "Superseded by the new intake"',
      does: 'asks, then withdraws it',
    },
  ],
  positionals: [1, 1],
  writes: true,
  async run(invocation) {
    const reason = givenReason(invocation, 'withdraw');
    const trail = await invocation.trail();
    const context = pathContext(invocation, trail);
    const target = await targetOf(invocation.positionals[0] ?? '', context, trail);
    let shown: VersionRow | undefined;
    const identity = await confirmed(invocation, async () => {
      shown = await trail.version(target.name);
      return `Withdraw ${versionText(shown)}?`;
    });
    const version = await trail.withdraw({ target: shown?.id ?? target.name, reason, identity });
    const active =
      version.activeIn.length > 0 ? ` It is still active in ${version.activeIn.join(', ')}.` : '';
    await print(invocation, {
      query: { command: 'withdraw', path: target.path, version: target.version, reason },
      ledger: await trail.point(),
      rows: [version],
      human: () => printable(`Withdrew ${versionText(version)}.${active}`) + '\n',
    });
    return 0;
  },
};
