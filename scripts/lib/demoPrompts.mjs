// The prompts of the demo clinic, in the formats that are in use. Invented; no real patient or policy.

export const triage = 'prompts/triage.prompt.md';
export const discharge = 'prompts/discharge-letter.prompty';
export const reminder = 'prompts/appointment-reminder.prompt.yml';
export const visit = '.github/prompts/summarise-visit.prompt.md';
export const refill = 'prompts/refill-check.txt';
export const agents = 'AGENTS.md';

/** The lines of the triage prompt; each version adds or replaces some. */
const triageSteps = [
  [
    'You sort messages that patients send to the clinic.',
    'Answer with: emergency, today, routine.',
  ],
  ['Never give a diagnosis and never name a dose.'],
  ['If the message names chest pain, stroke signs or trouble breathing, answer: emergency.'],
  ['Give one sentence that says why, in the words of the patient.'],
  ['If you are unsure, you may answer: routine.'],
  ['If you are unsure, choose the more urgent answer.'],
  ['Messages about children under 2 years are at least: today.'],
  ['Answer in the language of the message.'],
  ['Pregnancy with bleeding or pain is always: emergency.'],
  ['Do not repeat names, birth dates or addresses in your answer.'],
  ['If the message speaks of self-harm, answer: emergency, and add the crisis line of the clinic.'],
  ['Write the answer as JSON: {"urgency": …, "why": …}.'],
];

/** The text of the triage prompt at version `n` (from 1). */
export function triageAt(n) {
  const model = n < 7 ? 'gpt-4.1' : 'gpt-5-mini';
  // Version 6 takes back what 5 had proposed.
  const steps = triageSteps.slice(0, n).filter((_, index) => !(index === 4 && n > 5));
  const lines = steps.flat();
  return `---
description: Sort messages of patients by urgency
agent: ask
model: ${model}
---
${lines.map((line) => `- ${line}`).join('\n')}

Message of the patient:
\${input:message}
`;
}

export const triageDraft = `${triageAt(12)}\nTODO: ask the night team about dental pain.\n`;

const dischargeText = (rules) => `---
name: Discharge letter
description: A letter for the patient in plain words
authors: [Ana Author]
model:
  api: chat
  configuration:
    type: azure_openai
    azure_deployment: gpt-4.1
  parameters:
    temperature: 0.2
inputs:
  findings:
    type: string
---
system:
Write a discharge letter that a person of twelve years understands.
${rules}

user:
{{findings}}
`;

export const dischargeAt = [
  dischargeText('At most one page.'),
  dischargeText('At most one page.\nList every medicine with time of day, never with a new dose.'),
];

export const reminderAt = [
  `name: Appointment reminder
description: A short message before an appointment
model: openai/gpt-4.1-mini
modelParameters:
  temperature: 0.3
messages:
  - role: system
    content: >-
      Write a reminder of at most 300 characters. Name day, time and place.
      Do not say why the patient comes.
  - role: user
    content: '{{appointment}}'
testData:
  - appointment: Tuesday 9:30, room 4
evaluators:
  - name: says the time
    string:
      contains: '9:30'
`,
];

export const visitAt = [
  `---
description: Summarise a visit for the record
agent: ask
tools: ['search']
---
Summarise the visit in the order: reason, findings, plan.
Mark every fact that you did not find in the notes with [not in notes].

\${selection}
`,
];

export const refillAt = [
  `Check a request for a refill against the medicine list.
Answer REFILL, ASK DOCTOR or REFUSE, and say which line of the list you used.

List:
{list}

Request:
{request}
`,
];

export const agentsAt = [
  `# Agents in this repository

- Prompts in \`prompts/\` are medical software. Propose changes; never merge them yourself.
- Use invented patients in examples and tests.
- After a change of a prompt run the checks in \`README.md\`.
`,
];

export const readme = `# Clinic prompts (demo)

Invented prompts of an invented clinic, with an audit trail: open the view "Prompt Audit" at the left.

- Ana writes the prompts, Ravi reviews them, Rosa releases them.
- You are Ravi: something waits for you under "Needs Review".
`;
