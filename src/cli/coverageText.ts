import type { CoverageReason, CoverageState } from '../core/coverage.js';
import type { CoverageReport, CoverageRow, OrphanRow, PauseRow } from '../trail/coverageApi.js';
import type { Paint } from './style.js';
import { table, type Cell } from './table.js';
import { localTime } from './time.js';
import { plural, quoted, shortDigest, shortName } from './words.js';

/** Lines of a list that are printed; --json has all. */
const most = 40;

const meanings: readonly (readonly [CoverageState, string])[] = [
  ['recorded', 'saved or proposed through prompt-audit'],
  ['observed', 'found in git by a sync, under the author of the commit'],
  ['imported', 'taken from the history of git'],
  ['pending', 'the next sync of this clone records them'],
  ['missing', 'the trail does not know them'],
  ['unread', 'nothing can record them: the name is not UTF-8, or the file is too large'],
  ['untracked', 'were prompts once; the policy no longer takes their path for one'],
];

const reasons: Readonly<Record<CoverageReason, string>> = {
  'before-start': 'before the start of the trail',
  'not-followed': 'only on refs that no sync follows',
  'passed-by': 'a sync or an import went by',
  name: 'its name is not UTF-8',
  'too-large': 'too large',
};

/** The revisions whose commit and bytes are nowhere that is known here. */
export const goneOrphans = ({ orphans }: CoverageReport): readonly OrphanRow[] =>
  orphans.filter(({ bytes }) => bytes === 'gone');

/** What `coverage` prints for people: the totals, a line for each state, then what is not covered. */
export function coverageText(report: CoverageReport, paint: Paint): string {
  const { totals, rows, orphans, pauses } = report;
  const of = (state: CoverageState): readonly CoverageRow[] =>
    rows.filter((row) => row.state === state);
  return [
    `${plural(totals.files, 'file')} (${plural(totals.paths, 'path')}, ${plural(totals.blobs, 'blob')})`,
    ` in ${plural(totals.commits, 'commit')} of ${plural(totals.refs, 'ref')}\n`,
    stateTable(report, paint),
    list('Missing', of('missing').map(fileCells), paint),
    list('Unread', of('unread').map(fileCells), paint),
    list('Pending', of('pending').map(fileCells), paint),
    list('Revisions whose commit is on no ref', [...orphans].sort(byLoss).map(orphanCells), paint),
    list('Recorder off', pauses.map(pauseCells), paint),
    adviceOf(report, paint),
  ].join('');
}

function stateTable({ states }: CoverageReport, paint: Paint): string {
  const rows = meanings
    .filter(([state]) => states[state] > 0 || state === 'missing')
    .map(([state, meaning]): Cell[] => {
      const count = states[state];
      const isBad = (state === 'missing' || state === 'unread') && count > 0;
      const name: Cell = isBad ? { text: state, colour: 'red' } : state;
      return [String(count).padStart(6), name, meaning];
    });
  return table(rows, { paint, indent: 1 });
}

function list(title: string, rows: readonly (readonly Cell[])[], paint: Paint): string {
  if (rows.length === 0) return '';
  const shown = table(rows.slice(0, most), { paint, indent: 2 });
  const rest = rows.length > most ? `  … and ${rows.length - most} more: see --json\n` : '';
  return `\n${paint('bold', title)}\n${shown}${rest}`;
}

function fileCells({ path, blob, commit, author, refs, why }: CoverageRow): Cell[] {
  return [
    path,
    `blob ${shortDigest(blob)}`,
    `commit ${shortDigest(commit)}`,
    shortName(author.name === '' ? author.email : author.name),
    `on ${refs.slice(0, 2).map(shortRef).join(', ')}${refs.length > 2 ? ', …' : ''}`,
    why === null ? '' : reasons[why],
  ];
}

const shortRef = (name: string): string => name.replace(/^refs\/((heads|remotes|tags)\/)?/, '');

const losses = ['gone', 'in-ledger', 'on-ref'];
const byLoss = (a: OrphanRow, b: OrphanRow): number =>
  losses.indexOf(a.bytes) - losses.indexOf(b.bytes) || a.seq - b.seq;

const whereabouts: Readonly<Record<OrphanRow['bytes'], string>> = {
  'on-ref': 'the same bytes are on a ref',
  'in-ledger': 'the ledger keeps the text',
  gone: 'bytes gone',
};

function orphanCells({ seq, path, digest, commit, author, bytes, here }: OrphanRow): Cell[] {
  const where = whereabouts[bytes];
  return [
    `#${seq}`,
    path ?? '(unknown)',
    shortDigest(digest),
    `commit ${shortDigest(commit)}${here ? ' (until git cleans up)' : ''}`,
    shortName(author.name),
    bytes === 'gone' ? { text: where, colour: 'yellow' } : where,
  ];
}

function pauseCells({ writer, own, paused, resumed, revisions, commits }: PauseRow): Cell[] {
  const end = resumed === null ? 'still off' : `until ${localTime(resumed.at)}`;
  return [
    own ? 'this clone' : `clone ${shortDigest(writer)}`,
    `from ${localTime(paused.at)}`,
    end,
    `by ${shortName(paused.by.name)}`,
    quoted(paused.reason),
    `${plural(revisions, 'revision')} meanwhile, ${plural(commits.length, 'commit')} of git`,
  ];
}

function adviceOf(report: CoverageReport, paint: Paint): string {
  const { missing, unread, pending } = report.states;
  const before = report.rows.filter(({ why }) => why === 'before-start').length;
  const gone = goneOrphans(report).length;
  const advice = [
    missing + unread === 0 && paint('green', 'Nothing is missing.'),
    before > 0 &&
      'What is before the start: prompt-audit import, or leave it out with --from-start.',
    missing > before && 'What else is missing: prompt-audit import records it.',
    unread > 0 && 'Unread files: rename them, or exclude them in .prompt-audit/policy.jsonc.',
    pending > 0 && 'What is pending: prompt-audit sync',
    gone > 0 &&
      `${plural(gone, 'revision has', 'revisions have')} neither commit nor bytes any more: status 1 without --allow-gone.`,
  ];
  return `\n${advice.filter((line) => line !== false).join('\n')}\n`;
}
