import type { ActiveRow } from '../core/rows.js';
import { redactedTexts } from './redactText.js';
import type { Cell } from './table.js';
import { localTime } from './time.js';
import { names, shortDigest } from './words.js';

export const deployedHead = [
  'ENVIRONMENT',
  'PROMPT',
  'VERSION',
  'DIGEST',
  'FROM',
  'TO',
  'AUTHORS',
  'APPROVED BY',
  'DEPLOYED BY',
  'ORDER',
  'SIGNED',
];

/** One deployment as a table row; milliseconds stay, because `--at` decides by them. */
export function deployedRow(row: ActiveRow): Cell[] {
  return [
    row.env,
    row.path,
    [row.rollback ? `${row.version} (rollback)` : row.version, ...redactedTexts(row)].join('; '),
    shortDigest(row.digest),
    localTime(row.from, 'milliseconds'),
    row.to === null ? '-' : localTime(row.to, 'milliseconds'),
    names(row.authors),
    names(row.approvers),
    row.deployedBy.name,
    {
      text: row.imported === undefined ? row.order : 'imported',
      colour: row.order === 'proven' ? 'green' : 'yellow',
    },
    row.signed === true ? { text: 'yes', colour: 'green' } : 'no',
  ];
}
