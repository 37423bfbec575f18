import { formatCheckpoint } from '../core/checkpoint.js';
import { gateReasonText } from '../core/gateReasons.js';
import { gateCounts, type GateReason, type GateRow, type GateVerdict } from '../core/gateRows.js';
import type { LedgerPoint } from '../core/rows.js';
import type { GateReport } from '../trail/gateApi.js';
import { printable } from './printable.js';
import type { Colour, Paint } from './style.js';
import { table } from './table.js';
import { widthOf } from './width.js';
import { plural, shortDigest, shortName } from './words.js';

/** Columns that a log of CI shows without a break. */
const lineWidth = 110;
const colours: Readonly<Record<GateVerdict, Colour>> = {
  allow: 'green',
  deny: 'red',
  unknown: 'yellow',
};
const head = ['VERDICT', 'CHANGE', 'VERSION', 'DIGEST', 'ORDER', 'APPROVED BY', 'PROMPT'];

/** The table, what it was judged by, and the sums. */
export function gateText(report: GateReport, paint: Paint): string {
  const { rows } = report;
  const facts = rows.map(factsOf);
  const most = lineWidth - widthOfFacts(facts);
  const cells = rows.map((row, at) => {
    const [verdict = '', ...others] = facts[at]!;
    const colour = colours[row.verdict];
    return [{ text: verdict, colour }, ...others, lastOf(pathOf(row), most)];
  });
  const lines = table(cells, { paint, head }).split('\n').slice(0, -1);
  const [title, ...others] = lines;
  const body = others.flatMap((line, at) => [line, ...whyLines(rows[at]!, paint)]);
  const all = title === undefined ? [] : [title, ...body, ''];
  return [...all, ...summaryLines(report).map(printable), ''].join('\n');
}

/** All cells but that of the path. */
function factsOf(row: GateRow): string[] {
  return [
    row.verdict,
    row.change,
    row.version ?? '-',
    row.digest === null ? '-' : shortDigest(row.digest),
    row.order ?? '-',
    approvedBy(row),
  ];
}

/** Columns that are taken before the path, with the spaces between. */
function widthOfFacts(facts: readonly (readonly string[])[]): number {
  const widths = head.slice(0, -1).map((title, column) => {
    const texts = facts.map((row) => printable(row[column] ?? ''));
    return texts.reduce((most, text) => Math.max(most, widthOf(text)), title.length) + 2;
  });
  return widths.reduce((sum, width) => sum + width, 0);
}

const pathOf = ({ path, from }: GateRow): string => (from === null ? path : `${from} → ${path}`);

function approvedBy({ approvers }: GateRow): string {
  const [first, ...more] = approvers;
  if (first === undefined) return '-';
  const name = firstOf(shortName(first.name), 16);
  return more.length === 0 ? name : `${name} +${more.length}`;
}

function firstOf(text: string, most: number): string {
  const letters = [...printable(text)];
  if (widthOf(letters.join('')) <= most) return letters.join('');
  while (widthOf(letters.join('')) > most - 1) letters.pop();
  return `${letters.join('')}…`;
}

/** The end of a path says most. */
function lastOf(text: string, most: number): string {
  const letters = [...printable(text)].slice(-most);
  const isCut = [...printable(text)].length > letters.length;
  if (!isCut && widthOf(letters.join('')) <= most) return letters.join('');
  while (widthOf(letters.join('')) > most - 1) letters.shift();
  return `…${letters.join('')}`;
}

function whyLines({ reasons, verdict }: GateRow, paint: Paint): string[] {
  const indent = ' '.repeat(9);
  return reasons.map((reason) => {
    const line = `${indent}${printable(whyOf(reason))}`;
    return verdict === 'allow' ? paint('dim', line) : line;
  });
}

/** A reason in words, with its code and what proves it. */
export function whyOf({ code, events }: GateReason): string {
  const some = events.slice(0, 2).map(shortDigest);
  const more = events.length > some.length ? ` +${events.length - some.length}` : '';
  const proof = some.length === 0 ? '' : `, ${some.join(' ')}${more}`;
  return `${gateReasonText(code)} (${code}${proof})`;
}

/** What was judged, of how much, by which rules and which ledger; one sentence each. */
export function summaryLines(report: GateReport): string[] {
  const { range, totals, policy, head: commit, remote, ledger } = report;
  const { allowed, denied, unknown } = gateCounts(report.rows);
  const of =
    range === null
      ? `${plural(totals.files, 'file')} of ${short(commit)}, ${plural(totals.active, 'deployment')} active`
      : `${plural(totals.files, 'file')} that ${short(commit)} changes since ${range.from.map(short).join(', ') || 'the beginning'}`;
  const leftOut = totals.leftOut > 0 ? `; ${totals.leftOut} left out by --prompt` : '';
  const [origin, size, root] = formatCheckpoint(ledger).split('\n');
  return [
    `${plural(totals.prompts, 'prompt')} judged (${of}${leftOut}): ${allowed} allowed, ${denied} denied, ${unknown} unknown.`,
    `Rules: policy ${shortDigest(policy.digest)} of ${policy.branch}, commit ${short(policy.commit)}${remote === null ? '' : `, from ${remote}`}.`,
    `Checkpoint: ${origin} ${size} ${root}`,
  ];
}

const short = (commit: string): string => commit.slice(0, 12);

/** As checkpoints have it. */
export function checkpointOf(ledger: LedgerPoint): {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
} {
  const [origin = '', , root = ''] = formatCheckpoint(ledger).split('\n');
  return { origin, size: ledger.size, root };
}

/** What lines are wider than a log shows, so that tests can hold it. */
export const widestLine = lineWidth;
