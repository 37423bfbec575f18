import { print } from '../answer.js';
import type { Command } from '../command.js';
import {
  breakGlassCaveats,
  deploymentText,
  linksOf,
  personPresent,
  redactedCaveats,
} from '../deployment.js';
import { promptPath } from '../paths.js';
import { pathContext } from '../target.js';
import { usageError } from '../usageError.js';

export const rollback: Command = {
  name: 'rollback',
  summary: 'Record that an environment went back to an earlier version.',
  usage: 'PATH --env ENV [--to vN] -m REASON [--break-glass]',
  details: [
    'Without --to the version that was active before. Its approvals are judged by what holds today: one that',
    'has expired is refused (exit status 1), which is recorded.',
  ],
  options: {
    env: { type: 'string', value: 'ENV', help: 'An environment of the policy. Needed.' },
    to: { type: 'string', value: 'vN', help: 'The version to go back to.' },
    message: { type: 'string', short: 'm', value: 'REASON', help: 'Why. Needed.' },
    'break-glass': {
      type: 'boolean',
      help: 'Record it against the rules, where the policy permits that.',
    },
    release: { type: 'string', value: 'TEXT', help: 'The release that it is part of.' },
    pipeline: { type: 'string', value: 'TEXT', help: 'The pipeline run that deployed it.' },
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
      ...(invocation.flag('break-glass') ? { breakGlass: true } : {}),
      ...linksOf(invocation),
    });
    await print(invocation, {
      query: { command: 'rollback', path, env, to: to ?? null },
      ledger: await trail.point(),
      rows: [row],
      caveats: [
        ...(await breakGlassCaveats(trail, row, invocation.flag('break-glass'))),
        ...redactedCaveats(row),
      ],
      human: () => deploymentText('Rolled back to', row),
    });
    return 0;
  },
};
