import { isAboutCheckpoint } from '../core/proofReach.js';
import type { ProofAnchor, ProofReport, ProvenEvent } from '../core/proofReport.js';
import { signatureText } from '../core/signatureText.js';
import { printable } from './printable.js';
import type { Paint } from './style.js';
import { plural } from './words.js';

/** What `check-proof` prints for people; the limits stand below as notes. */
export function proofReportText(report: ProofReport, paint: Paint): string {
  const { holds, kind, problems, event, point, anchors, signatures, levels, warnings, seen } =
    report;
  const lines = problems.map(({ code, message }) => `${paint('red', code)}: ${printable(message)}`);
  if (!holds) return `${[...lines, paint('red', 'NOT PROVEN')].join('\n')}\n`;
  const doubt = warnings.find(isAboutCheckpoint);
  if (doubt !== undefined) lines.push(`${paint('yellow', 'Not proven to you')}: ${doubt.message}`);
  if (point !== null) {
    if (doubt !== undefined) lines.push(`  ledger    ${point.id}`);
    else if (kind === 'inclusion')
      lines.push(`${paint('green', 'Proven')}: this event is in the ledger ${point.id}`);
    else
      lines.push(
        `${paint('green', 'Proven')}: the ledger ${point.id} was only added to since its first ${plural(seen, 'event')}`,
      );
    lines.push(`  up to     ${plural(point.size, 'event')}, root ${point.root}`);
  }
  if (event !== null) lines.push(...eventLines(event));
  lines.push(...anchors.map((anchor) => `  compared  ${anchorText(anchor)}`));
  for (const one of signatures) {
    const whose = one.principals === null ? '' : `, which belongs to ${printable(one.principals)}`;
    lines.push(`  signature ${printable(signatureText(one))}${whose}`);
  }
  const isPart = event === null && point !== null && seen < point.size;
  const part = isPart ? ` (only the first ${plural(seen, 'event')})` : '';
  const trust = levels.map((level) => `${levelTexts[level]}${level === 'L2' ? part : ''}`);
  lines.push(`  trust     ${trust.join('; ')}`);
  return `${lines.join('\n')}\n`;
}

const levelTexts = {
  L0: 'L0 hash chain',
  L1: 'L1 signed by the key of a person',
  L2: 'L2 seen by another custodian',
} as const;

function eventLines(event: ProvenEvent): string[] {
  const { id, seq, type, at, who, prompt, refs, body } = event;
  return [
    `  event     ${seq}, ${id}`,
    `  type      ${printable(type)}`,
    `  at        ${at} (by the clock of the writer)`,
    `  who       person ${who}`,
    ...(prompt === null ? [] : [`  prompt    ${prompt}`]),
    ...Object.entries(refs).map(([name, value]) => `  refs      ${member(name, value)}`),
    ...(body === null
      ? ['  details   not in the proof']
      : Object.entries(body)
          .filter(([name]) => name !== 'salt')
          .map(([name, value]) => `  details   ${member(name, value)}`)),
  ];
}

function member(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return printable(`${name}: ${text}`);
}

function anchorText(anchor: ProofAnchor): string {
  if (anchor.kind === 'signed') {
    const when = anchor.time === null ? '' : ` at ${anchor.time}`;
    return `the checkpoint is signed by ${printable(anchor.by)}${when}`;
  }
  const { size } = anchor.point;
  switch (anchor.relation) {
    case 'same':
      return 'it is the trusted checkpoint';
    case 'extends':
      return `it extends the trusted checkpoint of ${plural(size, 'event')}`;
    case 'extended-by':
      return `the trusted checkpoint of ${plural(size, 'event')} extends it`;
  }
}
