import { hostBlock } from '../hostBlock.js';
import type { BenchLedger } from './ledgers.js';
import { plainRow, type Row } from './row.js';

/** What the extension host feels of a ledger, through the real worker. */
export async function hostRows({ folder, size }: BenchLedger, worker: string): Promise<Row[]> {
  const { blocked, firstRows, steps } = await hostBlock({ folder, worker });
  const worst = steps.find((step) => step.blocked - step.idle === blocked);
  console.error(`The longest block of the extension host was in: ${worst?.what ?? 'nothing'}`);
  const page = steps.find(({ what }) => what === 'newest page')!;
  const block = 'longest block of the extension host';
  return [
    plainRow({ what: block, size, unit: 'ms', ours: blocked, bar: { of: 'ours', most: 50 } }),
    // The page's own part of the budget is the journeys' to measure: there is no browser here.
    plainRow({ what: 'newest page through the worker', size, unit: 'ms', ours: page.took }),
    plainRow({ what: 'worker start, open, newest page', size, unit: 'ms', ours: firstRows }),
  ];
}
