/** One change of a file's bytes that no sync has made durable yet. */
export type Change =
  | { readonly kind: 'write'; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly size: number };

let lastNumber = 1000n;

/** A file of the simulated disk: what processes see, and what a power cut leaves of it. */
export class Inode {
  readonly number = ++lastNumber;
  /** What every process sees. Never changed in place. */
  bytes: Buffer = Buffer.alloc(0);
  mode = 0o666;
  mtime = 0n;
  ctime = 0n;
  /** The content when it was synced last. */
  durable: Buffer = Buffer.alloc(0);
  /** Changes since then, in order, as far as a sync would still write them. */
  changes: Change[] = [];

  change(change: Change): void {
    this.bytes = changed(this.bytes, change);
    this.changes.push(change);
  }

  sync(): void {
    this.durable = this.changes.reduce(changed, this.durable);
    this.changes = [];
  }

  /**
   * A sync that failed: the system drops the changes from what it still has to write, so a later
   * sync that succeeds does not bring them to the disk ("fsyncgate").
   */
  failSync(): void {
    this.changes = [];
  }

  copy(): Inode {
    return Object.assign(new Inode(), this, { number: this.number, changes: [...this.changes] });
  }

  /** The file that the next boot finds, all of it durable. */
  afterPowerCut(bytes: Buffer): Inode {
    return Object.assign(this.copy(), { bytes, durable: bytes, changes: [] });
  }
}

/** The bytes after a change; a gap before a write is zeros. */
export function changed(bytes: Buffer, change: Change): Buffer {
  if (change.kind === 'truncate') return resized(bytes, change.size);
  const end = change.at + change.bytes.length;
  const result = Buffer.from(resized(bytes, Math.max(bytes.length, end)));
  change.bytes.copy(result, change.at);
  return result;
}

function resized(bytes: Buffer, size: number): Buffer {
  if (size <= bytes.length) return bytes.subarray(0, size);
  return Buffer.concat([bytes, Buffer.alloc(size - bytes.length)]);
}
