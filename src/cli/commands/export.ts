import type { Command } from '../command.js';
import { makeEvidence, scopeOptions } from '../evidence.js';

export const exportCommand: Command = {
  name: 'export',
  summary: 'Evidence as a folder: tables, events, texts, policies, sums, and how to check it all.',
  usage: '--out DIR [--env ENV] [--prompt PATH] [--from TIME] [--to TIME] [--force]',
  details: [
    'Writes tables as CSV with their meaning, the exact events as JSON Lines, the texts of the versions,',
    'the policies in force, and SHA256SUMS. Without a scope: everything. It has names and texts in it: give it only',
    'to those who may read them. The export itself is recorded. DIR must be new or empty, or, with --force, an',
    'export of before. Exit status 1: written, and there are exceptions in it.',
  ],
  options: { out: { type: 'string', value: 'DIR', help: 'The folder to write.' }, ...scopeOptions },
  examples: [
    { line: 'export --out evidence', does: 'the whole trail' },
    {
      line: 'export --out evidence-q3 --env production --from 2026-07-01 --to 2026-10-01',
      does: 'what went to production in a quarter',
    },
  ],
  positionals: [0, 0],
  writes: true,
  run: (invocation) =>
    makeEvidence(invocation, 'export', (trail, input) => trail.exportEvidence(input)),
};
