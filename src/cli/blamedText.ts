import type { Blamed, BlamedVersion } from '../trail/blameApi.js';
import { printable } from './printable.js';
import type { Paint } from './style.js';
import { table, type Cell } from './table.js';
import { localTime } from './time.js';
import { names, quoted, shortName } from './words.js';

interface Asked {
  readonly grep: string | undefined;
  readonly env: string | undefined;
  readonly paint: Paint;
}

/** Lines with where they come from, for people; before them how words came and went. */
export function blamedText(blamed: Blamed, { grep, env, paint }: Asked): string {
  const { lines, versions, turns, version } = blamed;
  const byId = new Map(versions.map((one) => [one.version.id, one]));
  const turnLines = turns.map(({ version: id, what }) => turnText(byId.get(id), what, env));
  const head = ['LINE', 'VERSION', 'AUTHORS', 'APPROVED BY', ...activeHead(env), 'TEXT'];
  const rows = lines.map(({ line, text, version: id }): Cell[] => {
    const one = byId.get(id);
    if (one === undefined) return [String(line)];
    return [String(line), ...originCells(one, env), text];
  });
  const name = `${version.path} ${version.label}`;
  const none =
    turns.length === 0
      ? `No version of ${version.path} up to ${version.label} has ${quoted(grep ?? '')}.\n`
      : `${name} does not have them.\n`;
  return (
    turnLines.join('') +
    (rows.length === 0 ? printable(none.trimEnd()) + '\n' : table(rows, { paint, head }))
  );
}

const activeHead = (env: string | undefined): string[] =>
  env === undefined ? [] : [`FIRST IN ${env.toUpperCase()}`];

function originCells(one: BlamedVersion, env: string | undefined): string[] {
  const { version, authors, approvedBy, firstActive, orBefore } = one;
  return [
    orBefore.length === 0 ? version.label : `${version.label} or before`,
    shortName(names(authors)),
    shortName(names(approvedBy)),
    ...(env === undefined ? [] : [firstActive === null ? '-' : localTime(firstActive.from)]),
  ];
}

/** `The words came with v3, proposed 2026-… by Ada, approved by Ravi, first in production … (as v4) until …: "why"`. */
function turnText(
  one: BlamedVersion | undefined,
  what: 'came' | 'went',
  env: string | undefined,
): string {
  if (one === undefined) return '';
  const { version, authors, approvedBy, firstActive, activeUntil, orBefore } = one;
  // What a version without the words ended says nothing of them.
  const until = activeUntil === null || what === 'went' ? '' : ` until ${localTime(activeUntil)}`;
  const active =
    env === undefined
      ? ''
      : firstActive === null
        ? `, never active in ${env}`
        : `, first in ${env} ${localTime(firstActive.from)}` +
          (firstActive.version === version.label ? '' : ` (as ${firstActive.version})`) +
          until;
  const before = orBefore.length === 0 ? '' : ' or just before';
  const note = version.note === null ? '' : `: ${quoted(version.note)}`;
  return `${printable(
    `The words ${what} with ${version.label}${before}, proposed ${localTime(version.at)}, written by ${names(authors)}, ` +
      `approved by ${approvedBy.length === 0 ? 'nobody' : names(approvedBy)}${active}${note}`,
  )}\n`;
}
