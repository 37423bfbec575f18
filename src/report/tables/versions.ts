import type { VersionRow } from '../../core/rows.js';
import { column, type EvidenceTable, type TableColumn } from '../table.js';

const columns: readonly TableColumn[] = [
  column('event', 'Event', 'event', 'The version.proposed event.'),
  column('seq', 'Seq', 'number', 'Its place in the agreed order, from 1.'),
  column('path', 'Prompt', 'text', 'Path of the prompt now.'),
  column('version', 'Version', 'text', 'Counted per prompt; "?" where sync may still renumber it.'),
  column('digest', 'Digest', 'digest', 'SHA-256 of its text.'),
  column('at', 'Proposed at', 'time', 'By the clock of who proposed it.'),
  column('proposedBy', 'Proposed by', 'person', 'Who proposed it, as named then.'),
  column('note', 'Change note', 'text', 'What its proposer wrote.'),
  column(
    'contributors',
    'Contributors',
    'persons',
    'Who wrote what is new since the last approved version.',
  ),
  column(
    'state',
    'State now',
    'text',
    'waiting, approved, changes-requested, rejected, withdrawn or superseded, by the policy of now.',
  ),
  column('approvals', 'Approvals', 'number', 'How many count now.'),
  column('required', 'Required', 'number', 'How many the policy of now asks for.'),
  column(
    'activeIn',
    'Active in',
    'text',
    'Environments where it is active now, separated by "; ".',
  ),
  column('redactions', 'Redactions', 'number', 'How many redactions took its note or its text.'),
];

/** `seqs`: by the id of the version. */
export function versionsTable(
  versions: readonly VersionRow[],
  seqOf: (id: VersionRow['id']) => number | undefined,
): EvidenceTable {
  return {
    name: 'versions',
    title: 'Versions',
    about: 'A row for each proposed version in the scope, in the agreed order.',
    columns,
    rows: versions.map((one) => ({
      event: one.id,
      seq: seqOf(one.id) ?? null,
      path: one.path,
      version: one.label,
      digest: one.digest,
      at: one.at,
      proposedBy: one.proposedBy,
      note: one.note,
      contributors: one.contributors,
      state: one.state,
      approvals: one.approvals.given,
      required: one.approvals.required,
      activeIn: one.activeIn.join('; '),
      redactions: one.redactions?.length ?? 0,
    })),
  };
}
