import type { Command } from '../command.js';
import { answerQuestion, placesOf, questionOptions } from '../question.js';

export const actions: Command = {
  name: 'actions',
  summary: 'What a person, an agent or a service did.',
  usage: '[PATH] [--actor WHO] [--env ENV] [--type TYPE] [--from TIME] [--to TIME] [--json]',
  details: [
    'WHO is an e-mail address, a name or a person id. Whoever is known by several addresses is one person here.',
    'Commits of WHO that somebody else recorded are there, too; AS says what part they had.',
  ],
  options: {
    actor: { type: 'string', value: 'WHO', help: 'Only what this person did.' },
    type: { type: 'string', value: 'TYPE', help: 'Only events of this type, as log shows it.' },
    ...questionOptions,
  },
  examples: [
    { line: 'actions --actor ana@clinic.example', does: 'everything that she did' },
    { line: 'actions --type deployment.recorded --from 2026-01-01', does: 'who deployed' },
  ],
  positionals: [0, 1],
  writes: false,
  async run(invocation) {
    const [actor, text] = [invocation.text('actor'), invocation.text('type')];
    const params = {
      ...(await placesOf(invocation, invocation.positionals[0])),
      ...(actor === undefined ? {} : { actor }),
      ...(text === undefined ? {} : { text }),
    };
    return answerQuestion(invocation, { command: 'actions', kind: 'actions', params });
  },
};
