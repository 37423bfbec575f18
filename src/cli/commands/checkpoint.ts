import { print } from '../answer.js';
import type { Command } from '../command.js';
import { writeNew } from '../files.js';
import { sizeOf } from './prove.js';

export const checkpoint: Command = {
  name: 'checkpoint',
  summary: 'The three lines that name the ledger up to an event: to keep elsewhere, or to sign.',
  usage: '[--size N] [--out FILE] [--json]',
  details: [
    'Whoever keeps a checkpoint can tell later whether the ledger still extends it: prove --since FILE.',
    'Exit status 1: it is provisional, because the remote does not have all of these events yet.',
  ],
  options: {
    size: {
      type: 'string',
      value: 'N',
      help: 'Of the first N events. Default: those that are synced.',
    },
    out: { type: 'string', value: 'FILE', help: 'Write a new file.' },
  },
  examples: [{ line: 'checkpoint --out 2026-11.checkpoint', does: 'for the next audit' }],
  positionals: [0, 0],
  writes: false,
  async run(invocation) {
    const size = invocation.text('size');
    const out = invocation.text('out');
    const trail = await invocation.trail();
    const found = await trail.checkpoint(size === undefined ? undefined : sizeOf(size));
    if (out !== undefined) await writeNew(invocation, out, found.text);
    await print(invocation, {
      query: { command: 'checkpoint', size: size ?? null, out: out ?? null },
      ledger: found.point,
      rows: [found],
      caveats: found.provisional && invocation.json ? [provisional] : [],
      human: () => (out === undefined ? found.text : `${out}: ${found.point.size} events\n`),
    });
    if (found.provisional && !invocation.json)
      invocation.terminal.err(`prompt-audit: warning: ${provisional}\n`);
    return found.provisional ? 1 : 0;
  },
};

const provisional =
  'The checkpoint is provisional: nobody else has it before a sync, which may still change it.';
