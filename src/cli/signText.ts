import type { EventRow, SignatureRow, SignatureStatus } from '../core/rows.js';
import type { EnrollReport, SigningSetup, SignReport } from '../trail/signApi.js';
import { printable } from './printable.js';
import type { Paint } from './style.js';
import { table, type Cell } from './table.js';
import { localTime } from './time.js';
import { plural, shortDigest } from './words.js';

/** What was signed, and what was left to its person. */
export function signText(report: SignReport, paint: Paint): string {
  const { signed, elsewhere, fingerprint } = report;
  const key = fingerprint === null ? '' : ` with ${fingerprint}`;
  const head =
    signed.length === 0
      ? 'Nothing of yours waits for a signature.\n'
      : printable(`Signed ${plural(signed.length, 'event')}${key}:`) + '\n';
  return `${head}${list(signed, paint)}${elsewhereText(elsewhere, paint)}`;
}

/** How the acting person would sign, for people. */
export function setupText(setup: SigningSetup, paint: Paint): string {
  const { key, principal, problem, oneStep, program } = setup;
  const facts: Cell[][] = [
    ['You', principal ?? 'unknown: set git config user.email'],
    ...(key === null
      ? []
      : [
          ['Key', `${key.type} ${key.fingerprint}`],
          ['From', key.place],
        ]),
    ...(program === null ? [] : [['Program', program]]),
    ...(key === null ? [] : [['Counts', countsCell(setup)]]),
    ['Unsigned', plural(setup.unsigned.length, 'event')],
  ];
  const step =
    oneStep !== null
      ? `${printable(problem?.message ?? '')} Set it up with this line:\n\n  ${printable(oneStep)}\n`
      : problem === null
        ? nextStep(setup)
        : `${printable(`${problem.message} ${problem.remedy}`)}\n`;
  return `${table(facts, { paint })}\n${step}${elsewhereText(setup.elsewhere, paint)}`;
}

function countsCell({ adopted, enrolled, problem }: SigningSetup): Cell {
  if (adopted && problem !== null)
    return { text: 'the key would; but nothing can be signed, see below', colour: 'yellow' };
  if (adopted) return { text: 'yes', colour: 'green' };
  const text = enrolled
    ? 'not yet: .prompt-audit/allowed_signers has it here, but it was not adopted'
    : 'no: .prompt-audit/allowed_signers does not have it';
  return { text, colour: 'yellow' };
}

function nextStep({ adopted, enrolled, unsigned }: SigningSetup): string {
  if (adopted) return unsigned.length === 0 ? 'All is set up.\n' : 'Sign with: prompt-audit sign\n';
  return enrolled
    ? 'Commit .prompt-audit/allowed_signers and have it merged; your next act adopts it.\n'
    : 'Add it with: prompt-audit sign --enroll\n';
}

export function enrollText({ outcome, line, file }: EnrollReport): string {
  const head = outcome === 'added' ? `Added to ${file}:` : `${file} has your key already:`;
  const next =
    outcome === 'added' ? 'Commit it and have it merged; then it counts for what is signed.\n' : '';
  return `${head}\n\n  ${printable(line)}\n\n${next}`;
}

const statusWords: Readonly<Record<SignatureStatus, string>> = {
  good: 'signed with their own key',
  bad: 'signature does not count: not made over this event',
  'unknown-key': 'signature does not count: unknown key',
  'other-person': "signature does not count: another person's key",
  'not-valid-then': 'signature does not count: the key was not valid then',
  'wrong-namespace': 'signature does not count: the key may not sign for this',
  unsupported: 'signature does not count: unsupported kind',
  unreadable: 'signature does not count: it cannot be read',
};

/** One signature in a line of facts. */
export function signatureText({ status, at, keyType, fingerprint }: SignatureRow): string {
  const key = [keyType, fingerprint].filter((part) => part !== null).join(' ');
  return `${statusWords[status]}${key === '' ? '' : ` (${key})`}, ${localTime(at)}`;
}

function list(rows: readonly EventRow[], paint: Paint): string {
  return table(
    rows.map((row): Cell[] => [
      { text: shortDigest(row.id), colour: 'yellow' },
      localTime(row.at),
      row.path ?? '-',
      row.summary,
    ]),
    { paint, indent: 2 },
  );
}

function elsewhereText(rows: readonly EventRow[], paint: Paint): string {
  if (rows.length === 0) return '';
  return (
    'Another clone recorded this under your name. Look at it (prompt-audit show EVENT); if it was you,\n' +
    `sign it by name (prompt-audit sign EVENT):\n${list(rows, paint)}`
  );
}
