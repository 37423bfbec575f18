import type { LintFinding } from '../core/policyLintContext.js';
import type { PowerRow } from '../core/policyPowers.js';
import type { PolicyProtection, PolicyRow } from '../core/policyRows.js';
import type { WhatIf, WhatIfRow } from '../core/policyWhatIf.js';
import type { PolicyCompared, PolicyShown } from '../trail/policyApi.js';
import { printable } from './printable.js';
import type { Colour, Paint } from './style.js';
import { table, type Cell } from './table.js';
import { localTime } from './time.js';
import { fullPerson, plural, shortDigest, shortName } from './words.js';

/** A finding with the file and the line that it is in. */
export interface PlacedFinding extends LintFinding {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

const colours: Readonly<Record<LintFinding['severity'], Colour>> = {
  error: 'red',
  warning: 'yellow',
  info: 'dim',
};

export function lintText(findings: readonly PlacedFinding[], path: string, paint: Paint): string {
  if (findings.length === 0) return `${printable(path)}: nothing to say.\n`;
  const lines = findings.map((one) => {
    const place = `${one.path}:${one.line}:${one.column}`;
    const fix = one.fix === undefined ? '' : ` [can be fixed: ${one.fix.title}]`;
    const severity = paint(colours[one.severity], one.severity);
    return `${printable(place)}: ${severity}: ${printable(one.message)}${printable(fix)} (${one.code})\n`;
  });
  const count = (severity: string): number =>
    findings.filter((one) => one.severity === severity).length;
  const total = `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}, ${count('info')} info`;
  return `${lines.join('')}${total}\n`;
}

const protections: Readonly<Record<PolicyProtection, string>> = {
  yes: 'stood there',
  later: 'its bytes stood there',
  left: 'is not in its history now',
  never: 'never stood there',
  none: 'no policy ever stood there',
  unknown: 'cannot be told here',
};

/** All adoptions, the newest last. */
export function adoptionsText(rows: readonly PolicyRow[], paint: Paint): string {
  if (rows.length === 0) return 'No policy was adopted.\n';
  return table(
    rows.map((row) => [
      shortDigest(row.digest),
      localTime(row.at),
      shortName(row.adoptedBy.name),
      sourceOf(row),
      { text: protections[row.protection], colour: row.protection === 'never' ? 'red' : 'dim' },
      row.until === null ? 'in force' : '',
    ]),
    { paint, head: ['policy', 'adopted', 'by', 'from', 'protected branch', ''] },
  );
}

export function shownText({ shown, adoptions, powers, text }: PolicyShown, paint: Paint): string {
  if (shown === null)
    return adoptions.length === 0
      ? 'No policy was adopted yet.\n'
      : `No policy was in force then: the first one was adopted at ${localTime(adoptions[0]!.at)}.\n`;
  const facts = table(
    [
      ['Policy', shown.digest],
      [
        'In force',
        `${localTime(shown.at)} to ${shown.until === null ? 'now' : localTime(shown.until)}`,
      ],
      [
        'Adopted by',
        `${fullPerson(shown.adoptedBy)}, event ${shown.seq}${shown.synced ? '' : ' (not synced)'}`,
      ],
      ['From', sourceOf(shown)],
      ['Protected branch', protections[shown.protection]],
    ].map(([name = '', value = '']): Cell[] => [{ text: name, colour: 'bold' }, value]),
    { paint },
  );
  if (text === null) return `${facts}Its text was redacted.\n`;
  return `${facts}\n${powersText(powers, paint)}`;
}

function powersText(powers: readonly PowerRow[], paint: Paint): string {
  if (powers.length === 0) return 'Its text is no valid policy, so nobody may do anything by it.\n';
  return table(
    powers.map((row) => [
      row.person === '*' ? 'everybody else' : shortName(row.person),
      listed(row.roles),
      row.isAgent ? 'never (agent)' : listed(row.approves),
      listed(row.deploys),
      row.redacts ? 'yes' : '-',
      row.person === '*' ? '' : String(row.keys),
    ]),
    { paint, head: ['person', 'roles', 'can approve for', 'can deploy to', 'redacts', 'keys'] },
  );
}

const listed = (names: readonly string[]): string => (names.length === 0 ? '-' : names.join(', '));

function sourceOf({ source, commit }: PolicyRow): string {
  if (source === null) return '(redacted)';
  return source === 'working-tree' ? 'work tree' : `commit ${commit?.slice(0, 12) ?? '?'}`;
}

export function comparedText(
  { before, after, differences, effect }: PolicyCompared,
  names: { readonly before: string; readonly after: string },
  paint: Paint,
): string {
  const head = `${printable(names.before)} (${shortDigest(before)}) and ${printable(names.after)} (${shortDigest(after)})\n`;
  const rows = differences.map(({ key, before: a, after: b, added, removed }): Cell[] => {
    const change =
      added === undefined || a === null || b === null
        ? `${a ?? '(nothing)'} → ${b ?? '(nothing)'}`
        : [...added.map((one) => `+ ${one}`), ...(removed ?? []).map((one) => `- ${one}`)].join(
            ', ',
          );
    return [key, change || 'in another order'];
  });
  const keys = rows.length === 0 ? 'No key differs.\n' : table(rows, { paint });
  return `${head}\n${keys}\n${effectText(effect, paint)}`;
}

/** What would be judged differently, and of how many. */
export function effectText({ counts, differing, notJudged, untold }: WhatIf, paint: Paint): string {
  const of = (kind: WhatIfRow['kind']): string => {
    const found = differing.filter((row) => row.kind === kind).length;
    return `${found} of ${plural(counts[kind], kind)}`;
  };
  const total = `Judged differently: ${of('deployment')}, ${of('version')}, ${of('approval')}, ${of('refusal')}.\n`;
  const left = notJudged === 0 ? '' : `${plural(notJudged, 'event')} that no policy can judge.\n`;
  const gone =
    untold === 0 ? '' : `${plural(untold, 'event')} that cannot be told any more: redacted.\n`;
  const rows = differing.map((row): Cell[] => [
    String(row.seq),
    localTime(row.at),
    `${row.kind}${row.active ? ' (active)' : ''}`,
    `${row.path}@${row.version}`,
    row.env ?? '',
    shortName(row.by.name),
    {
      text: row.after.allowed
        ? `${verdict(row, 'before')} → allowed`
        : `allowed → ${verdict(row, 'after')}`,
      colour: row.after.allowed ? 'green' : 'red',
    },
  ]);
  return `${total}${left}${gone}${table(rows, { paint, head: ['seq', 'at', 'what', 'version', 'where', 'by', 'verdict'] })}`;
}

function verdict(row: WhatIfRow, when: 'before' | 'after'): string {
  return row[when].allowed ? 'allowed' : row[when].reasons.join(', ');
}
