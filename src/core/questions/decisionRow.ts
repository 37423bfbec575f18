import { versionLabel } from '../labels.js';
import { columns } from './columns.js';
import type { DecisionOn } from './decisions.js';
import type { Ground } from './ground.js';
import { pathOf, personAt } from './naming.js';
import type { AnswerRow, Column } from './question.js';

/** What every answer about decisions shows of one. */
export const decisionColumns: readonly Column[] = [
  columns.at,
  columns.path,
  columns.version,
  { key: 'decision', title: 'Decision', kind: 'text', isDetail: true },
  { key: 'by', title: 'By', kind: 'person' },
  columns.event,
  { ...columns.digest, isDetail: true },
  { key: 'meaning', title: 'Meaning', kind: 'text', isDetail: true },
  { key: 'reason', title: 'Reason', kind: 'text', isDetail: true },
  columns.seq,
];

export function decisionRow(ground: Ground, { version, decision }: DecisionOn): AnswerRow {
  const { seq, event } = decision;
  const { refs, who, at } = event.header;
  return {
    at,
    path: pathOf(version.prompt),
    version: versionLabel(version, ground.syncedSize),
    decision: refs.decision,
    by: personAt(ground, who, seq),
    event: event.id,
    digest: refs.digest,
    meaning: event.body?.meaning ?? null,
    reason: event.body?.reason ?? null,
    seq,
  };
}
