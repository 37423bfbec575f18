import { eventRow } from '../../core/eventRows.js';
import type { AnswerRow } from '../../core/questions/question.js';
import { column, type TableColumn } from '../table.js';
import type { EvidenceView } from '../view.js';

export const eventColumns: readonly TableColumn[] = [
  column('seq', 'Seq', 'number', 'Place in the agreed order, from 1.'),
  column('event', 'Event', 'event', 'SHA-256 of its header.'),
  column('type', 'Type', 'text', 'Kind of the event.'),
  column('at', 'At', 'time', 'By the clock of who recorded it: a claim.'),
  column('utcOffset', 'UTC offset', 'number', 'Minutes east of UTC on that clock.'),
  column('who', 'Who', 'person', 'Who acted, as named then.'),
  column('path', 'Prompt', 'text', 'Path of the prompt at that time.'),
  column('version', 'Version', 'text', 'The version that it is about.'),
  column('digest', 'Digest', 'digest', 'SHA-256 of the text that it is about.'),
  column('env', 'Environment', 'text', 'Environment that it names.'),
  column('summary', 'What', 'text', 'The event in plain words.'),
  column('note', 'Note', 'text', 'What the person wrote.'),
  column('writer', 'Writer', 'text', 'The clone that recorded it.'),
  column('n', 'N', 'number', 'Its number among the events of that clone, from 1 without gaps.'),
  column('synced', 'Synced', 'flag', 'Whether its place is final.'),
];

export function eventTableRow(view: EvidenceView, seq: number): AnswerRow {
  const { state, syncedSize } = view;
  const row = eventRow(state, syncedSize, seq);
  const { header } = state.event(seq);
  return {
    seq,
    event: row.id,
    type: row.type,
    at: row.at,
    utcOffset: row.utcOffset,
    who: row.who,
    path: row.path,
    version: row.version,
    digest: row.digest,
    env: row.env,
    summary: row.summary,
    note: row.note,
    writer: header.writer,
    n: header.n,
    synced: row.synced,
  };
}
