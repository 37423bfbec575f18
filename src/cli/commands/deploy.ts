import { print } from '../answer.js';
import type { Command, Invocation } from '../command.js';
import {
  breakGlassCaveats,
  deploymentText,
  linksOf,
  personPresent,
  redactedCaveats,
} from '../deployment.js';
import { pathContext, targetOf } from '../target.js';
import { usageError } from '../usageError.js';

export const deploy: Command = {
  name: 'deploy',
  summary: 'Record that a version is now the active one in an environment.',
  usage: 'PATH[@vN] --env ENV [-m TEXT] [--promote-from ENV] [--break-glass REASON]',
  details: [
    'It records; it does not deploy anything. A version that the policy does not let into the environment',
    'is refused with the reasons (exit status 1), and the refusal is recorded. One that failed changes',
    'nothing of what is active. What goes by break-glass somebody else has to review: review-deployment.',
  ],
  options: {
    env: { type: 'string', value: 'ENV', help: 'An environment of the policy. Needed.' },
    message: { type: 'string', short: 'm', value: 'TEXT', help: 'A note.' },
    ref: { type: 'string', value: 'URL', help: 'The ticket, or where else to look it up.' },
    release: { type: 'string', value: 'TEXT', help: 'The release that it is part of.' },
    pipeline: { type: 'string', value: 'TEXT', help: 'The pipeline run that deployed it.' },
    'promote-from': {
      type: 'string',
      value: 'ENV',
      help: 'Where these bytes were deployed before; without @vN what is active there.',
    },
    outcome: { type: 'string', value: 'OUTCOME', help: 'succeeded (the default) or failed.' },
    failed: { type: 'boolean', help: 'The same as --outcome failed.' },
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
    {
      line: 'deploy prompts/triage.prompt.md --promote-from staging --env production',
      does: 'what is active in staging',
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
    const promoteFrom = invocation.text('promote-from');
    const outcome = outcomeOf(invocation);
    const row = await trail.deploy({
      // Of a bare path the version is not the newest one, but the one that is active there.
      target: promoteFrom !== undefined && target.version === null ? target.path : target.name,
      env,
      outcome,
      identity: personPresent(invocation),
      ...(promoteFrom === undefined ? {} : { promoteFrom }),
      ...linksOf(invocation),
      ...(note === undefined ? {} : { note }),
      ...(reference === undefined ? {} : { reference }),
      ...(breakGlass === undefined ? {} : { breakGlass }),
    });
    await print(invocation, {
      query: { command: 'deploy', path: target.path, version: target.version, env },
      ledger: await trail.point(),
      rows: [row],
      caveats: [
        ...(await breakGlassCaveats(trail, row, breakGlass !== undefined)),
        ...redactedCaveats(row),
      ],
      human: () => deploymentText('Deployed', row),
    });
    return 0;
  },
};

function outcomeOf(invocation: Invocation): 'succeeded' | 'failed' {
  const given = invocation.text('outcome') ?? (invocation.flag('failed') ? 'failed' : 'succeeded');
  if (given !== 'succeeded' && given !== 'failed')
    throw usageError(`--outcome "${given}" is unknown.`, 'Use succeeded or failed.');
  if (given === 'succeeded' && invocation.flag('failed'))
    throw usageError('--outcome succeeded and --failed contradict.', 'Give one of them.');
  return given;
}
