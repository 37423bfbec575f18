import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { digestOf } from '../../../src/core/hash.js';
import { LedgerStore } from '../../../src/ledger/store.js';
import type { BenchLedger } from './ledgers.js';
import { timedRow, type Row } from './row.js';
import { interleaved, timed } from './samples.js';
import { auditFolderOf, storeOptionsAt } from './setting.js';

/** One new event into the open volume, and sealing that, against writing a file of the same bytes durably. */
export async function foldRows({ folder, size }: BenchLedger): Promise<Row[]> {
  const options = await storeOptionsAt(folder);
  const store = await LedgerStore.open(options);
  await store.fold();
  const limit = (): Promise<number> => timed(() => replaceFile(folder, options.file));
  const folds = await interleaved(5, { ours: () => foldOne(store), limit });
  const full = { ...options, sealBytes: statSync(options.file).size };
  const sealing = await LedgerStore.open(full);
  const seals = await interleaved(1, { ours: () => foldOne(sealing), limit });
  return [
    timedRow({ what: 'fold of one event', size, ours: folds.ours, sides: { limit: folds.limit } }),
    timedRow({ what: 'fold that seals', size, ours: seals.ours }),
  ];
}

async function foldOne(store: LedgerStore): Promise<number> {
  const [prompt] = store.state.prompts.values();
  const { who } = store.state.event(store.size).header;
  const refs = { digest: digestOf(`fold ${store.size}`) };
  const body = { path: prompt!.path!, size: 1200, source: 'editor' } as const;
  await store.transact((tx) => {
    tx.append({ type: 'revision.saved', who, prompt: prompt!.id, refs, body, identity: 'git' });
  });
  return await timed(() => store.fold());
}

/** SQLite would write a few pages; a file that git and others read must never be seen half written. */
function replaceFile(folder: string, file: string): void {
  const bytes = readFileSync(file);
  const temporary = `${auditFolderOf(folder)}/bench.tmp`;
  const handle = openSync(temporary, 'w');
  writeSync(handle, bytes);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(temporary, `${auditFolderOf(folder)}/bench.copy`);
}
