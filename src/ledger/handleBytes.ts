import { open, type FileHandle } from 'node:fs/promises';

/** All bytes, with as many writes as the system needs. */
export async function writeAt(handle: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing written'), { code: 'ENOSPC' });
    done += bytesWritten;
  }
}

/** `length` bytes, less only at the file's end: a short read must not pass for a short file. */
export async function readAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let done = 0; ;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, at + done);
    done += bytesRead;
    if (bytesRead === 0 || done === length) return bytes.subarray(0, done);
  }
}

/** What was synced or read is not undone by a close that fails. */
export async function closeQuietly(handle: FileHandle): Promise<void> {
  await handle.close().catch(() => undefined);
}

/** Makes what was written to a file durable, by whomever it was; false where the disk fails to. */
export async function syncFile(path: string): Promise<boolean> {
  const handle = await open(path, 'r+');
  try {
    return await handle.datasync().then(
      () => true,
      () => false,
    );
  } finally {
    await closeQuietly(handle);
  }
}
