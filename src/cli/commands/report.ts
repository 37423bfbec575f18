import type { Command } from '../command.js';
import { makeEvidence, scopeOptions } from '../evidence.js';

export const report: Command = {
  name: 'report',
  summary:
    'Evidence to read and print: one HTML file on a deployment, a prompt, an environment or a period.',
  usage: '--out FILE [--deployment EVENT|--prompt PATH|--env ENV] [--from TIME] [--to TIME]',
  details: [
    'What changed, who wrote it, who approved it, verdicts with their reasons, exceptions, completeness, and how to',
    'check it: in one file without scripts that needs nothing else. It has names and texts in it. The report itself',
    'is recorded. EVENT is the beginning of the id of a deployment.',
    'Exit status 1: written, and there are exceptions in it.',
  ],
  options: {
    out: { type: 'string', value: 'FILE.html', help: 'The file to write.' },
    deployment: { type: 'string', value: 'EVENT', help: 'Only this deployment.' },
    ...scopeOptions,
  },
  examples: [
    { line: 'report --out triage.html --prompt prompts/triage.prompt.md', does: 'one prompt' },
    { line: 'report --out q3.html --from 2026-07-01 --to 2026-10-01', does: 'a quarter' },
    { line: 'report --out release.html --deployment 3f9c21d', does: 'one deployment' },
  ],
  positionals: [0, 0],
  writes: true,
  run: (invocation) => makeEvidence(invocation, 'report', (trail, input) => trail.report(input)),
};
