import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where the sealed volumes lie beside ledger.sqlite and in a commit of the ledger branch. */
export const volumesFolder = 'volumes';

/** Larger open volumes are sealed by the next write; bytes. */
export const defaultSealBytes = 16 * 1024 * 1024;

/** The file name of a sealed volume, from 1. */
export const volumeFileName = (volume: number): string =>
  `${String(volume).padStart(6, '0')}.sqlite`;

/** The path of a sealed volume beside the open one. */
export const volumePath = (ledgerFile: string, volume: number): string =>
  join(dirname(ledgerFile), volumesFolder, volumeFileName(volume));

/** The numbers of the files that have the name of a sealed volume beside the open one, ascending. */
export async function volumesThere(ledgerFile: string): Promise<readonly number[]> {
  const names = await readdir(join(dirname(ledgerFile), volumesFolder)).catch(() => [] as string[]);
  return names
    .filter((name) => /^\d{6}\.sqlite$/.test(name))
    .map((name) => Number(name.slice(0, 6)))
    .filter((volume) => volume > 0)
    .sort((a, b) => a - b);
}

/** The name of a sealed volume in a commit of the ledger branch. */
export const volumeTreeName = (volume: number): string =>
  `${volumesFolder}/${volumeFileName(volume)}`;
