import { print } from '../answer.js';
import type { Command } from '../command.js';
import { confirmed } from '../confirm.js';
import { eventNamed } from '../eventNamed.js';
import { givenReason, takeBackOptions } from '../givenReason.js';
import { isPath } from '../paths.js';
import { printable } from '../printable.js';
import { pathContext, targetOf } from '../target.js';
import { stateText, versionText } from '../versionText.js';

export const revoke: Command = {
  name: 'revoke',
  summary: 'Take back your own decision on a version.',
  usage: 'PATH[@vN]|EVENT -m REASON [--yes]',
  details: [
    'EVENT is the beginning of the id of a decision. What was deployed because of it stays deployed;',
    'verdicts on that do not change, and say beside it that the approval was revoked later.',
  ],
  options: takeBackOptions,
  examples: [
    {
      line: 'revoke prompts/triage.prompt.md@v3 -m "I read the wrong file"',
      does: 'asks, then takes your approval back',
    },
  ],
  positionals: [1, 1],
  writes: true,
  async run(invocation) {
    const reason = givenReason(invocation, 'revoke');
    const trail = await invocation.trail();
    const argument = invocation.positionals[0] ?? '';
    const context = pathContext(invocation, trail);
    const event = (await isPath(argument, context)) ? null : await eventNamed(argument, trail);
    const target = event?.row.id ?? (await targetOf(argument, context, trail)).name;
    let shown = event?.version ?? null;
    const identity = await confirmed(invocation, async () => {
      shown ??= await trail.version(target);
      return `Revoke your decision on ${versionText(shown)}?`;
    });
    const version = await trail.revoke({
      target: event === null ? (shown?.id ?? target) : target,
      reason,
      identity,
    });
    await print(invocation, {
      query: { command: 'revoke', target: argument, reason },
      ledger: await trail.point(),
      rows: [version],
      human: () =>
        printable(`Revoked your decision on ${versionText(version)}: ${stateText(version)}.`) +
        '\n',
    });
    return 0;
  },
};
