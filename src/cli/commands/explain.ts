import { isPromptAuditError, PromptAuditError } from '../../core/errors.js';
import { print } from '../answer.js';
import { unsyncedCaveats } from '../caveats.js';
import type { VersionRow } from '../../core/rows.js';
import type { Command, Invocation } from '../command.js';
import { eventNamed } from '../eventNamed.js';
import { explanationText } from '../explainText.js';
import { isPath } from '../paths.js';
import { pathContext, targetOf } from '../target.js';

export const explain: Command = {
  name: 'explain',
  summary: 'Why an act was allowed or refused: rule by rule, by what stands before it.',
  usage: 'EVENT|PATH[@vN] [--all] [--json]',
  details: [
    'EVENT is the beginning of an event id, at least 7 digits. Decisions, deployments and refusals are judged by',
    'the events before them alone, so the answer stays the same for ever; what came later stands beside it.',
    'A version is judged by all that is recorded now. Exit status 1: it was, or is, not allowed, or a',
    'redaction took what would tell; then a caveat says so.',
  ],
  options: { all: { type: 'boolean', help: 'Also the checks that no rule asks for.' } },
  examples: [
    { line: 'explain 3f9c21d', does: 'the verdict on that event' },
    { line: 'explain prompts/triage.prompt.md@v3', does: 'what it has and what it lacks' },
  ],
  positionals: [1, 1],
  writes: false,
  async run(invocation) {
    const trail = await invocation.trail();
    const argument = invocation.positionals[0] ?? '';
    const context = pathContext(invocation, trail);
    const found = (await isPath(argument, context)) ? null : await eventNamed(argument, trail);
    if (found === null && /^[0-9a-f]{7,64}$/.test(argument) && !(await isPath(argument, context)))
      throw unknownEvent(argument);
    const event = found?.row.id ?? (await versionAt(argument, invocation)).id;
    const explanation = await trail.explain(event);
    if (explanation === null) throw unknownEvent(argument);
    await print(invocation, {
      query: { command: 'explain', event },
      ledger: await trail.point(),
      rows: [explanation],
      caveats: [
        ...(explanation.redactedBy === undefined ? [] : [explanation.text]),
        ...unsyncedCaveats(explanation.event.synced ? 0 : 1),
      ],
      human: () =>
        explanationText(explanation, invocation.paint, { isAll: invocation.flag('all') }),
    });
    return explanation.allowed === false || explanation.redactedBy !== undefined ? 1 : 0;
  },
};

async function versionAt(argument: string, invocation: Invocation): Promise<VersionRow> {
  const trail = await invocation.trail();
  try {
    const { name } = await targetOf(argument, pathContext(invocation, trail), trail);
    return await trail.version(name);
  } catch (error) {
    throw isPromptAuditError(error) && error.code === 'prompt.unknown'
      ? unknownName(argument)
      : error;
  }
}

const unknownName = (argument: string): PromptAuditError =>
  new PromptAuditError({
    code: 'prompt.unknown',
    message: `"${argument}" is neither an event nor a prompt that the ledger knows.`,
    remedy:
      'Give the path of a prompt, or at least 7 digits of an event id (see prompt-audit log).',
  });

const unknownEvent = (argument: string): PromptAuditError =>
  new PromptAuditError({
    code: 'event.unknown',
    message: `No event begins with ${argument}.`,
    remedy: 'See the events with: prompt-audit log',
  });
