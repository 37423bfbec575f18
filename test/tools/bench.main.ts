import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { appendRows } from './bench/append.js';
import { foldRows } from './bench/fold.js';
import { hostRows } from './bench/host.js';
import { gateRows } from './bench/gate.js';
import { importRows } from './bench/import.js';
import { incrementalRows } from './bench/incremental.js';
import { runNamedJob } from './bench/jobs.js';
import { keptValues } from './bench/kept.js';
import { makeLedger, type BenchLedger } from './bench/ledgers.js';
import { openRows, verifyRows } from './bench/open.js';
import { queryRows } from './bench/query.js';
import { reportRows } from './bench/report.js';
import type { Row } from './bench/row.js';
import { sizeRows } from './bench/size.js';
import { syncRows } from './bench/sync.js';
import { markdownTable, textTable } from './bench/table.js';
import { verifyNewRows } from './bench/verifyNew.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Node 24, for the sides of native SQLite. */
    node24: { type: 'string' },
    /** The bundle of the worker. */
    worker: { type: 'string' },
    /** File for the values that are kept. */
    values: { type: 'string' },
    markdown: { type: 'boolean', default: false },
  },
});

/** Measures the rows of DESIGN.md §11 at some sizes; scripts/bench.mjs starts it. */
async function measure(sizes: readonly number[]): Promise<Row[]> {
  const below = mkdtempSync(path.join(tmpdir(), 'prompt-audit-bench-'));
  try {
    const rows: Row[] = [];
    const ledgers: BenchLedger[] = [];
    for (const size of [...sizes].sort((a, b) => a - b)) {
      progress(size, 'making the ledger');
      ledgers.push(await makeLedger(below, size, values.node24 ?? null));
    }
    // What only reads comes first, what changes the ledgers after that.
    for (const ledger of ledgers)
      for (const [what, work] of reading) {
        progress(ledger.size, what);
        rows.push(...(await work(ledger)));
      }
    for (const ledger of ledgers) {
      progress(ledger.size, 'the gate');
      rows.push(...(await gateRows(ledger)));
    }
    const largest = ledgers.at(-1)!;
    progress(largest.size, 'the extension host');
    if (values.worker !== undefined) rows.push(...(await hostRows(largest, values.worker)));
    for (const ledger of ledgers) {
      progress(ledger.size, 'events of another process');
      rows.push(...(await incrementalRows(ledger)));
      progress(ledger.size, 'verify what is new, prove');
      rows.push(...(await verifyNewRows(ledger)));
      progress(ledger.size, 'the report of a year');
      rows.push(...(await reportRows(ledger)));
    }
    progress(largest.size, 'a sync of one event, at 5 MB');
    rows.push(...(await syncRows(below)));
    progress(largest.size, 'an import of 10,000 commits');
    rows.push(...(await importRows(below)));
    progress(largest.size, 'append, all sizes');
    rows.push(...(await appendRows(ledgers)));
    for (const ledger of ledgers) {
      progress(ledger.size, 'fold and seal');
      rows.push(...(await foldRows(ledger)));
    }
    return rows;
  } finally {
    rmSync(below, { recursive: true, force: true });
  }
}

const reading = [
  ['open', openRows],
  ['verify', verifyRows],
  ['query', queryRows],
  ['size', sizeRows],
] as const;

function progress(size: number, what: string): void {
  console.error(`${size.toLocaleString('en')} events: ${what} …`);
}

async function main(): Promise<void> {
  const [command = '', name = '', ...parameters] = positionals;
  if (command === 'job') return await runNamedJob(name, parameters);
  const rows = await measure(positionals.map(Number));
  const order = [...new Set(rows.map(({ what }) => what))];
  rows.sort((a, b) => order.indexOf(a.what) - order.indexOf(b.what) || a.size - b.size);
  console.log(values.markdown ? markdownTable(rows) : textTable(rows));
  if (values.values !== undefined) writeFileSync(values.values, JSON.stringify(keptValues(rows)));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
