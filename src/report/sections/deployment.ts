import type { ExplainedStep, Explanation } from '../../core/explainRows.js';
import { factText } from '../../core/reasons.js';
import type { ActiveRow } from '../../core/rows.js';
import { upTo } from '../../core/eventRows.js';
import { personText } from '../cellText.js';
import { trustOf, type DeploymentFact, type DeploymentOutcome } from '../deploymentFact.js';
import type { Block, Section, Tone } from '../document.js';
import type { ReportFacts } from '../reportFacts.js';
import { column, type EvidenceTable } from '../table.js';
import { claimedTime } from '../timeWords.js';

export const outcomeTones: Readonly<Record<DeploymentOutcome, Tone>> = {
  allowed: 'good',
  'against the policy': 'bad',
  'break-glass': 'warn',
  imported: 'plain',
  'cannot be told': 'warn',
};

/** The one deployment that a report is about: the facts, and the verdict rule by rule. */
export function deploymentSection(facts: ReportFacts, fact: DeploymentFact): Section {
  const { view, explanation } = facts;
  const { record, prompt, row } = fact;
  const { header, body } = record.event;
  const { refs } = header;
  const short = (id: string | null): string => (id === null ? '–' : id.slice(0, 12));
  return {
    id: 'deployment',
    title: 'The deployment and its verdict',
    blocks: [
      {
        kind: 'facts',
        facts: [
          { name: 'Prompt', value: prompt.path ?? '(redacted path)' },
          { name: 'Environment', value: refs.env },
          { name: 'Version', value: row?.version ?? '–' },
          { name: 'SHA-256', value: refs.digest.replace(/^sha256:/, ''), isCode: true },
          {
            name: 'Deployed by',
            value: `${personText(view.state.persons.ref(header.who, upTo(record.seq)))} on ${claimedTime(record.at, body?.utcOffset ?? null)}`,
          },
          { name: 'Outcome', value: refs.outcome },
          { name: 'Active until', value: untilText(row) },
          { name: 'Replaced', value: short(refs.previous) },
          { name: 'Note', value: body === null ? '(redacted)' : (body.note ?? '–') },
          { name: 'Reference', value: body?.reference ?? '–' },
          { name: 'Release', value: body?.release ?? '–' },
          { name: 'Pipeline', value: body?.pipeline ?? '–' },
          { name: 'Event', value: record.id, isCode: true },
        ],
      },
      {
        kind: 'status',
        tone: outcomeTones[fact.outcome],
        title: verdictTitle(fact.outcome),
        text: explanation?.text ?? 'The ledger does not have the version that was deployed.',
      },
      { kind: 'text', text: `Trust: ${trustText(trustOf(view, fact))}` },
      ...(explanation === null ? [] : explanationBlocks(explanation)),
    ],
  };
}

const titles: Readonly<Record<DeploymentOutcome, string>> = {
  allowed: 'Allowed by the policy of that time',
  'against the policy': 'Against the policy of that time',
  'break-glass': 'By break-glass, against the rules',
  imported: 'Imported: no policy was asked',
  'cannot be told': 'Cannot be told any more',
};

export const verdictTitle = (outcome: DeploymentOutcome): string => titles[outcome];

/** A trust level in words (DESIGN.md §10). */
export function trustText(levels: string): string {
  const words: Readonly<Record<string, string>> = {
    L0: 'L0, the hash chain only',
    L1: 'L1, signed with the own keys of those who acted',
    L2: 'L2, seen by another custodian (pushed)',
  };
  return `${levels
    .split(' ')
    .map((one) => words[one] ?? one)
    .join('; ')}.`;
}

function explanationBlocks(explanation: Explanation): readonly Block[] {
  const { reasons, later, steps } = explanation;
  const asked = steps.filter(({ outcome }) => outcome !== 'not-asked');
  const unasked = steps.filter(({ outcome }) => outcome === 'not-asked');
  const notAsked = [...new Set(unasked.map(({ check }) => check.replace(/^· /, '')))];
  return [
    ...(reasons.length === 0
      ? []
      : [{ kind: 'list' as const, items: reasons.map((code) => `${factText(code)} (${code})`) }]),
    { kind: 'table', table: stepsTable(asked), empty: 'No rule was asked.' },
    ...(notAsked.length === 0
      ? []
      : [{ kind: 'text' as const, text: `The policy did not ask: ${notAsked.join('; ')}.` }]),
    {
      kind: 'sub',
      title: 'What came later',
      blocks: [
        later.length === 0
          ? {
              kind: 'text',
              text: 'Nothing that speaks about it came later. No verdict would change by it.',
            }
          : { kind: 'list', items: later.map(({ text, order }) => `${text} (${order})`) },
      ],
    },
  ];
}

function untilText(row: ActiveRow | null): string {
  if (row === null) return 'never active';
  return row.to === null ? 'now' : claimedTime(row.to, null);
}

const outcomes = { pass: 'met', fail: 'not met', 'not-asked': 'not asked' } as const;

function stepsTable(steps: readonly ExplainedStep[]): EvidenceTable {
  return {
    name: 'rules',
    title: 'Rule by rule',
    about: 'What the policy of that time asked, judged by what the deployer had seen.',
    columns: [
      column('rule', 'Rule', 'text', 'Name of the rule.'),
      column('check', 'Asked', 'text', 'What was looked at.'),
      column('outcome', 'Result', 'text', 'Whether it was met.'),
      column('wanted', 'Wanted', 'text', 'What the policy wants.'),
      column('got', 'There was', 'text', 'What was found.'),
      column('code', 'Reason', 'codes', 'Why it was not met.'),
      column('events', 'Shown by', 'events', 'Events that show it.'),
    ],
    rows: steps.map((one) => ({
      rule: one.rule ?? 'general',
      check: one.check,
      outcome: outcomes[one.outcome],
      wanted: one.wanted,
      got: one.got,
      code: one.code,
      events: one.events,
    })),
  };
}
