import type { Explanation } from '../core/explainRows.js';
import { factText } from '../core/reasons.js';
import { printable } from './printable.js';
import type { Colour, Paint } from './style.js';
import { table, type Cell } from './table.js';
import { localTime } from './time.js';
import { shortDigest } from './words.js';

const colours: Readonly<Record<string, Colour>> = {
  pass: 'green',
  fail: 'red',
  'not-asked': 'dim',
};

const orders: Readonly<Record<string, string>> = {
  before: 'before',
  after: 'after',
  unknown: 'cannot tell',
};

/** The verdict, the policy, each rule, each decision, and what came later, as tables. */
export function explanationText(
  explanation: Explanation,
  paint: Paint,
  { isAll = true }: { readonly isAll?: boolean } = {},
): string {
  const { event, text, policy, steps, decisions, later } = explanation;
  const facts: Cell[][] = [
    ['Event', event.id],
    ['What', `${event.who.name} ${event.summary}`],
    ['When', localTime(event.at)],
    ['Policy', policyText(explanation)],
  ];
  const parts = [
    `${printable(text)}\n\n${table(facts, { paint })}`,
    section(
      'Rules',
      stepRows(isAll ? steps : steps.filter(isTold)),
      ['RULE', 'CHECK', 'RESULT', 'WANTED', 'FOUND', 'PROVEN BY'],
      paint,
    ),
    section(
      'Decisions',
      decisions.map((one) => [
        one.rule ?? '-',
        shortDigest(one.event),
        `${one.decision.replace('-', ' ')} ${one.version}`,
        one.by.name,
        localTime(one.at),
        orders[one.order] ?? one.order,
        one.counts ? { text: 'counts', colour: 'green' } : countText(one),
      ]),
      ['RULE', 'EVENT', 'DECISION', 'BY', 'WHEN', 'ORDER', 'COUNTS'],
      paint,
    ),
    section(
      'Later, and no part of the verdict',
      later.map((one) => [
        shortDigest(one.event.id),
        `${one.event.who.name} ${one.event.summary}`,
        localTime(one.event.at),
        orders[one.order] ?? one.order,
        one.text,
      ]),
      ['EVENT', 'WHAT', 'WHEN', 'ORDER', 'SO'],
      paint,
    ),
  ];
  if (policy.adoption === null && steps.length > 0)
    parts.push('No policy was adopted before it: the default judged.\n');
  return parts.join('');
}

function policyText({ policy }: Explanation): string {
  const { adoption, source, commit, readable } = policy;
  if (adoption === null) return 'none was adopted before it';
  const at = commit === null ? '' : ` at ${commit.slice(0, 7)}`;
  // What its recorder says: whether it ever stood there is asked by `policy show`.
  const where =
    source === 'protected-branch'
      ? `said to be of the protected branch${at}`
      : `of a working tree${at}`;
  const gone = readable ? '' : ', which cannot be read';
  return `event ${adoption.seq} (${shortDigest(adoption.id)}), ${where}${gone}`;
}

/** What no rule asks for says nothing. */
const isTold = ({ outcome, wanted }: Explanation['steps'][number]): boolean =>
  outcome !== 'not-asked' || wanted !== null;

function stepRows(steps: Explanation['steps']): Cell[][] {
  return steps.map(({ rule, check, outcome, code, wanted, got, events }) => [
    rule ?? '-',
    check,
    {
      text: code === null ? outcomeText(outcome, wanted) : `${outcome}: ${code}`,
      colour: colours[outcome] ?? 'dim',
    },
    wanted ?? '-',
    got ?? '-',
    events.map(shortDigest).join(' ') || '-',
  ]);
}

/** What a rule wants of approvals, and none is there: nothing was looked at. */
const outcomeText = (outcome: string, wanted: string | null): string =>
  outcome === 'not-asked' && wanted !== null ? '-' : outcome.replace('-', ' ');

function countText({ faults, because }: Explanation['decisions'][number]): Cell {
  if (faults.length === 0) return 'against it';
  const proof = because.length === 0 ? '' : ` (${because.map(shortDigest).join(' ')})`;
  return { text: `no: ${faults.map(factText).join('; ')}${proof}`, colour: 'yellow' };
}

function section(
  title: string,
  rows: readonly (readonly Cell[])[],
  head: readonly string[],
  paint: Paint,
): string {
  if (rows.length === 0) return '';
  return `\n${paint('bold', title)}\n${table(rows, { paint, head, indent: 2 })}`;
}
