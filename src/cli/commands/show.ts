import { print } from '../answer.js';
import { unsyncedCaveats } from '../caveats.js';
import type { Command } from '../command.js';
import { eventNamed } from '../eventNamed.js';
import { showActive } from '../showActive.js';
import { detailText, versionDetailText } from '../showText.js';
import { isPath } from '../paths.js';
import { pathContext, targetOf } from '../target.js';
import { usageError } from '../usageError.js';
import { contentOf } from '../versionContent.js';

export const show: Command = {
  name: 'show',
  summary: 'One version with its text and decisions, or one event.',
  usage: 'PATH[@vN]|EVENT|PATH --env ENV [--at TIME] [--raw] [--json]',
  details: [
    'EVENT is the beginning of an event id, at least 7 digits, as the log prints it.',
    'With --env: the version that is active there, or was at TIME: ISO 8601, local without an offset, a date alone',
    'means the start of that day.',
  ],
  options: {
    env: { type: 'string', value: 'ENV', help: 'The version that is active there.' },
    at: { type: 'string', value: 'TIME', help: 'The one that was active then; needs --env.' },
    raw: { type: 'boolean', help: 'The exact bytes of the version, and nothing else.' },
  },
  examples: [
    {
      line: 'show prompts/triage.prompt.md@v3',
      does: 'who proposed and approved it, and its text',
    },
    { line: 'show prompts/triage.prompt.md@v3 --raw > triage.md', does: 'its exact bytes' },
    {
      line: 'show prompts/triage.prompt.md --env production --at 2026-03-03T14:00:00Z --raw',
      does: 'the exact bytes that were live then',
    },
  ],
  positionals: [1, 1],
  writes: false,
  async run(invocation) {
    const raw = invocation.flag('raw');
    if (raw && invocation.json) {
      throw usageError('show takes --raw or --json, not both.', '--json carries the text, too.');
    }
    if (invocation.text('env') !== undefined) return showActive(invocation, raw);
    if (invocation.text('at') !== undefined)
      throw usageError('show --at needs --env ENV.', 'Say where it was active.');
    const trail = await invocation.trail();
    const argument = invocation.positionals[0] ?? '';
    const context = pathContext(invocation, trail);
    const event = (await isPath(argument, context)) ? null : await eventNamed(argument, trail);
    if (event !== null && !raw) {
      await print(invocation, {
        query: { command: 'show', event: event.row.id },
        ledger: await trail.point(),
        rows: [event],
        caveats: unsyncedCaveats(event.row.synced ? 0 : 1),
        human: () => detailText(event, invocation.paint),
      });
      return 0;
    }
    const target = await targetOf(argument, context, trail);
    const version = event?.version ?? (await trail.version(target.name));
    if (raw) {
      await invocation.terminal.out(await trail.content(version.digest));
      return 0;
    }
    const content = await contentOf(trail, version);
    await print(invocation, {
      query: { command: 'show', path: target.path, version: target.version },
      ledger: await trail.point(),
      rows: [{ ...version, content: content.json }],
      caveats: content.problem === null ? [] : [content.problem],
      human: () => versionDetailText(version, content.bytes, invocation.paint),
    });
    return content.problem === null ? 0 : 1;
  },
};
