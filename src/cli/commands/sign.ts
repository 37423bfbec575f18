import { PromptAuditError } from '../../core/errors.js';
import type { EventId } from '../../core/ids.js';
import type { EventRow } from '../../core/rows.js';
import type { Trail } from '../../trail/api.js';
import { print } from '../answer.js';
import type { Command, Invocation } from '../command.js';
import { eventNamed } from '../eventNamed.js';
import { enrollText, setupText, signText } from '../signText.js';
import { usageError } from '../usageError.js';

export const sign: Command = {
  name: 'sign',
  summary: 'Sign your decisions and deployments with the SSH key that git signs with.',
  usage: '[EVENT…] [--setup | --enroll] [--json]',
  details: [
    'Without EVENT: all that you decided, deployed, redacted and reviewed in this clone and that has no',
    'signature that counts. What another clone recorded under your name is listed, and signed only when you',
    'name it. The key is that of git (gpg.format ssh, user.signingkey), or the one of prompt-audit.signingKey.',
  ],
  options: {
    setup: {
      type: 'boolean',
      help: 'Only say how you would sign, and what is missing for it (then the status is 1).',
    },
    enroll: {
      type: 'boolean',
      help: 'Add your key to .prompt-audit/allowed_signers, for you to commit.',
    },
  },
  examples: [
    { line: 'sign', does: 'everything of yours that is not signed yet' },
    { line: 'sign 3f9c21d', does: 'one decision' },
    { line: 'sign --setup', does: 'which key, and whether it counts' },
  ],
  positionals: [0, Infinity],
  writes: true,
  async run(invocation) {
    const [setup, enroll] = [invocation.flag('setup'), invocation.flag('enroll')];
    if (setup && enroll) throw usageError('sign takes --setup or --enroll.', 'Run it twice.');
    if ((setup || enroll) && invocation.positionals.length > 0)
      throw usageError('--setup and --enroll take no event.', 'Leave it out.');
    const trail = await invocation.trail();
    if (setup) return printSetup(invocation, trail);
    if (enroll) await printEnrolled(invocation, trail);
    else await printSigned(invocation, trail);
    return 0;
  },
};

/** 1: signing does not work, or would not count. */
async function printSetup(invocation: Invocation, trail: Trail): Promise<0 | 1> {
  const setup = await trail.signingSetup();
  await print(invocation, {
    query: { command: 'sign', setup: true },
    ledger: await trail.point(),
    rows: [setup],
    counts: { unsigned: setup.unsigned.length, elsewhere: setup.elsewhere.length },
    human: () => setupText(setup, invocation.paint),
  });
  return setup.problem === null && setup.adopted ? 0 : 1;
}

async function printEnrolled(invocation: Invocation, trail: Trail): Promise<void> {
  const report = await trail.enroll();
  await print(invocation, {
    query: { command: 'sign', enroll: true },
    ledger: await trail.point(),
    rows: [report],
    human: () => enrollText(report),
  });
}

async function printSigned(invocation: Invocation, trail: Trail): Promise<void> {
  const events: EventId[] = [];
  for (const argument of invocation.positionals) events.push(await idOf(argument, trail));
  const report = await trail.sign(events.length === 0 ? {} : { events });
  await print(invocation, {
    query: { command: 'sign', events },
    ledger: await trail.point(),
    rows: report.signed satisfies readonly EventRow[],
    counts: { signed: report.signed.length, elsewhere: report.elsewhere.length },
    caveats:
      report.elsewhere.length === 0 || !invocation.json
        ? []
        : [
            `Not signed, because another clone recorded it under your name: ${report.elsewhere.map((row) => row.id).join(', ')}.`,
          ],
    human: () => signText(report, invocation.paint),
  });
}

async function idOf(argument: string, trail: Trail): Promise<EventId> {
  const event = await eventNamed(argument, trail);
  if (event !== null) return event.row.id;
  const numbered = /^#?[1-9]\d{0,14}$/.test(argument)
    ? await eventAt(Number(argument.replace('#', '')), trail)
    : undefined;
  if (numbered !== undefined) return numbered.id;
  throw new PromptAuditError({
    code: 'event.unknown',
    message: `No event has the number, and no id begins with, "${argument}".`,
    remedy: 'Take the number or the id from: prompt-audit log',
  });
}

/** The event with this number in the log; undefined where there is none. */
async function eventAt(seq: number, trail: Trail): Promise<EventRow | undefined> {
  const filter = { text: '', prompt: null, groups: [] };
  const pages = [Math.floor((seq - 1) / 200)];
  const result = await trail.page({ filter, pages, locate: null });
  return result.pages.flatMap(({ rows }) => rows).find((row) => row.seq === seq);
}
