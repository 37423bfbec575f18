import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { withDatabase } from '../../../src/ledger/sqlEngine.js';
import { openTrail } from '../../../src/trail/openTrail.js';
import type { BenchLedger } from './ledgers.js';
import { ledgerFilesIn } from './limits.js';
import { timedRow, type Row } from './row.js';
import { interleaved, timed } from './samples.js';

const rounds = 3;
const year = 365 * 24 * 3600 * 1000;

/**
 * The report of a year that has all events of the ledger, its full verification and the event that it records included,
 * against reading the rows of the same events and parsing them, to verify, judge and render nothing.
 */
export async function reportRows({ folder, size }: BenchLedger): Promise<Row[]> {
  const trail = await openTrail({ folder, tool: 'bench/1', source: 'cli' });
  // Outside of the repository's files that a recorder looks at.
  const below = mkdtempSync(path.join(folder, '.git', 'bench-report-'));
  const now = Date.now();
  const [from, to] = [now - year, now + year / 365].map((time) => new Date(time).toISOString());
  try {
    const { ours, limit } = await interleaved(rounds, {
      ours: (round) =>
        timed(async () => {
          const out = path.join(below, `${round}.html`);
          const { rows } = await trail.report({ out, from: from!, to: to! });
          if (rows === 0) throw new Error('The report of a year found nothing.');
        }),
      limit: () => timed(() => parseRows(folder)),
    });
    return [timedRow({ what: 'report of a year', size, ours, sides: { limit } })];
  } finally {
    await trail.close();
    rmSync(below, { recursive: true });
  }
}

/** What every report has to do at least. */
async function parseRows(folder: string): Promise<void> {
  for (const file of ledgerFilesIn(folder))
    await withDatabase(readFileSync(file), (db) => {
      const statement = db.prepare('SELECT header, body FROM event ORDER BY seq');
      while (statement.step())
        for (const text of statement.get() as (string | null)[])
          if (text !== null) JSON.parse(text);
      statement.free();
    });
}
