import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { openTrail } from '../../../src/trail/openTrail.js';
import { bigLedger } from '../bigLedger.js';
import { runJob } from './child.js';
import { privateFolderOf } from './setting.js';

/** A ledger of one size, ready to be measured and changed. */
export interface BenchLedger {
  readonly folder: string;
  readonly size: number;
  /** Bytes of the journal when it held all events. */
  readonly journalBytes: number;
  /** The program to run the sides of native SQLite with; null where there is none. */
  readonly node24: string | null;
}

/** Makes a ledger below a folder, with a native database of the same rows beside it. */
export async function makeLedger(
  below: string,
  size: number,
  node24: string | null,
): Promise<BenchLedger> {
  const folder = path.join(below, `ledger-${size}`);
  mkdirSync(folder);
  await bigLedger(folder, { events: size });
  const journalBytes = statSync(path.join(privateFolderOf(folder), 'journal.jsonl')).size;
  // As it is after a while of use: a commit holds the events and the journal is short.
  const limits = { journalBytes: 0 };
  const trail = await openTrail({ folder, tool: 'bench/1', source: 'cli', limits });
  await trail.close();
  if (node24 !== null) await runJob(node24, 'sqlite-make', [folder]);
  return { folder, size, journalBytes, node24 };
}
