import type { Stats } from 'node:fs';
import type { DiskProcess, Effect } from './process.js';
import { Folder, systemError, type Entry, type Tree } from './tree.js';
import { Inode } from './inode.js';
import { statOf, toBuffer } from './values.js';

type Data = string | Uint8Array;

/** An open file or folder: the methods of Node's FileHandle that the ledger may use. */
export class SimulatedHandle {
  readonly #process: DiskProcess;
  readonly #tree: Tree;
  readonly #entry: Entry;
  readonly #path: string;
  readonly #appends: boolean;
  #position = 0;
  #open = true;

  constructor(
    process: DiskProcess,
    tree: Tree,
    entry: Entry,
    opened: { path: string; appends: boolean },
  ) {
    this.#process = process;
    this.#tree = tree;
    this.#entry = entry;
    this.#path = opened.path;
    this.#appends = opened.appends;
  }

  async read(
    target: Uint8Array,
    offset = 0,
    length = target.length - offset,
    position: number | null = null,
  ): Promise<{ bytesRead: number; buffer: Uint8Array }> {
    const get = (most: number): { bytesRead: number; buffer: Uint8Array } => {
      const from = position ?? this.#position;
      const part = this.#file().bytes.subarray(from, from + most);
      target.set(part, offset);
      if (position === null) this.#position += part.length;
      return { bytesRead: part.length, buffer: target };
    };
    return await this.#do('read', 'read', {
      whole: () => get(length),
      half: () => get(Math.ceil(length / 2)),
    });
  }

  async readFile(encoding?: BufferEncoding | { encoding?: BufferEncoding }): Promise<unknown> {
    const bytes = await this.#do('readFile', 'read', {
      whole: () => Buffer.from(this.#file().bytes),
    });
    const name = typeof encoding === 'string' ? encoding : encoding?.encoding;
    return name === undefined ? bytes : bytes.toString(name);
  }

  async write(
    data: Data,
    offset: number | null = 0,
    length?: number,
    position: number | null = null,
  ): Promise<{ bytesWritten: number; buffer: Data }> {
    if (typeof data === 'string') throw new Error('the simulated disk writes bytes only');
    const bytes = Buffer.from(data.subarray(offset ?? 0, (offset ?? 0) + (length ?? data.length)));
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    const bytesWritten = await this.#do('write', 'write', {
      whole: () => this.#append(bytes, position),
      half: () => this.#append(half, position),
    });
    return { bytesWritten, buffer: data };
  }

  async writeFile(data: Data): Promise<void> {
    const bytes = toBuffer(data);
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    await this.#do('writeFile', 'write', {
      whole: () => this.#append(bytes, null),
      half: () => this.#append(half, null),
    });
  }

  async truncate(size = 0): Promise<void> {
    await this.#do('truncate', 'write', {
      whole: () => {
        this.#file().change({ kind: 'truncate', size });
        this.#touch();
      },
    });
  }

  async stat(options?: { bigint?: boolean }): Promise<Stats> {
    return await this.#do('stat', 'read', { whole: () => statOf(this.#entry, options) });
  }

  async sync(): Promise<void> {
    const entry = this.#entry;
    await this.#do('sync', 'sync', {
      whole: () => entry.sync(),
      failed: () => (entry instanceof Inode ? entry.failSync() : undefined),
    });
  }

  async datasync(): Promise<void> {
    await this.sync();
  }

  async close(): Promise<void> {
    if (!this.#open) throw systemError('EBADF', 'close', this.#path);
    this.#open = false;
    await this.#process.perform('handle.close', this.#path, 'close', { whole: () => undefined });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #do<T>(name: string, kind: 'read' | 'write' | 'sync', effect: Effect<T>): Promise<T> {
    if (!this.#open) throw systemError('EBADF', name, this.#path);
    return this.#process.perform(`handle.${name}`, this.#path, kind, effect);
  }

  #file(): Inode {
    if (this.#entry instanceof Folder) throw systemError('EISDIR', 'read', this.#path);
    return this.#entry;
  }

  #append(bytes: Buffer, position: number | null): number {
    const at = this.#appends ? this.#file().bytes.length : (position ?? this.#position);
    this.#file().change({ kind: 'write', at, bytes });
    if (position === null) this.#position = at + bytes.length;
    this.#touch();
    return bytes.length;
  }

  #touch(): void {
    const inode = this.#file();
    inode.mtime = inode.ctime = this.#tree.tick();
  }
}
