import { print } from '../answer.js';
import type { Command } from '../command.js';
import { deploymentText, personPresent } from '../deployment.js';
import { pathContext, targetOf } from '../target.js';
import { usageError } from '../usageError.js';

export const deploy: Command = {
  name: 'deploy',
  summary: 'Record that a version is now the active one in an environment.',
  usage: 'PATH[@vN] --env ENV [-m TEXT] [--ref URL] [--break-glass REASON]',
  details: [
    'It records; it does not deploy anything. A version that the policy does not let into the environment',
    'is refused with the reasons (exit status 1), and the refusal is recorded.',
  ],
  options: {
    env: { type: 'string', value: 'ENV', help: 'An environment of the policy. Needed.' },
    message: { type: 'string', short: 'm', value: 'TEXT', help: 'A note.' },
    ref: { type: 'string', value: 'URL', help: 'The ticket or the pipeline run.' },
    'break-glass': {
      type: 'string',
      value: 'REASON',
      help: 'Record it against the rules, where the policy permits that.',
    },
  },
  examples: [
    { line: 'deploy prompts/triage.prompt.md@v3 --env production', does: 'v3 is live now' },
    {
      line: 'deploy prompts/triage.prompt.md --env staging --ref https://ci.example/17',
      does: 'the newest one',
    },
  ],
  positionals: [1, 1],
  writes: true,
  async run(invocation) {
    const env = invocation.text('env');
    if (env === undefined)
      throw usageError('deploy needs an environment.', 'Name it with --env ENV.');
    const trail = await invocation.trail();
    const context = pathContext(invocation, trail);
    const target = await targetOf(invocation.positionals[0] ?? '', context, trail);
    const note = invocation.text('message');
    const reference = invocation.text('ref');
    const breakGlass = invocation.text('break-glass');
    const row = await trail.deploy({
      target: target.name,
      env,
      identity: personPresent(invocation),
      ...(note === undefined ? {} : { note }),
      ...(reference === undefined ? {} : { reference }),
      ...(breakGlass === undefined ? {} : { breakGlass }),
    });
    await print(invocation, {
      query: { command: 'deploy', path: target.path, version: target.version, env },
      ledger: await trail.point(),
      rows: [row],
      human: () => deploymentText('Deployed', row),
    });
    return 0;
  },
};
