import * as p from './demoPrompts.mjs';

/**
 * What happened in the demo clinic, in order. One step is one command of one person:
 *   edit     new text of a prompt, then (with note) its proposal as a version
 *   decide   approve, request-changes or reject
 *   deploy, rollback
 * `refused: true`: the command is expected to be refused, and the refusal to be recorded.
 */
export const story = [
  edit(p.agents, p.agentsAt[0]),

  version(p.triage, p.triageAt(1), 'First version, from the pilot in the emergency room'),
  ...approvedAndLive(p.triage, ['staging', 'production']),
  version(p.triage, p.triageAt(2), 'Forbid diagnoses and doses'),
  decision('request-changes', p.triage, 'Also say what to do with chest pain and stroke signs.'),
  version(p.triage, p.triageAt(3), 'Name the signs that are always an emergency'),
  ...approvedAndLive(p.triage, ['production']),

  version(p.discharge, p.dischargeAt[0], 'Discharge letter in plain words'),
  ...approvedAndLive(p.discharge, ['production']),

  version(p.triage, p.triageAt(4), 'Ask for one sentence of reason'),
  ...approvedAndLive(p.triage, []),
  version(p.triage, p.triageAt(5), 'Let unsure cases be routine, to shorten the queue'),
  decision('reject', p.triage, 'Unsafe: an unsure case must never become less urgent.'),
  version(p.triage, p.triageAt(6), 'Unsure cases go to the more urgent answer'),
  ...approvedAndLive(p.triage, ['production']),

  version(p.triage, p.triageAt(7), 'Children under two; move to gpt-5-mini'),
  ...approvedAndLive(p.triage, ['staging', 'production']),
  step('rosa', [
    'rollback',
    p.triage,
    '--env=production',
    '-m',
    'gpt-5-mini answered in English to a Polish mother (incident 118)',
  ]),

  version(p.visit, p.visitAt[0], 'Summary of a visit, with marks for what is not in the notes'),
  ...approvedAndLive(p.visit, []),

  version(p.triage, p.triageAt(8), 'Answer in the language of the message (incident 118)'),
  decision('request-changes', p.triage, 'Please add the rule for pregnancy that we agreed on.'),
  version(p.triage, p.triageAt(9), 'Pregnancy with bleeding or pain is an emergency'),
  ...approvedAndLive(p.triage, ['production']),
  version(p.triage, p.triageAt(10), 'Keep personal data out of the answer'),
  ...approvedAndLive(p.triage, []),

  version(p.discharge, p.dischargeAt[1], 'List medicines with the time of day'),
  version(p.triage, p.triageAt(11), 'Self-harm goes to the crisis line'),
  step('ana', ['approve', p.triage, '--yes', '-m', 'It is urgent'], { refused: true }),
  ...approvedAndLive(p.triage, ['staging', 'production']),

  version(p.reminder, p.reminderAt[0], 'Reminder without the reason of the visit'),
  edit(p.refill, p.refillAt[0]),
  version(p.triage, p.triageAt(12), 'Answer as JSON, for the new inbox'),
];

function step(who, command, more = {}) {
  return { who, command, ...more };
}

function edit(path, text) {
  return step('ana', ['record', path], { write: { path, text } });
}

function version(path, text, note) {
  return step('ana', ['propose', path, '-m', note], { write: { path, text } });
}

function decision(kind, path, reason) {
  return step('ravi', [kind, path, '--yes', '-m', reason]);
}

function approvedAndLive(path, environments) {
  return [
    step('ravi', ['approve', path, '--yes', '-m', 'Read the diff and the test answers']),
    ...environments.map((env) =>
      step('rosa', ['deploy', path, `--env=${env}`, '-m', `Release to ${env}`]),
    ),
  ];
}
