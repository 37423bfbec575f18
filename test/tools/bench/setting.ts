import path from 'node:path';
import type { StoreOptions } from '../../../src/ledger/storeOptions.js';
import { volumeTreeName } from '../../../src/ledger/volumes.js';
import { siteAt } from '../../../src/trail/site.js';
import { ledgerFileName } from '../../../src/trail/ledgerVolumes.js';

/** With what a ledger is opened, just as openTrail does it. */
export async function storeOptionsAt(folder: string): Promise<StoreOptions> {
  const { git, ledgerFile, privateDir } = await siteAt(folder);
  return {
    file: ledgerFile,
    privateDir,
    trimAfterFold: git === null,
    readRef: async () => (await git?.readLedger())?.files.get(ledgerFileName) ?? null,
    readRefVolume: async (volume) => {
      const name = volumeTreeName(volume);
      return (await git?.readLedger(undefined, [name]))?.files.get(name) ?? null;
    },
    tool: 'bench/1',
  };
}

export const auditFolderOf = (folder: string): string => path.join(folder, '.prompt-audit');
export const privateFolderOf = (folder: string): string => path.join(folder, '.git/prompt-audit');
export const snapshotOf = (folder: string): string =>
  path.join(privateFolderOf(folder), 'cache/snapshot');
/** The rows of the ledger as one native SQLite database; sqliteJobs.ts makes it. */
export const nativeFileOf = (folder: string): string => path.join(folder, 'native.sqlite');
