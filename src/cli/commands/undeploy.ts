import { print } from '../answer.js';
import type { Command } from '../command.js';
import { personPresent } from '../deployment.js';
import { givenReason } from '../givenReason.js';
import { promptPath } from '../paths.js';
import { printable } from '../printable.js';
import { pathContext } from '../target.js';
import { localTime } from '../time.js';
import { usageError } from '../usageError.js';
import { shortDigest } from '../words.js';

export const undeploy: Command = {
  name: 'undeploy',
  summary: 'Record that a prompt is not active in an environment any more, with nothing instead.',
  usage: 'PATH --env ENV -m REASON',
  details: [
    'Who may deploy there may; anybody else is refused (exit status 1), which is recorded.',
    'Of an environment that is not in the policy any more the last policy says so that had it.',
  ],
  options: {
    env: { type: 'string', value: 'ENV', help: 'Where it is active. Needed.' },
    message: { type: 'string', short: 'm', value: 'REASON', help: 'Why. Needed.' },
  },
  examples: [
    {
      line: 'undeploy prompts/triage.prompt.md --env production -m "The feature was switched off"',
      does: 'nothing of it is active there then',
    },
  ],
  positionals: [1, 1],
  writes: true,
  async run(invocation) {
    const env = invocation.text('env');
    if (env === undefined)
      throw usageError('undeploy needs an environment.', 'Name it with --env ENV.');
    const reason = givenReason(invocation, 'undeploy');
    const trail = await invocation.trail();
    const path = await promptPath(invocation.positionals[0] ?? '', pathContext(invocation, trail));
    const row = await trail.undeploy({ path, env, reason, identity: personPresent(invocation) });
    const name = `${row.path} ${row.version} (${shortDigest(row.digest)})`;
    await print(invocation, {
      query: { command: 'undeploy', path, env, reason },
      ledger: await trail.point(),
      rows: [row],
      human: () =>
        `${printable(`Undeployed ${name} in ${env}, where it was active since ${localTime(row.from)}.`)}\n`,
    });
    return 0;
  },
};
