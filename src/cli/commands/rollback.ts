import { print } from '../answer.js';
import type { Command } from '../command.js';
import { deploymentText, personPresent } from '../deployment.js';
import { promptPath } from '../paths.js';
import { pathContext } from '../target.js';
import { usageError } from '../usageError.js';

export const rollback: Command = {
  name: 'rollback',
  summary: 'Record that an environment went back to an earlier version.',
  usage: 'PATH --env ENV [--to vN] -m REASON',
  details: ['Without --to the version that was active before.'],
  options: {
    env: { type: 'string', value: 'ENV', help: 'An environment of the policy. Needed.' },
    to: { type: 'string', value: 'vN', help: 'The version to go back to.' },
    message: { type: 'string', short: 'm', value: 'REASON', help: 'Why. Needed.' },
  },
  examples: [
    {
      line: 'rollback prompts/triage.prompt.md --env production -m "Too long"',
      does: 'to the version before',
    },
  ],
  positionals: [1, 1],
  writes: true,
  async run(invocation) {
    const env = invocation.text('env');
    const reason = invocation.text('message');
    if (env === undefined)
      throw usageError('rollback needs an environment.', 'Name it with --env ENV.');
    if (reason === undefined)
      throw usageError('rollback needs a reason.', 'Give it with -m REASON.');
    const trail = await invocation.trail();
    const path = await promptPath(invocation.positionals[0] ?? '', pathContext(invocation, trail));
    const to = invocation.text('to');
    const identity = personPresent(invocation);
    const row = await trail.rollback({
      path,
      env,
      reason,
      identity,
      ...(to === undefined ? {} : { to }),
    });
    await print(invocation, {
      query: { command: 'rollback', path, env, to: to ?? null },
      ledger: await trail.point(),
      rows: [row],
      human: () => deploymentText('Rolled back to', row),
    });
    return 0;
  },
};
