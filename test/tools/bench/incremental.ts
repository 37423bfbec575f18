import { closeSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { digestOf, sha256 } from '../../../src/core/hash.js';
import { LedgerStore } from '../../../src/ledger/store.js';
import { runJob, type Measured } from './child.js';
import type { BenchLedger } from './ledgers.js';
import { timedRow, type Row } from './row.js';
import { timed } from './samples.js';
import { privateFolderOf, storeOptionsAt } from './setting.js';

const rounds = 5;
const count = 100;

/** How long an open store takes to see what another process recorded. */
export async function incrementalRows({ folder, size }: BenchLedger): Promise<Row[]> {
  const store = await LedgerStore.open(await storeOptionsAt(folder));
  const journal = path.join(privateFolderOf(folder), 'journal.jsonl');
  const ours: number[] = [];
  const limit: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = { size: store.size, bytes: statSync(journal).size };
    await runJob(process.execPath, 'append', [folder, String(count)]);
    limit.push(await timed(() => readTail(journal, before.bytes)));
    ours.push(await timed(() => store.refresh()));
    if (store.size !== before.size + count) throw new Error('The new events were not seen.');
  }
  const bar = { of: 'ours', most: 20 } as const;
  return [
    timedRow({ what: `${count} new events of another process`, size, ours, sides: { limit }, bar }),
  ];
}

function readTail(file: string, from: number): void {
  const bytes = Buffer.alloc(statSync(file).size - from);
  const handle = openSync(file, 'r');
  readSync(handle, bytes, 0, bytes.length, from);
  closeSync(handle);
  for (const line of bytes.toString('utf8').trimEnd().split('\n')) {
    JSON.parse(line);
    sha256(line);
  }
}

/** Appends some events, each on its own. */
export async function appendSome(folder: string, number: string): Promise<Measured> {
  const store = await LedgerStore.open(await storeOptionsAt(folder));
  const [prompt] = store.state.prompts.values();
  const { who } = store.state.event(store.size).header;
  for (let i = 0; i < Number(number); i++)
    await store.transact((tx) => {
      tx.append({
        type: 'revision.saved',
        who,
        prompt: prompt!.id,
        refs: { digest: digestOf(`other ${store.size}`) },
        body: { path: prompt!.path!, size: 1200, source: 'editor' },
        identity: 'git',
      });
    });
  return {};
}
