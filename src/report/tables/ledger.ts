import { upTo } from '../../core/eventRows.js';
import type { PersonId } from '../../core/ids.js';
import type { LedgerTotals } from '../ledgerTotals.js';
import type { Selection } from '../selection.js';
import { column, type EvidenceTable } from '../table.js';
import type { EvidenceView } from '../view.js';

/** Completeness: for each clone the numbers of its events. */
export function writersTable({ writers }: LedgerTotals): EvidenceTable {
  return {
    name: 'writers',
    title: 'Sequence of each writer',
    about:
      'A row for each clone that recorded events, of the whole ledger: each counts its events from 1 without a gap.',
    columns: [
      column('writer', 'Writer', 'text', 'Random id of one clone on one machine.'),
      column('first', 'First', 'number', 'Lowest number of its events.'),
      column('last', 'Last', 'number', 'Highest number of its events.'),
      column('expected', 'Expected', 'number', 'Events that there must be: the highest number.'),
      column('found', 'Found', 'number', 'Events that are here.'),
      column('gaps', 'Gaps', 'number', 'Numbers that no event has.'),
      column('duplicates', 'Duplicates', 'number', 'Events whose number another one has, too.'),
      column('firstAt', 'First at', 'time', 'Claimed time of its first event.'),
      column('lastAt', 'Last at', 'time', 'Claimed time of its last event.'),
    ],
    rows: writers.map((one) => ({ ...one, expected: one.last })),
  };
}

/** Everybody whom the rows can name. */
export function peopleTable({ state }: EvidenceView): EvidenceTable {
  const ids = new Map<PersonId, number>();
  for (const seq of state.seqsOfType('person.declared')) {
    const event = state.event(seq);
    if (!event.known || event.type !== 'person.declared') continue;
    const { person } = event.header.refs;
    if (!ids.has(person)) ids.set(person, seq);
  }
  return {
    name: 'people',
    title: 'People',
    about: 'A row for each person that the ledger knows, with the name that they declared last.',
    columns: [
      column(
        'person',
        'Person',
        'person',
        'Name and address as declared; git does not check them.',
      ),
      column('id', 'Id', 'text', 'Random id; events name people by it.'),
      column(
        'same',
        'Same as',
        'text',
        'The id that verdicts use, where several ids are one person.',
      ),
      column('declaredAt', 'Declared at', 'time', 'Claimed time of the first declaration.'),
    ],
    rows: [...ids].map(([id, first]) => ({
      person: state.persons.ref(id),
      id,
      same: state.persons.same(id),
      declaredAt: state.event(first).header.at,
    })),
  };
}

/** Every policy that was adopted, and how long it judged. */
export function policiesTable({ state }: EvidenceView): EvidenceTable {
  return {
    name: 'policies',
    title: 'Policies in force',
    about: 'A row for each adoption of a policy, of the whole ledger, in the agreed order.',
    columns: [
      column('event', 'Event', 'event', 'The policy.adopted event.'),
      column('at', 'Adopted at', 'time', 'By the clock of who recorded it.'),
      column('policy', 'Policy', 'digest', 'SHA-256 of its text, which is in policy/.'),
      column('by', 'Adopted by', 'person', 'Whose act brought it in.'),
      column('source', 'Source', 'text', 'protected-branch, or working-tree where that has none.'),
      column('commit', 'Commit', 'text', 'Where the text came from.'),
    ],
    rows: state.policies.map(({ seq, event }) => ({
      event: event.id,
      at: event.header.at,
      policy: event.header.refs.policy,
      by: state.persons.ref(event.header.who, upTo(seq)),
      source: event.body?.source ?? '(redacted)',
      commit: event.body?.commit ?? null,
    })),
  };
}

export function promptsTable({ prompts }: Selection): EvidenceTable {
  return {
    name: 'prompts',
    title: 'Prompts',
    about: 'A row for each prompt in the scope.',
    columns: [
      column('path', 'Prompt', 'text', 'Its path now.'),
      column('id', 'Id', 'text', 'Random id; stays when the file moves.'),
      column('format', 'Format', 'text', 'How its parts are read.'),
      column('places', 'Paths', 'text', 'Every path that it ever had, separated by "; ".'),
      column('revisions', 'Revisions', 'number', 'Recorded contents, drafts included.'),
      column('versions', 'Versions', 'number', 'Of all time.'),
      column('deployments', 'Deployments', 'number', 'Of all time.'),
      column('removed', 'Removed', 'flag', 'Whether its file was deleted.'),
      column('retired', 'Retired', 'flag', 'Whether it was retired.'),
    ],
    rows: prompts.map((one) => ({
      path: one.path ?? '(redacted path)',
      id: one.id,
      format: one.format,
      places: one.places.join('; '),
      revisions: one.revisions.length,
      versions: one.versions.length,
      deployments: one.deployments.length,
      removed: one.removed,
      retired: one.retired,
    })),
  };
}

/** What was taken out. */
export function redactionsTable({ state }: EvidenceView): EvidenceTable {
  return {
    name: 'redactions',
    title: 'Redactions',
    about: 'A row for each redaction, of the whole ledger: what was taken out, by whom and why.',
    columns: [
      column('event', 'Event', 'event', 'The redacted event.'),
      column('at', 'At', 'time', 'By the clock of who redacted.'),
      column('by', 'By', 'person', 'Who redacted.'),
      column(
        'target',
        'Target',
        'text',
        'The event whose details, or the digest whose text, were removed.',
      ),
      column('reason', 'Reason', 'text', 'Why.'),
    ],
    rows: state.redactions.map(({ seq, event }) => ({
      event: event.id,
      at: event.header.at,
      by: state.persons.ref(event.header.who, upTo(seq)),
      target: event.header.refs.target,
      reason: event.body?.reason ?? null,
    })),
  };
}
