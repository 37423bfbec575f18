import { open, readFile } from 'node:fs/promises';
import { onDisk } from '../ledger/diskErrors.js';

const magic = 0xff744f63;
const headBytes = 8;
const fanoutBytes = 1024;

/** The number of objects of a pack by its index; null where it is of no known format. */
export async function packedCount(file: string): Promise<number | null> {
  const head = Buffer.alloc(headBytes + fanoutBytes);
  const read = await onDisk(file, async () => {
    const handle = await open(file, 'r');
    try {
      return (await handle.read(head, 0, head.length, 0)).bytesRead;
    } finally {
      await handle.close();
    }
  });
  return read === head.length ? countIn(head) : null;
}

/**
 * The ids of all objects of a pack by its index (gitformat-pack, version 2); null where it is of no known
 * format. `idLength`: hex digits. Throws `disk.failed`.
 */
export async function packedIds(file: string, idLength: number): Promise<string[] | null> {
  const bytes = await onDisk(file, () => readFile(file));
  const count = bytes.length < headBytes + fanoutBytes ? null : countIn(bytes);
  const width = idLength / 2;
  const from = headBytes + fanoutBytes;
  if (count === null || bytes.length < from + count * width) return null;
  return Array.from({ length: count }, (_, i) =>
    bytes.toString('hex', from + i * width, from + (i + 1) * width),
  );
}

function countIn(bytes: Buffer): number | null {
  const known = bytes.readUInt32BE(0) === magic && bytes.readUInt32BE(4) === 2;
  return known ? bytes.readUInt32BE(headBytes + fanoutBytes - 4) : null;
}
