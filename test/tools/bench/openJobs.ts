import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { activeRows } from '../../../src/core/activeRows.js';
import { policyInScope } from '../../../src/core/policyInScope.js';
import { defaultPolicy } from '../../../src/core/policyFile.js';
import { everything } from '../../../src/core/state.js';
import { reviewRows } from '../../../src/core/versionRows.js';
import { LedgerStore } from '../../../src/ledger/store.js';
import type { StoreOptions } from '../../../src/ledger/storeOptions.js';
import { verifyLedger } from '../../../src/ledger/verify.js';
import type { Measured } from './child.js';
import { timed } from './samples.js';
import { snapshotOf, storeOptionsAt } from './setting.js';

/** Opens a ledger and answers what the views ask first: what is active, and what waits for a review. */
async function openAndAsk(options: StoreOptions): Promise<void> {
  const store = await LedgerStore.open(options);
  const { state, size } = store;
  if (store.damage.length > 0) throw new Error(store.damage[0]!.message);
  const policy = policyInScope(state, everything) ?? defaultPolicy;
  activeRows(state, size, { prompt: null, env: null, at: null });
  reviewRows({ state, policy, syncedSize: size }, null);
}

async function measured(options: StoreOptions): Promise<Measured> {
  const ms = await timed(() => openAndAsk(options));
  return { ms, MB: process.memoryUsage().rss / 1024 / 1024 };
}

/** With the cache that the last process left. */
export async function openWarm(folder: string): Promise<Measured> {
  return await measured(await storeOptionsAt(folder));
}

/** Without a cache; the new one that it writes is part of it. */
export async function openCold(folder: string): Promise<Measured> {
  rmSync(snapshotOf(folder), { force: true });
  return await measured(await storeOptionsAt(folder));
}

/** As a clone that has only the files and knows nothing of them: everything is checked. */
export async function openForeign(folder: string): Promise<Measured> {
  const options = await storeOptionsAt(folder);
  const privateDir = mkdtempSync(path.join(folder, 'foreign-'));
  const result = await measured({ ...options, privateDir });
  rmSync(privateDir, { recursive: true });
  return result;
}

export async function verifyAll(folder: string): Promise<Measured> {
  const options = await storeOptionsAt(folder);
  let problem: string | undefined;
  const ms = await timed(async () => {
    problem = (await verifyLedger(options)).findings[0]?.message;
  });
  if (problem !== undefined) throw new Error(problem);
  return { ms, MB: process.resourceUsage().maxRSS / 1024 };
}
