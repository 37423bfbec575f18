import { print } from '../answer.js';
import type { Command } from '../command.js';
import { personPresent } from '../deployment.js';
import { printable } from '../printable.js';
import { pathContext, targetOf } from '../target.js';
import { requestedText, versionText } from '../versionText.js';

export const requestReview: Command = {
  name: 'request-review',
  summary: 'Ask people to review a version.',
  usage: 'PATH[@vN] WHO… [-m NOTE]',
  details: [
    'WHO is an e-mail address, the name of a person as the ledger or the policy has it, a group of the policy',
    'or an @team. It waits for them first; others may decide all the same.',
  ],
  options: {
    message: { type: 'string', short: 'm', value: 'NOTE', help: 'What they should look at.' },
  },
  examples: [
    {
      line: 'request-review prompts/triage.prompt.md ravi@clinic.example @clinic/safety',
      does: 'asks Ravi and the people of a team',
    },
  ],
  positionals: [2, 51],
  writes: true,
  async run(invocation) {
    const trail = await invocation.trail();
    const [argument = '', ...reviewers] = invocation.positionals;
    const target = await targetOf(argument, pathContext(invocation, trail), trail);
    const note = invocation.text('message');
    const version = await trail.requestReview({
      target: target.name,
      reviewers,
      identity: personPresent(invocation),
      ...(note === undefined ? {} : { note }),
    });
    await print(invocation, {
      query: { command: 'request-review', path: target.path, version: target.version, reviewers },
      ledger: await trail.point(),
      rows: [version],
      human: () => printable(`${versionText(version)}.${requestedText(version)}`) + '\n',
    });
    return 0;
  },
};
