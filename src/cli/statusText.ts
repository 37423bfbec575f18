import type { BreakGlassRow } from '../core/deploymentRows.js';
import type { PendingChange } from '../core/pendingChange.js';
import type { PromptRow, ReviewRow, WorkingState } from '../core/rows.js';
import { reasonText } from '../core/reasons.js';
import type { TrailStatus } from '../trail/api.js';
import { printable } from './printable.js';
import { redactedTexts } from './redactText.js';
import type { Paint } from './style.js';
import { syncCell } from './syncText.js';
import { table, type Cell } from './table.js';
import { localTime } from './time.js';
import { recorderText } from './recorderText.js';
import { fullPerson, names, plural, quoted, shellWord, shortDigest } from './words.js';

const workingTexts: Readonly<Record<WorkingState, string>> = {
  unrecorded: 'not recorded yet',
  changed: 'changed, not recorded yet',
  draft: 'recorded, not proposed',
  current: 'as the newest version',
  older: 'as an older version',
  untracked: 'the policy does not track it any more',
  missing: 'the file is gone',
  removed: 'deleted',
  elsewhere: 'not on this branch',
};

/** What asks for nothing to be done, unless a commit did something that is not recorded yet. */
const settled: ReadonlySet<WorkingState> = new Set(['current', 'older', 'removed', 'elsewhere']);

/** The summary that `status` prints for people. */
export function statusText(status: TrailStatus, paint: Paint): string {
  const mine = status.reviews.filter((review) => review.waitsForMe);
  const others = status.reviews.filter((review) => !review.waitsForMe);
  const open = status.prompts.filter(
    (row) => row.problem !== null || row.pending !== undefined || !settled.has(row.working),
  );
  return [
    headText(status, paint),
    section('Waiting for your decision', mine.map(reviewCells), paint),
    mine[0] === undefined
      ? ''
      : `  ${paint('dim', printable(`prompt-audit approve ${shellWord(mine[0].version.path)}`))}\n`,
    section('Waiting for others', others.map(reviewCells), paint),
    section('Drafts and changes', open.map(draftCells), paint),
    section(
      'Active',
      status.active.map((row) => [
        row.env,
        row.path,
        row.version,
        shortDigest(row.digest),
        `since ${localTime(row.from)}`,
        `by ${row.deployedBy.name}`,
        redactedTexts(row).join('; '),
      ]),
      paint,
    ),
    section('Break-glass to review', (status.breakGlass ?? []).map(breakGlassCells), paint),
    nothingText(status, open),
  ].join('');
}

function headText(status: TrailStatus, paint: Paint): string {
  const { ledger, me } = status;
  const rows: Cell[][] = [
    ['Folder', status.root],
    ['You', me === null ? 'unknown: set git config user.name and user.email' : fullPerson(me)],
    [
      'Ledger',
      `${shortDigest(ledger.id)}, ${plural(ledger.size, 'event')}, root ${shortDigest(ledger.root)}`,
    ],
    ['Sync', syncCell(status)],
  ];
  if (status.signingProblem !== undefined) {
    const { message, remedy } = status.signingProblem;
    rows.push(['Signing', { text: `${message} ${remedy}`, colour: 'yellow' }]);
  }
  if (status.recorderPaused !== undefined)
    rows.push(['Recorder', { text: recorderText(status.recorderPaused), colour: 'yellow' }]);
  if (status.damage !== null) rows.push(['Damage', { text: status.damage, colour: 'red' }]);
  return table(rows, { paint });
}

function section(title: string, rows: readonly (readonly Cell[])[], paint: Paint): string {
  return rows.length === 0 ? '' : `\n${paint('bold', title)}\n${table(rows, { paint, indent: 2 })}`;
}

function breakGlassCells(row: BreakGlassRow): Cell[] {
  const due = row.due === null ? 'no time set' : localTime(row.due);
  return [
    row.env,
    row.path,
    row.version,
    shortDigest(row.deployment),
    `by ${row.deployedBy.name}`,
    quoted(row.reason),
    row.state === 'objected'
      ? { text: `${row.review?.by.name ?? 'somebody'} objected`, colour: 'red' }
      : row.state === 'overdue'
        ? { text: `overdue since ${due}`, colour: 'red' }
        : { text: row.due === null ? due : `due ${due}`, colour: 'yellow' },
  ];
}

function reviewCells(row: ReviewRow): Cell[] {
  const { version, base, waitsForMe, blockedBecause, requestedOfMe } = row;
  const asked = version.requested ?? [];
  return [
    version.path,
    { text: version.label, colour: 'yellow' },
    shortDigest(version.digest),
    base === null ? 'first version' : `after ${base.label}`,
    `by ${version.proposedBy.name}`,
    localTime(version.at),
    quoted(version.note),
    [
      ...(requestedOfMe === true ? ['you are asked'] : []),
      ...(requestedOfMe === true || asked.length === 0 ? [] : [`${names(asked)} asked`]),
      ...(waitsForMe ? [] : blockedBecause.map(reasonText)),
      ...redactedTexts(version),
    ].join('; '),
  ];
}

function draftCells(row: PromptRow): Cell[] {
  if (row.problem !== null) return [row.path, { text: row.problem, colour: 'red' }];
  const after = row.latest === null ? '' : ` since ${row.latest.label}`;
  const newest = row.pending?.at(-1);
  const isGone = row.working === 'missing' || settled.has(row.working);
  return [
    row.path,
    newest === undefined
      ? workingTexts[row.working] + (isGone ? '' : after)
      : `${pendingText(newest)}, not recorded yet${row.pending!.length > 1 ? ` (the last of ${row.pending!.length} changes)` : ''}`,
  ];
}

/** What a commit did, in the words of this list. */
function pendingText({ kind, author, agents, commit, from }: PendingChange): string {
  const by = [author, ...agents].join(' with ');
  const where = `by ${by} in commit ${commit.slice(0, 7)}`;
  switch (kind) {
    case 'registered':
    case 'revision':
      return `changed ${where}`;
    case 'moved':
      return `moved from ${from ?? 'elsewhere'} ${where}`;
    case 'removed':
      return `deleted ${where}`;
  }
}

function nothingText(status: TrailStatus, open: readonly PromptRow[]): string {
  if (status.prompts.length === 0) {
    return '\nNo prompts yet: .prompt-audit/policy.jsonc says which files are prompts.\n';
  }
  const quiet = status.reviews.length === 0 && open.length === 0;
  return quiet
    ? `\nNothing waits: ${plural(status.prompts.length, 'prompt')}, all recorded.\n`
    : '';
}
