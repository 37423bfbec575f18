import type { BranchPoint, ResolveReport } from '../trail/resolveApi.js';
import { printable } from './printable.js';
import { plural, quoted } from './words.js';

/** What is asked before it is done, line by line. */
export function resolveQuestion(report: ResolveReport, reason: string): readonly string[] {
  const { keep, remote, theirs, left } = report;
  const what =
    keep === 'theirs'
      ? `Take the ledger branch of ${remote} as it is`
      : theirs === null
        ? `Make the ledger branch of ${remote} again as this clone saw it`
        : `Put the ledger branch of ${remote} back as this clone saw it, over ${theirs.commit?.slice(0, 12)}`;
  const lost = left === 0 ? '' : ` ${plural(left, 'event')} of the other side will be left out.`;
  return [report.problem, ...points(report), `${what}, because ${quoted(reason)}?${lost}`];
}

/** What was or would be done, for people. */
export function resolveText(report: ResolveReport): string {
  const { keep, remote, dryRun, added, left, evidence, copies, todo } = report;
  const did = keep === 'ours' ? 'put the ledger branch back on' : 'take the ledger branch of';
  const done = keep === 'ours' ? 'Put the ledger branch back on' : 'Took the ledger branch of';
  const from = keep === 'ours' ? 'the branch' : 'this clone';
  const lines = [
    ...(dryRun ? [report.problem] : []),
    ...points(report),
    `${dryRun ? `Would ${did}` : done} ${remote}.`,
    `${plural(added, 'event')} of ${from} ${dryRun ? 'would stand' : added === 1 ? 'stands' : 'stand'} behind it; ${plural(left, 'event')} ${dryRun ? 'would be' : left === 1 ? 'was' : 'were'} left out.`,
    ...evidence.map((ref) => `Kept: ${ref}`),
    ...copies.map((path) => `Kept: ${path}`),
    ...todo,
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

const points = ({ ours, theirs, remote }: ResolveReport): readonly string[] => [
  `Seen here last: ${pointText(ours)}`,
  `On ${remote} now: ${pointText(theirs)}`,
];

function pointText(point: BranchPoint | null): string {
  if (point === null) return 'no ledger branch';
  const { size, root, commit } = point;
  const events = size === null ? 'no events that can be read' : plural(size, 'event');
  return `${events}, root ${root ?? 'unknown'}, commit ${commit ?? 'unknown'}`;
}
