import { print } from '../answer.js';
import type { Command } from '../command.js';
import { confirmed } from '../confirm.js';
import { verifyText } from '../verifyText.js';
import { usageError } from '../usageError.js';
import { plural, quoted } from '../words.js';

export const dispose: Command = {
  name: 'dispose',
  summary: 'Record what findings of verify turned out to be; they stay shown with that.',
  usage: 'KEY… -m TEXT [--yes]',
  details: [
    'KEY is what verify prints behind each finding. No verdict changes by a review. verify ends with 0 when',
    'every warning was reviewed by another person, in another clone, than the event that it is about;',
    'an unattended review (--yes) counts only where it is signed.',
  ],
  options: {
    message: {
      type: 'string',
      short: 'm',
      value: 'TEXT',
      help: 'What it turned out to be. Needed.',
    },
    yes: { type: 'boolean', short: 'y', help: 'Do not ask; recorded as unattended.' },
  },
  examples: [
    {
      line: 'dispose 1f0c4be2a91d3e57 -m "A laptop was restored from its backup, INC-31"',
      does: 'explains a fork',
    },
  ],
  positionals: [1, 1024],
  writes: true,
  async run(invocation) {
    const disposition = invocation.text('message');
    if (disposition === undefined)
      throw usageError('dispose needs a result.', 'Say it with -m TEXT.');
    const trail = await invocation.trail();
    const keys = invocation.positionals;
    const what = `${plural(keys.length, 'finding')} as ${quoted(disposition)}`;
    const identity = await confirmed(invocation, () =>
      Promise.resolve(`Record your review of ${what}?`),
    );
    const report = await trail.disposeFindings({ keys, disposition, identity });
    await print(invocation, {
      query: { command: 'dispose', keys },
      ledger: report.ledger,
      rows: report.findings.filter(({ key }) => keys.includes(key)),
      counts: { disposed: keys.length },
      tellsDamage: true,
      human: () => verifyText(report, invocation.paint),
    });
    return 0;
  },
};
