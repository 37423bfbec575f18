export function cacheFolder(): string;
export function cached(
  name: string,
  isWhole: (folder: string) => boolean,
  fill: (folder: string) => Promise<void>,
): Promise<string>;
export function hasFiles(...files: string[]): (folder: string) => boolean;
