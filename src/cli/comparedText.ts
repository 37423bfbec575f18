import { changeKinds } from '../core/policy.js';
import type { Compared, ComparedSide, VersionBetween } from '../trail/compareApi.js';
import { diffText } from './diffText.js';
import { printable } from './printable.js';
import { redactedTexts } from './redactText.js';
import type { Paint } from './style.js';
import { table } from './table.js';
import { localTime } from './time.js';
import { names } from './words.js';
import { versionText } from './versionText.js';

/** A comparison for people: the two sides, their parts, the lines, and what led from one to the other. */
export function comparedText(compared: Compared, paint: Paint): string {
  const { before, after, parts, diff, between } = compared;
  if (before === null && after === null)
    return (
      'Nothing was active at either time.\n' +
      (between.length === 0
        ? ''
        : `\n${paint('bold', 'In between')}\n${betweenText(between, paint)}`)
    );
  const kinds = changeKinds.map((kind) => `${kind} ${parts[kind] ?? 'unknown'}`);
  const lines = diff === null ? '' : `\n${diffText(diff, paint)}`;
  return [
    `From  ${sideText(before)}\n`,
    `To    ${sideText(after)}\n`,
    `Parts ${kinds.join(', ')}\n`,
    lines,
    between.length === 0 ? '' : `\n${paint('bold', 'On the way')}\n${betweenText(between, paint)}`,
  ].join('');
}

function sideText(side: ComparedSide | null): string {
  if (side === null) return 'nothing was active';
  const { version, active } = side;
  const since =
    active === null
      ? ''
      : `, active since ${localTime(active.from, 'milliseconds')}, deployed by ${active.deployedBy.name}`;
  return printable(versionText(version) + since);
}

function betweenText(between: readonly VersionBetween[], paint: Paint): string {
  const withTimes = between.some(({ active }) => active.length > 0);
  const times = withTimes ? ['ACTIVE FROM'] : [];
  const head = ['VERSION', 'PROPOSED', 'BY', 'CONTRIBUTORS', 'APPROVED BY', ...times, 'WHY'];
  const rows = between.map(({ version, active }) => [
    version.label,
    localTime(version.at),
    version.proposedBy.name,
    names(version.contributors),
    names(
      version.decisions
        .filter(({ decision, revoked }) => decision === 'approved' && revoked === undefined)
        .map(({ by }) => by),
    ),
    ...(withTimes ? [active.map(({ from }) => localTime(from)).join(', ') || '-'] : []),
    [version.note ?? '-', ...redactedTexts(version)].join('; '),
  ]);
  return table(rows, { paint, head });
}
