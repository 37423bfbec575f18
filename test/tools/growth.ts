import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { digestOf } from '../../src/core/hash.js';
import { LedgerStore } from '../../src/ledger/store.js';
import { ledgerFilesIn } from './bench/limits.js';
import { storeOptionsAt } from './bench/setting.js';

/** Bytes of all files below a folder; what vanishes meanwhile counts nothing. */
export function bytesBelow(folder: string): number {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    try {
      sum += entry.isDirectory() ? bytesBelow(file) : statSync(file).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return sum;
}

/** Bytes of a ledger's files, each as gzip makes it. */
export function compressedBytes(folder: string): number {
  return ledgerFilesIn(folder).reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
}

/** Something that records one event at a time in a ledger that bigLedger made. */
export async function oneByOne(folder: string): Promise<() => Promise<void>> {
  const store = await LedgerStore.open(await storeOptionsAt(folder));
  const [prompt] = store.state.prompts.values();
  const { who } = store.state.event(store.size).header;
  const body = { path: prompt!.path!, size: 1200, source: 'editor' } as const;
  let count = 0;
  return async () => {
    const refs = { digest: digestOf(`event ${++count}`) };
    await store.transact((tx) => {
      tx.append({ type: 'revision.saved', who, prompt: prompt!.id, refs, body, identity: 'git' });
    });
  };
}
