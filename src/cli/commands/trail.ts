import type { Command } from '../command.js';
import { answerQuestion, questionOptions, subjectOf } from '../question.js';

export const trail: Command = {
  name: 'trail',
  summary: 'The whole trail of a deployment or a version, from its first draft to its end.',
  usage: 'EVENT|PATH[@vN] [--as-known-at TIME|SIZE] [--json]',
  details: [
    'EVENT is a deployment, or anything else about a version, by at least 7 digits of its id. Drafts, versions,',
    'talk, decisions, the policies that judged, signatures, deployments and what ended them, in the agreed order.',
    'Exit status 2: something that these events name is missing here.',
  ],
  options: { 'as-known-at': questionOptions['as-known-at'] },
  examples: [
    { line: 'trail 3f9c21d', does: 'how that deployment came about, and what became of it' },
    { line: 'trail prompts/triage.prompt.md@v3', does: 'the same of a version, wherever it went' },
  ],
  positionals: [1, 1],
  writes: false,
  async run(invocation) {
    const subject = await subjectOf(invocation, invocation.positionals[0] ?? '');
    return answerQuestion(invocation, { command: 'trail', kind: 'trail', params: { subject } });
  },
};
