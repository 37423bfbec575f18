import { looksLikeTlogProof, maxProofBytes, parseTlogProof } from '../../core/tlogProof.js';
import { keptCheckpoint } from '../../core/keptCheckpoint.js';
import { PromptAuditError } from '../../core/errors.js';
import type { EventId } from '../../core/ids.js';
import type { Trail } from '../../trail/api.js';
import type { ProofText } from '../../trail/proveApi.js';
import { print } from '../answer.js';
import type { Command, Invocation } from '../command.js';
import { eventNamed } from '../eventNamed.js';
import { readText, writeNew } from '../files.js';
import { isPath } from '../paths.js';
import { pathContext, targetOf } from '../target.js';
import { usageError } from '../usageError.js';
import { plural, shortDigest } from '../words.js';

export const prove: Command = {
  name: 'prove',
  summary:
    'A proof that others check without the ledger: an event is in it, or it was only added to.',
  usage: '[EVENT] [--since FILE|SIZE] [--size N|--checkpoint FILE] [--out FILE] [--json]',
  details: [
    'EVENT is the beginning of an event id, its number in the log, or PATH@vN for the proposal of a version. The',
    'proof holds the event with its details and signatures, so give it only to those who may read them. With',
    '--since and no EVENT: what leads from an older checkpoint (a file, or its size) to this ledger.',
    'Exit status 1: the proof is provisional, because sync may still put events of others before this one.',
  ],
  options: {
    since: {
      type: 'string',
      value: 'FILE|SIZE',
      help: 'The older checkpoint, or a proof with it.',
    },
    size: { type: 'string', value: 'N', help: 'Prove up to the checkpoint of the first N events.' },
    checkpoint: {
      type: 'string',
      value: 'FILE',
      help: 'Prove up to this checkpoint, which goes into the proof with its signatures.',
    },
    out: { type: 'string', value: 'FILE', help: 'Write a new file, such as approval.tlog-proof.' },
  },
  examples: [
    {
      line: 'prove 3f9c21d --out approval.tlog-proof',
      does: 'shows that this decision is recorded',
    },
    {
      line: 'prove --since last-audit.checkpoint --out since.tlog-consistency',
      does: 'shows that nothing was changed or taken away since then',
    },
  ],
  positionals: [0, 1],
  writes: false,
  async run(invocation) {
    const [argument] = invocation.positionals;
    const since = invocation.text('since');
    if (argument === undefined && since === undefined)
      throw usageError(
        'prove needs an EVENT, or --since.',
        'See the events with: prompt-audit log',
      );
    if (argument !== undefined && since !== undefined)
      throw usageError(
        'prove takes an EVENT or --since, not both.',
        'Ask for one after the other.',
      );
    const up = await upTo(invocation);
    const trail = await invocation.trail();
    const proof =
      argument === undefined
        ? await trail.proveSince({ since: await older(invocation, since!), ...up })
        : await trail.prove({ event: await eventOf(invocation, trail, argument), ...up });
    return await answer(invocation, proof, argument ?? null, since ?? null);
  },
};

async function upTo(invocation: Invocation): Promise<{ checkpoint?: number | string }> {
  const size = invocation.text('size');
  const file = invocation.text('checkpoint');
  if (size !== undefined && file !== undefined)
    throw usageError('prove takes --size or --checkpoint, not both.', 'A checkpoint has a size.');
  if (size !== undefined) return { checkpoint: sizeOf(size) };
  if (file === undefined) return {};
  return { checkpoint: keptCheckpoint(await readText(invocation, file, maxProofBytes)) };
}

/** `--size N`. Throws `usage`. */
export function sizeOf(given: string): number {
  if (/^[1-9]\d{0,14}$/.test(given)) return Number(given);
  throw usageError(`--size "${given}" is not a number of events.`, 'Give a whole number from 1.');
}

async function older(invocation: Invocation, given: string): Promise<number | string> {
  if (/^(0|[1-9]\d{0,14})$/.test(given)) return Number(given);
  const text = await readText(invocation, given, maxProofBytes);
  if (!looksLikeTlogProof(text)) return keptCheckpoint(text);
  const proof = parseTlogProof(text);
  if (typeof proof !== 'string') return proof.checkpoint;
  throw new PromptAuditError({
    code: 'proof.invalid',
    message: `"${given}" is no proof that can be read: ${proof}.`,
    remedy: 'Give a checkpoint or a proof as this program writes it.',
  });
}

/** What an argument names: a file first, then a number in the log, then the beginning of an id. */
async function eventOf(
  invocation: Invocation,
  trail: Trail,
  argument: string,
): Promise<EventId | number> {
  const context = pathContext(invocation, trail);
  const isNumber = /^#?[1-9]\d{0,14}$/.test(argument);
  if (!(await isPath(argument, context))) {
    const event = await eventNamed(argument, trail);
    if (event !== null) return event.row.id;
    if (isNumber) return Number(argument.replace('#', ''));
    if (/^[0-9a-f]{7,64}$/.test(argument))
      throw new PromptAuditError({
        code: 'event.unknown',
        message: `No event id begins with ${argument}.`,
        remedy: 'See the events with: prompt-audit log',
      });
  }
  const target = await targetOf(argument, context, trail);
  return (await trail.version(target.name)).id;
}

async function answer(
  invocation: Invocation,
  proof: ProofText & { readonly event?: EventId; readonly seq?: number; readonly type?: string },
  argument: string | null,
  since: string | null,
): Promise<0 | 1> {
  const { terminal, json } = invocation;
  const out = invocation.text('out');
  if (out !== undefined) await writeNew(invocation, out, proof.text);
  if (json || out !== undefined) {
    await print(invocation, {
      query: { command: 'prove', event: argument, since, out: out ?? null },
      ledger: proof.point,
      rows: [proof],
      caveats: proof.provisional ? [provisional] : [],
      human: () => `${out ?? ''}: ${summaryOf(proof)}\n`,
    });
  } else {
    if (proof.provisional) terminal.err(`prompt-audit: warning: ${provisional}\n`);
    await terminal.out(proof.text);
  }
  return proof.provisional ? 1 : 0;
}

const provisional =
  'The proof is provisional: nobody else has this checkpoint before a sync, which may still change it.';

function summaryOf({
  event,
  seq,
  type,
  point,
}: ProofText & {
  readonly event?: EventId;
  readonly seq?: number;
  readonly type?: string;
}): string {
  const what =
    event === undefined ? 'what leads to' : `event ${seq} (${shortDigest(event)}, ${type}) is in`;
  return `${what} the checkpoint of ${plural(point.size, 'event')}, root ${point.root}`;
}
