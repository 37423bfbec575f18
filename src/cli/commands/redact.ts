import type { Trail } from '../../trail/api.js';
import type { RedactInput } from '../../trail/redactApi.js';
import { print } from '../answer.js';
import type { Command, Invocation } from '../command.js';
import { confirmed, yesOption } from '../confirm.js';
import { isPath } from '../paths.js';
import { itemText, redactReportText } from '../redactText.js';
import { pathContext, targetOf } from '../target.js';
import { usageError } from '../usageError.js';
import { quoted } from '../words.js';

export const redact: Command = {
  name: 'redact',
  summary: 'Remove a text, the details of an event, or a person for good; the trail says so.',
  usage: 'PATH@vN|EVENT|DIGEST|PERSON -m REASON [--person] [--dry-run] [--yes]',
  details: [
    'PATH@vN and DIGEST mean a text, EVENT (the first digits of its id) the details of that event, and with',
    '--person a name or an address every record of who that is. The bytes are erased here at once and in every',
    'other clone when it syncs. The chain still verifies, and every view says who redacted and why. What an',
    'erasure cannot reach is listed; old commits of the ledger branch are dropped by purge-history.',
  ],
  options: {
    message: { type: 'string', short: 'm', value: 'REASON', help: 'Why; stays for ever. Needed.' },
    person: { type: 'boolean', help: 'The argument is a name, an e-mail address or a person id.' },
    content: { type: 'boolean', help: 'The text that the event names, not its details.' },
    body: { type: 'boolean', help: 'The note of the version, not its text.' },
    'dry-run': { type: 'boolean', help: 'Only print what it would remove, and what stays.' },
    yes: yesOption,
  },
  examples: [
    {
      line: 'redact prompts/triage.prompt.md@v3 -m "An API key leaked, INC-17"',
      does: 'the text of v3',
    },
    { line: 'redact 3f9c21d -m "Patient data in the reason"', does: 'the details of a decision' },
    {
      line: 'redact ravi@clinic.example --person --dry-run',
      does: 'what erasing Ravi would remove',
    },
  ],
  positionals: [1, 1],
  writes: true,
  async run(invocation) {
    const trail = await invocation.trail();
    const dryRun = invocation.flag('dry-run');
    const asked = await askedFor(invocation, trail);
    const preview = await trail.redact({ ...asked, identity: 'git', dryRun: true });
    if (dryRun) {
      await answer(invocation, trail, asked, preview);
      return preview.reasons.length === 0 ? 0 : 1;
    }
    const list = preview.items.map(itemText).join(', ');
    const question = `Remove ${list} for good, because ${quoted(asked.reason ?? null)}? It cannot be brought back.`;
    const identity = await confirmed(invocation, () => Promise.resolve(question));
    await answer(invocation, trail, asked, await trail.redact({ ...asked, identity }));
    return 0;
  },
};

type Asked = Omit<RedactInput, 'identity' | 'dryRun'>;

async function askedFor(invocation: Invocation, trail: Trail): Promise<Asked> {
  const [content, body] = [invocation.flag('content'), invocation.flag('body')];
  const person = invocation.flag('person');
  if (content && body)
    throw usageError('redact takes --content or --body, not both.', 'Run it twice.');
  if (person && (content || body))
    throw usageError('--person takes neither --content nor --body.', 'Leave them out.');
  const reason = invocation.text('message');
  if (reason === undefined && !invocation.flag('dry-run'))
    throw usageError('redact needs a reason.', 'Give it with -m REASON.');
  const argument = invocation.positionals[0] ?? '';
  return {
    target: person ? { person: argument } : await named(invocation, trail, argument),
    ...(content ? { part: 'content' as const } : body ? { part: 'body' as const } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}

async function named(invocation: Invocation, trail: Trail, argument: string): Promise<string> {
  const context = pathContext(invocation, trail);
  const isHash = /^(sha256:[0-9a-f]{64}|[0-9a-f]{7,64})$/.test(argument);
  if (isHash && !(await isPath(argument, context))) return argument;
  return (await targetOf(argument, context, trail)).name;
}

async function answer(
  invocation: Invocation,
  trail: Trail,
  { target, part }: Asked,
  report: Awaited<ReturnType<Trail['redact']>>,
): Promise<void> {
  const name = typeof target === 'string' ? target : target.person;
  await print(invocation, {
    query: { command: 'redact', target: name, part: part ?? null, dryRun: report.dryRun },
    ledger: await trail.point(),
    rows: [report],
    counts: { items: report.items.length, mentions: report.mentions.length },
    human: () => redactReportText(report),
  });
}
