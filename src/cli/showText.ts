import type { DecisionRow, VersionRow } from '../core/rows.js';
import { redactionText } from '../core/redactionRefs.js';
import { factText } from '../core/reasons.js';
import type { EventDetail } from '../trail/api.js';
import { printable, printableText } from './printable.js';
import { redactedTexts } from './redactText.js';
import { signatureText } from './signText.js';
import type { Paint } from './style.js';
import { table, type Cell } from './table.js';
import { localTime } from './time.js';
import { fullPerson, names, plural, quoted, shellWord } from './words.js';
import { stateText } from './versionText.js';

/** A version for people: its facts, then its text. */
export function versionDetailText(
  version: VersionRow,
  bytes: Uint8Array | null,
  paint: Paint,
): string {
  const facts: Cell[][] = [
    ['Prompt', version.promptRetired === true ? `${version.path} (retired)` : version.path],
    ['Version', version.label],
    ['Digest', version.digest],
    ['State', stateText(version)],
    ['Proposed', `${localTime(version.at)} by ${fullPerson(version.proposedBy)}`],
    ['Note', version.note ?? '-'],
    ['Contributors', names(version.contributors)],
    ...(version.requested === undefined
      ? []
      : [['Asked', names(version.requested)] satisfies Cell[]]),
    ...version.decisions.map((decision): Cell[] => ['Decision', decisionText(decision)]),
    ...openCommentsCells(version),
    ['Active in', version.activeIn.join(', ') || '-'],
    ['Event', version.id],
    ...redactedTexts(version).map((text): Cell[] => ['Redacted', text]),
  ];
  return `${table(facts, { paint })}\n${bodyText(bytes, version)}`;
}

function openCommentsCells({ openComments = 0, path, label }: VersionRow): Cell[][] {
  const command = `prompt-audit comments ${shellWord(`${path}@${label.replace('?', '')}`)} --open`;
  return openComments === 0 ? [] : [['Comments', `${openComments} open: ${command}`]];
}

function decisionText(decision: DecisionRow): string {
  const { by, at, meaning, reason, unattended, signed, envs, revoked } = decision;
  const kind = decision.decision.replace('-', ' ');
  return [
    `${kind} ${localTime(at)} by ${fullPerson(by)}`,
    meaning === '' ? '' : `meaning ${quoted(meaning)}`,
    reason === null ? '' : `reason ${quoted(reason)}`,
    envs === undefined ? '' : `only for ${envs.join(', ')}`,
    revoked === undefined ? '' : 'revoked',
    unattended ? 'unattended' : '',
    signed === true ? 'signed with their own key' : '',
    ...redactedTexts(decision),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function bodyText(bytes: Uint8Array | null, { redactions }: VersionRow): string {
  const redaction = redactions?.find((one) => one.part === 'content');
  if (redaction !== undefined) return printable(`(${redactionText(redaction)})`) + '\n';
  if (bytes === null) return '(its text is not here)\n';
  const text = Buffer.from(bytes).toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) {
    return `(${plural(bytes.length, 'byte')} that are no UTF-8 text; --raw writes them)\n`;
  }
  const safe = printableText(text);
  return safe.endsWith('\n') ? safe : `${safe}\n`;
}

/** One event for people: its facts, then the exact texts that were hashed. */
export function detailText(detail: EventDetail, paint: Paint): string {
  const { row } = detail;
  const facts: Cell[][] = [
    ['Event', row.id],
    ['Number', row.synced ? String(row.seq) : `${row.seq} (only in this clone yet)`],
    ['What', row.summary],
    ['When', localTime(row.at)],
    ['Who', `${fullPerson(row.who)}${detail.identity === 'unattended' ? ' (unattended)' : ''}`],
    ['Prompt', [row.path, row.version].filter((part) => part !== null).join(' ') || '-'],
    ['Note', row.note ?? '-'],
    ...detail.reasons.map((code): Cell[] => ['Reason', factText(code)]),
    ...(detail.signatures ?? []).map((one): Cell[] => ['Signature', signatureText(one)]),
    ...redactedTexts(row).map((text): Cell[] => ['Redacted', text]),
    ['Program', detail.tool ?? '-'],
    ...row.parents.map((parent): Cell[] => ['After', parent]),
    ...detail.children.map((child): Cell[] => ['Before', child]),
  ];
  const redaction = row.redactions?.find((one) => one.part === 'body');
  const gone = redaction === undefined ? 'the body is gone' : redactionText(redaction);
  const body = printable(detail.bodyText ?? `(${gone})`);
  return `${table(facts, { paint })}\n${printable(detail.headerText)}\n${body}\n`;
}
