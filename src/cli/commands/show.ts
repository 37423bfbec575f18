import { isPromptAuditError } from '../../core/errors.js';
import type { VersionRow } from '../../core/rows.js';
import type { Trail } from '../../trail/api.js';
import { print } from '../answer.js';
import { unsyncedCaveats } from '../caveats.js';
import type { Command } from '../command.js';
import { eventNamed } from '../eventNamed.js';
import { detailText, versionDetailText } from '../showText.js';
import { isPath } from '../paths.js';
import { pathContext, targetOf } from '../target.js';
import { usageError } from '../usageError.js';

export const show: Command = {
  name: 'show',
  summary: 'One version with its text and decisions, or one event.',
  usage: 'PATH[@vN]|EVENT [--raw] [--json]',
  details: ['EVENT is the beginning of an event id, at least 7 digits, as the log prints it.'],
  options: {
    raw: { type: 'boolean', help: 'The exact bytes of the version, and nothing else.' },
  },
  examples: [
    {
      line: 'show prompts/triage.prompt.md@v3',
      does: 'who proposed and approved it, and its text',
    },
    { line: 'show prompts/triage.prompt.md@v3 --raw > triage.md', does: 'its exact bytes' },
  ],
  positionals: [1, 1],
  writes: false,
  async run(invocation) {
    const raw = invocation.flag('raw');
    if (raw && invocation.json) {
      throw usageError('show takes --raw or --json, not both.', '--json carries the text, too.');
    }
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

interface Content {
  readonly bytes: Uint8Array | null;
  readonly json: { size: number; encoding: 'utf8' | 'base64'; text: string } | null;
  /** Why there is no text. */
  readonly problem: string | null;
}

async function contentOf(trail: Trail, version: VersionRow): Promise<Content> {
  let bytes: Uint8Array;
  try {
    bytes = await trail.content(version.digest);
  } catch (error) {
    const redacted = isPromptAuditError(error, 'content.redacted');
    if (!redacted && !isPromptAuditError(error, 'content.missing')) throw error;
    return { bytes: null, json: null, problem: `${error.message} ${error.remedy}` };
  }
  const utf8 = Buffer.from(bytes).toString('utf8');
  const exact = Buffer.from(utf8, 'utf8').equals(bytes);
  const json = exact
    ? ({ size: bytes.length, encoding: 'utf8', text: utf8 } as const)
    : ({
        size: bytes.length,
        encoding: 'base64',
        text: Buffer.from(bytes).toString('base64'),
      } as const);
  return { bytes, json, problem: null };
}
