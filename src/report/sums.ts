export interface SummedFile {
  /** From the folder of the export, with `/`. */
  readonly path: string;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
}

/** The text of SHA256SUMS, as `sha256sum --check` reads it: one line a file, by path. */
export function sumsText(files: readonly SummedFile[]): string {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return sorted.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');
}

/** Reads what sumsText wrote; null for anything else. */
export function parseSums(text: string): readonly SummedFile[] | null {
  const lines = text.split('\n');
  if (lines.pop() !== '') return null;
  const files: SummedFile[] = [];
  for (const line of lines) {
    const match = /^([0-9a-f]{64}) {2}([\w][\w./-]*)$/.exec(line);
    if (match === null || match[2]!.split('/').includes('..')) return null;
    files.push({ sha256: match[1]!, path: match[2]! });
  }
  return files;
}
