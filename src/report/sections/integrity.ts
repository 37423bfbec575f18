import type { VerdictName, VerdictOutcome } from '../../core/rows.js';
import type { Block, Section, Tone } from '../document.js';
import type { ReportFacts } from '../reportFacts.js';
import { column, type EvidenceTable } from '../table.js';
import { policiesTable, redactionsTable, writersTable } from '../tables/ledger.js';

const outcomeTones: Readonly<Record<VerdictOutcome, Tone>> = {
  holds: 'good',
  doubtful: 'warn',
  broken: 'bad',
  unknown: 'warn',
};

const asked: Readonly<Record<VerdictName, string>> = {
  structure: 'Every event is what its hash says, and names the events before it.',
  completeness: 'Nothing is missing that the chain, the texts or a checkpoint name.',
  authenticity: 'Signatures that are there were made by the people whom they name.',
  order: 'What has to come before something else does.',
};

const order: readonly VerdictName[] = ['structure', 'completeness', 'authenticity', 'order'];

export function ledgerSections({
  view,
  totals,
  verified,
  method,
}: ReportFacts): readonly Section[] {
  const gaps = totals.writers.filter((one) => one.gaps > 0 || one.duplicates > 0).length;
  const { verdicts, findings, checked } = verified;
  return [
    {
      id: 'policies',
      title: 'Policies in force, and redactions',
      blocks: [
        { kind: 'table', table: policiesTable(view), empty: 'No policy was ever adopted.' },
        { kind: 'table', table: redactionsTable(view), empty: 'Nothing was ever redacted.' },
      ],
    },
    {
      id: 'completeness',
      title: 'Completeness and sequence',
      blocks: [
        {
          kind: 'status',
          tone: gaps === 0 ? 'good' : 'bad',
          title:
            gaps === 0
              ? 'No gap and no number twice'
              : `${gaps} writers have gaps or numbers twice`,
          text: `${totals.events} events of ${totals.writers.length} ${totals.writers.length === 1 ? 'writer' : 'writers'}, all of the ledger up to the point of this report. Each writer counts its events from 1.`,
        },
        { kind: 'table', table: writersTable(totals), empty: 'There are no events.' },
        { kind: 'table', table: typesTable(totals.types), empty: 'There are no events.' },
      ],
    },
    {
      id: 'integrity',
      title: 'Integrity and checkpoint',
      blocks: [
        {
          kind: 'text',
          text: `All ${checked} events of the ledger, as it is in this clone now, were verified for this report (${verified.mode}). Each verdict is its own.`,
        },
        ...order.map((name): Block => ({
          kind: 'status',
          tone: outcomeTones[verdicts[name].outcome],
          title: `${name}: ${verdicts[name].outcome}`,
          text: `${asked[name]} ${verdicts[name].warnings} warnings.`,
        })),
        { kind: 'table', table: findingsTable(findings), empty: 'Nothing was found.' },
        {
          kind: 'text',
          text: `Merkle root over ${view.point.size} events (RFC 6962), as hexadecimal digits and as a checkpoint:`,
        },
        {
          kind: 'code',
          label: 'Checkpoint',
          text: `${view.point.root}\n\n${method.checkpoint ?? '(these events are not the first ones of the agreed order, so there is no checkpoint of them)'}`,
        },
      ],
    },
  ];
}

function typesTable(types: ReadonlyMap<string, number>): EvidenceTable {
  return {
    name: 'types',
    title: 'Events by type',
    about: 'Of the whole ledger: control totals for whoever reads its file with another program.',
    columns: [
      column('type', 'Type', 'text', 'Type of the event.'),
      column('count', 'Events', 'number', 'How many there are.'),
    ],
    rows: [...types].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, count]) => ({ type, count })),
  };
}

function findingsTable(findings: ReportFacts['verified']['findings']): EvidenceTable {
  return {
    name: 'findings',
    title: 'Findings of the verification',
    about: 'An error breaks the integrity; a warning is for somebody to look at.',
    columns: [
      column('severity', 'Severity', 'text', 'error, warning or info.'),
      column('verdict', 'Verdict', 'text', 'Which verdict it belongs to.'),
      column('code', 'Code', 'text', 'What it is, for programs.'),
      column('note', 'What', 'text', 'What was found.'),
      column('reviewed', 'Reviewed', 'text', 'What somebody said about it.'),
      column('event', 'Event', 'event', 'Where.'),
    ],
    rows: findings.map(({ severity, verdict, code, message, reviewed, event }) => ({
      severity,
      verdict,
      code,
      note: message,
      reviewed: reviewed === null ? null : `${reviewed.by.name}: ${reviewed.disposition}`,
      event,
    })),
  };
}
