import { statSync } from 'node:fs';
import { measuredBy } from './child.js';
import type { BenchLedger } from './ledgers.js';
import { ledgerFilesIn } from './limits.js';
import { plainRow, type Row } from './row.js';
import { snapshotOf } from './setting.js';

const megabyte = 1_000_000;

/** Bytes on the disk. */
export async function sizeRows(ledger: BenchLedger): Promise<Row[]> {
  const { folder, size, journalBytes, node24 } = ledger;
  const sizes = ledgerFilesIn(folder).map((file) => statSync(file).size);
  const total = sizes.reduce((sum, one) => sum + one, 0);
  const rows: Row[] = [];
  if (node24 !== null) {
    const bytes = await measuredBy(node24, 'sqlite-size', [folder], 'bytes');
    // In a small file the fixed pages weigh more than the events.
    const bar = size >= 2000 ? ({ of: 'ours', most: 700 } as const) : null;
    const what = 'bytes an event in the files, without texts';
    rows.push(plainRow({ what, size, unit: 'bytes', ours: bytes / size, bar }));
  }
  const with_ = 'bytes an event in the files, with texts';
  rows.push(plainRow({ what: with_, size, unit: 'bytes', ours: total / size }));
  const inJournal = 'bytes an event in the journal, with texts';
  rows.push(plainRow({ what: inJournal, size, unit: 'bytes', ours: journalBytes / size }));
  const bar = { of: 'ours', most: 20 } as const;
  const largest = Math.max(...sizes) / megabyte;
  rows.push(plainRow({ what: 'all files', size, unit: 'MB', ours: total / megabyte }));
  rows.push(plainRow({ what: 'largest file', size, unit: 'MB', ours: largest, bar }));
  const snapshot = statSync(snapshotOf(folder), { throwIfNoEntry: false });
  if (snapshot)
    rows.push(plainRow({ what: 'cache', size, unit: 'MB', ours: snapshot.size / megabyte }));
  return rows;
}
