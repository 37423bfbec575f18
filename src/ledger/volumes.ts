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

/** The name of a sealed volume in a commit of the ledger branch. */
export const volumeTreeName = (volume: number): string =>
  `${volumesFolder}/${volumeFileName(volume)}`;
