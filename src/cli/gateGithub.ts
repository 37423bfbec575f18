import type { GateRow } from '../core/gateRows.js';
import type { GateReport } from '../trail/gateApi.js';
import { summaryLines, whyOf } from './gateText.js';
import { printable } from './printable.js';
import { shortDigest } from './words.js';

/** An annotation in GitHub's log. Text of users can neither end it nor begin another command. */
export function annotation(
  level: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const list = Object.entries(properties).map(
    ([name, value]) => `${name}=${property(String(value))}`,
  );
  return `::${level}${list.length === 0 ? '' : ` ${list.join(',')}`}::${data(printable(message))}\n`;
}

/** The escapes of GitHub's own toolkit, for what follows the last `::`. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Those for a property, which `,` and `:` would end. */
function property(text: string): string {
  return data(printable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** What is denied or unknown as errors, what changes the rules as warnings. */
export function annotations({ rows }: GateReport): string {
  return rows.map(annotationOf).join('');
}

function annotationOf(row: GateRow): string {
  const { path, verdict, change, reasons } = row;
  const place = { file: path, line: 1 };
  const why = reasons.map(whyOf).join('; ');
  if (verdict !== 'allow') {
    const title = `Prompt Audit: ${verdict === 'deny' ? 'not approved' : 'cannot be told'}`;
    return annotation('error', { ...place, title }, `${path}: ${why}`);
  }
  if (change !== 'policy') return '';
  return annotation('warning', { ...place, title: 'Prompt Audit: rules' }, `${path}: ${why}`);
}

/** So that no line of a text becomes a command, whatever a file is called. `token`: nobody can guess it. */
export function withoutCommands(text: string, token: string): string {
  return `::stop-commands::${token}\n${text}${text.endsWith('\n') ? '' : '\n'}::${token}::\n`;
}

/** A page of GitHub may have a megabyte. */
const mostRows = 500;

/** The answer as a page in Markdown, in which text of users is only text. */
export function stepSummary(report: GateReport, caveats: readonly string[]): string {
  const denied = report.rows.filter(({ verdict }) => verdict !== 'allow').length;
  const shown = report.rows.slice(0, mostRows);
  const lines = [
    `## Prompt Audit gate: ${denied === 0 ? 'passed' : 'not passed'}`,
    '',
    ...(shown.length === 0
      ? []
      : [
          '| verdict | prompt | change | version | digest | approved by | why |',
          '|---|---|---|---|---|---|---|',
          ...shown.map(rowLine),
          '',
        ]),
    ...(shown.length < report.rows.length
      ? [`${report.rows.length - shown.length} more rows are in the log.`, '']
      : []),
    ...[...summaryLines(report), ...caveats].flatMap((line) => [markdown(line), '']),
  ];
  return `${lines.join('\n')}\n`;
}

function rowLine(row: GateRow): string {
  const path = row.from === null ? row.path : `${row.from} → ${row.path}`;
  const cells = [
    row.verdict,
    path.slice(0, 500),
    row.change,
    row.version ?? '',
    row.digest === null ? '' : shortDigest(row.digest),
    row.approvers.map(({ name }) => name.slice(0, 100)).join(', '),
    row.reasons.map(whyOf).join('; '),
  ];
  return `| ${cells.map(markdown).join(' | ')} |`;
}

/** One line of plain text: neither HTML nor any mark of Markdown, nor a mention of somebody. */
export function markdown(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~$]/g, '\\$&')
    .replaceAll('@', '&#64;')
    .replaceAll('://', '&#58;//')
    .replace(/\bwww\./gi, 'www&#46;');
}
