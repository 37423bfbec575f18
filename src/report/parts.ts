/** Bytes of one file of an export: what auditors' portals take is below 25 MB. */
export const mostFileBytes = 24_000_000;

export interface FilePart {
  /** `tables/events.csv`, then `tables/events-002.csv`, … */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Lines without the head. */
  readonly rows: number;
}

/**
 * Lines as files that are small enough, each with the head. `path` is that of the first one; a table without rows is
 * one file with a head.
 */
export function* parts(
  path: string,
  lines: Iterable<string>,
  { head = '', most = mostFileBytes }: { readonly head?: string; readonly most?: number } = {},
): Generator<FilePart> {
  let pending: string[] = [];
  let size = Buffer.byteLength(head);
  let number = 1;
  const file = (): FilePart => {
    const bytes = Buffer.from(head + pending.join(''));
    const part = { path: partPath(path, number++), bytes, rows: pending.length };
    pending = [];
    size = Buffer.byteLength(head);
    return part;
  };
  for (const line of lines) {
    const length = Buffer.byteLength(line);
    if (pending.length > 0 && size + length > most) yield file();
    pending.push(line);
    size += length;
  }
  if (pending.length > 0 || number === 1) yield file();
}

function partPath(path: string, number: number): string {
  const dot = path.lastIndexOf('.');
  return number === 1
    ? path
    : `${path.slice(0, dot)}-${String(number).padStart(3, '0')}${path.slice(dot)}`;
}
