import type { Column } from './question.js';

/** Columns that many answers have; each member of a row means the same in all of them. */
export const columns = {
  at: { key: 'at', title: 'At', kind: 'time' },
  path: { key: 'path', title: 'Prompt', kind: 'text' },
  version: { key: 'version', title: 'Version', kind: 'text' },
  env: { key: 'env', title: 'Environment', kind: 'text' },
  digest: { key: 'digest', title: 'Digest', kind: 'digest' },
  who: { key: 'who', title: 'Who', kind: 'person' },
  deployedBy: { key: 'deployedBy', title: 'Deployed by', kind: 'person' },
  authors: { key: 'authors', title: 'Authors', kind: 'persons' },
  approvers: { key: 'approvers', title: 'Approved by', kind: 'persons' },
  reasons: { key: 'reasons', title: 'Reasons', kind: 'codes' },
  note: { key: 'note', title: 'Note', kind: 'text', isDetail: true },
  event: { key: 'event', title: 'Event', kind: 'event' },
  seq: { key: 'seq', title: 'Seq', kind: 'number', isDetail: true },
} as const satisfies Record<string, Column>;
