import type { ApprovalRule } from './policy.js';
import type { CheckName, TraceStep } from './trace.js';

/** What each check asks, in plain words; a step that passed says so. */
export const checkTexts: Readonly<Record<CheckName, string>> = {
  environment: 'the policy has the environment',
  withdrawn: 'it is not withdrawn',
  rejected: 'nobody rejects it',
  'changes-requested': 'nobody asks for changes',
  'signed-stands': 'signed objections fall by signatures only',
  comments: 'all comments are resolved',
  approvals: 'people who approve it',
  quota: 'people with a role',
  'deployer-role': 'the deployer has a role that may deploy',
  'deployer-approved': 'the deployer did not approve it',
  'deployer-contributed': 'the deployer did not contribute to it',
  retired: 'the prompt is not retired',
  promoted: 'it was deployed with success to the environment before',
  promotion: 'the promotion that it names is one of these bytes',
  'break-glass': 'the deployer may use break-glass',
  reviewer: 'somebody else reviews it, whose review counts',
  policy: 'the policy can be read',
  imported: 'it was judged by a policy of this ledger',
  person: 'the people can be told',
  agent: 'a person decides, not a program',
  'approver-role': 'they have a role whose approvals count',
  'approver-owner': 'CODEOWNERS names them for its path',
  'approver-contributed': 'they did not contribute to it',
  scope: 'the environments are named',
  'same-clone': 'their clone did not record the text',
  reason: 'they give a reason',
  meaning: 'it has a meaning that the policy names',
};

export function wantedText({ check, wanted }: TraceStep): string | null {
  if (wanted === null) return null;
  if (typeof wanted === 'number') return peopleText(wanted);
  if (check !== 'quota') return wanted.join(' or ');
  const [count, ...roles] = wanted;
  return `${count} of ${roles.join(' or ')}`;
}

export function gotText({ check, got }: TraceStep): string | null {
  if (got === null) return null;
  if (check === 'comments') return got === 1 ? '1 is open' : `${got} are open`;
  return String(got);
}

const peopleText = (count: number): string => (count === 1 ? '1 person' : `${count} people`);

/** What a rule asks of each approval that it counts, and the code of one that does not have it. */
export interface Filter {
  readonly text: string;
  readonly codes: readonly string[];
  /** What it wants; null where it does not ask. */
  readonly wanted: (rule: ApprovalRule) => string | null;
}

const asked = (isAsked: boolean, text = 'yes'): string | null => (isAsked ? text : null);

export const filters: readonly Filter[] = [
  { text: '· by a person, not a program', codes: ['approver.agent'], wanted: () => 'yes' },
  {
    text: '· by who has a role',
    codes: ['approver.role'],
    wanted: ({ roles }) => asked(roles.length > 0, roles.join(' or ')),
  },
  {
    text: '· by an owner of the path',
    codes: ['approver.owner'],
    wanted: ({ codeowners }) => asked(codeowners),
  },
  {
    text: '· by who did not contribute',
    codes: ['approver.contributed'],
    wanted: ({ contributors }) => asked(!contributors),
  },
  { text: '· signed', codes: ['approval.unsigned'], wanted: ({ signed }) => asked(signed) },
  {
    text: '· by who was asked, or signed',
    codes: ['approval.unattended', 'decision.redacted'],
    wanted: ({ signed, unattended }) => asked(!signed && !unattended),
  },
  {
    text: '· from another clone than the text',
    codes: ['approval.sameClone'],
    wanted: ({ sameClone }) => asked(!sameClone),
  },
  {
    text: '· not older than',
    codes: ['approval.expired'],
    wanted: ({ expires }) => (expires === null ? null : durationText(expires)),
  },
  {
    text: '· for the environment',
    codes: ['approval.scope'],
    wanted: ({ scoped }) => asked(scoped),
  },
  {
    text: '· under the policy in force',
    codes: ['approval.policy'],
    wanted: ({ otherPolicy }) => asked(!otherPolicy),
  },
  { text: '· with a reason', codes: ['approval.reason'], wanted: ({ reason }) => asked(reason) },
  {
    text: '· with a meaning',
    codes: ['approval.meaning'],
    wanted: ({ meanings }) => asked(meanings.length > 0, meanings.join(' or ')),
  },
];

const minute = 60_000;

/** `30d`, `12h` or `90m`: as the policy writes it. */
export function durationText(milliseconds: number): string {
  for (const [unit, size] of [
    ['d', 24 * 60 * minute],
    ['h', 60 * minute],
  ] as const)
    if (milliseconds % size === 0) return `${milliseconds / size}${unit}`;
  return `${Math.round(milliseconds / minute)}m`;
}
