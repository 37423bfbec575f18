import { basename, dirname, join, sep } from 'node:path';
import type { Dirent, Stats } from 'node:fs';
import { SimulatedHandle } from './handle.js';
import { Inode } from './inode.js';
import type { DiskProcess, Effect } from './process.js';
import { Folder, systemError, type Entry, type Tree } from './tree.js';
import { encodingOf, statOf } from './values.js';

/** The functions of `node:fs/promises` on a simulated disk, for one process. */
export class DiskCalls {
  readonly #tree: Tree;
  readonly #process: DiskProcess;

  constructor(tree: Tree, process: DiskProcess) {
    this.#tree = tree;
    this.#process = process;
  }

  async open(path: string, flags = 'r', mode = 0o666): Promise<SimulatedHandle> {
    const appends = flags.startsWith('a');
    const makes = flags.startsWith('w') || appends;
    const opened = (): SimulatedHandle => {
      if (makes) this.#make(path, flags, mode);
      const entry = this.#tree.entry(path, 'open');
      return new SimulatedHandle(this.#process, this.#tree, entry, { path, appends });
    };
    return await this.#do('open', path, makes ? 'names' : 'read', { whole: opened });
  }

  async readFile(path: string, options?: unknown): Promise<unknown> {
    const whole = (): Buffer => Buffer.from(this.#tree.file(path, 'read').bytes);
    const bytes = await this.#do('readFile', path, 'read', { whole });
    const encoding = encodingOf(options);
    return encoding === undefined ? bytes : bytes.toString(encoding);
  }

  async writeFile(path: string, data: string | Uint8Array, options?: unknown): Promise<void> {
    const { flag = 'w', mode = 0o666 } = (options ?? {}) as { flag?: string; mode?: number };
    const handle = await this.open(path, flag, mode);
    try {
      await handle.writeFile(data);
    } finally {
      await handle.close();
    }
  }

  async rename(from: string, to: string): Promise<void> {
    const whole = (): void => {
      const source = this.#tree.parent(from, 'rename');
      const target = this.#tree.parent(to, 'rename');
      const entry = this.#tree.entry(from, 'rename');
      if (to.startsWith(from + sep)) throw systemError('EINVAL', 'rename', to);
      const there = target.folder.entries.get(target.name);
      if (there === entry) return;
      if (there !== undefined) assertReplaceable(entry, there, to);
      if (entry instanceof Inode) entry.ctime = this.#tree.tick();
      if (source.folder === target.folder) {
        source.folder.change([
          [source.name, null],
          [target.name, entry],
        ]);
        return;
      }
      target.folder.change([[target.name, entry]]);
      source.folder.change([[source.name, null]]);
    };
    await this.#do('rename', to, 'names', { whole });
  }

  async link(from: string, to: string): Promise<void> {
    const whole = (): void => {
      const inode = this.#tree.entry(from, 'link');
      const { folder, name } = this.#tree.parent(to, 'link');
      if (folder.entries.has(name)) throw systemError('EEXIST', 'link', to);
      if (inode instanceof Folder) throw systemError('EPERM', 'link', from);
      inode.ctime = this.#tree.tick();
      folder.change([[name, inode]]);
    };
    await this.#do('link', to, 'names', { whole });
  }

  async unlink(path: string): Promise<void> {
    const whole = (): void => {
      this.#tree.file(path, 'unlink').ctime = this.#tree.tick();
      const { folder, name } = this.#tree.parent(path, 'unlink');
      folder.change([[name, null]]);
    };
    await this.#do('unlink', path, 'names', { whole });
  }

  async rm(path: string, options?: { recursive?: boolean; force?: boolean }): Promise<void> {
    const whole = (): void => {
      const entry = this.#tree.find(path);
      if (entry === null && options?.force) return;
      if (entry instanceof Folder && !options?.recursive)
        throw systemError('ERR_FS_EISDIR', 'rm', path);
      if (entry === null) throw systemError('ENOENT', 'rm', path);
      const { folder, name } = this.#tree.parent(path, 'rm');
      folder.change([[name, null]]);
    };
    await this.#do('rm', path, 'names', { whole });
  }

  async copyFile(from: string, to: string): Promise<void> {
    const bytes = (await this.readFile(from)) as Buffer;
    await this.writeFile(to, bytes);
  }

  async mkdir(path: string, options?: { recursive?: boolean }): Promise<string | undefined> {
    const whole = (): string | undefined => {
      const missing: string[] = [];
      for (let at = path; this.#tree.find(at) === null; at = dirname(at)) missing.unshift(at);
      if (!options?.recursive && missing.length !== 1)
        throw systemError(missing.length === 0 ? 'EEXIST' : 'ENOENT', 'mkdir', path);
      if (missing.length === 0 && this.#tree.find(path) instanceof Inode)
        throw systemError('EEXIST', 'mkdir', path);
      for (const one of missing) {
        const { folder, name } = this.#tree.parent(one, 'mkdir');
        folder.change([[name, new Folder()]]);
      }
      return options?.recursive ? missing[0] : undefined;
    };
    return await this.#do('mkdir', path, 'names', { whole });
  }

  async readdir(path: string, options?: { withFileTypes?: boolean }): Promise<unknown[]> {
    const whole = (): unknown[] => {
      const { entries } = this.#tree.folder(path, 'readdir');
      if (!options?.withFileTypes) return [...entries.keys()];
      return [...entries].map(([name, entry]): Partial<Dirent> => {
        const folder = entry instanceof Folder;
        return { name, isFile: () => !folder, isDirectory: () => folder };
      });
    };
    return await this.#do('readdir', path, 'read', { whole });
  }

  async stat(path: string, options?: { bigint?: boolean }): Promise<Stats> {
    const whole = (): Stats => statOf(this.#tree.entry(path, 'stat'), options);
    return await this.#do('stat', path, 'read', { whole });
  }

  async lstat(path: string, options?: { bigint?: boolean }): Promise<Stats> {
    return await this.stat(path, options);
  }

  async access(path: string): Promise<void> {
    await this.#do('access', path, 'read', {
      whole: () => void this.#tree.entry(path, 'access'),
    });
  }

  async realpath(path: string): Promise<string> {
    const whole = (): string => (this.#tree.entry(path, 'realpath'), path);
    return await this.#do('realpath', path, 'read', { whole });
  }

  async utimes(path: string, _read: unknown, written: Date): Promise<void> {
    const whole = (): void => {
      const inode = this.#tree.file(path, 'utimes');
      inode.mtime = BigInt(written.getTime()) * 1_000_000n;
      inode.ctime = this.#tree.tick();
    };
    await this.#do('utimes', path, 'names', { whole });
  }

  async truncate(path: string, size = 0): Promise<void> {
    const handle = await this.open(path, 'r+');
    try {
      await handle.truncate(size);
    } finally {
      await handle.close();
    }
  }

  async chmod(path: string): Promise<void> {
    await this.access(path);
  }

  #make(path: string, flags: string, mode: number): void {
    const { folder, name } = this.#tree.parent(path, 'open');
    const there = folder.entries.get(name);
    if (there !== undefined && flags.includes('x')) throw systemError('EEXIST', 'open', path);
    if (there === undefined) {
      const inode = new Inode();
      inode.mode = mode;
      inode.mtime = inode.ctime = this.#tree.tick();
      folder.change([[basename(path), inode]]);
    } else if (flags.startsWith('w')) {
      this.#tree.file(path, 'open').change({ kind: 'truncate', size: 0 });
    }
  }

  #do<T>(name: string, path: string, kind: 'read' | 'names', effect: Effect<T>): Promise<T> {
    return this.#process.perform(name, join(path), kind, effect);
  }
}

function assertReplaceable(entry: Entry, there: Entry, path: string): void {
  if (entry instanceof Folder && !(there instanceof Folder))
    throw systemError('ENOTDIR', 'rename', path);
  if (!(entry instanceof Folder) && there instanceof Folder)
    throw systemError('EISDIR', 'rename', path);
  if (there instanceof Folder && there.entries.size > 0)
    throw systemError('ENOTEMPTY', 'rename', path);
}
