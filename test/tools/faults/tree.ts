import { basename, dirname, relative, sep } from 'node:path';
import type { Inode } from './inode.js';

/** What one call changes in a folder, as a whole: a rename takes one name away and sets another. */
export type EntryChange = readonly (readonly [name: string, entry: Entry | null])[];
export type Entry = Inode | Folder;

/** A folder of the simulated disk, with the entries that a power cut leaves. */
export class Folder {
  readonly entries = new Map<string, Entry>();
  readonly durable = new Map<string, Entry>();
  changes: EntryChange[] = [];

  change(change: EntryChange): void {
    apply(this.entries, change);
    this.changes.push(change);
  }

  sync(): void {
    for (const change of this.changes) apply(this.durable, change);
    this.changes = [];
  }
}

export function apply(entries: Map<string, Entry>, change: EntryChange): void {
  for (const [name, entry] of change) {
    if (entry === null) entries.delete(name);
    else entries.set(name, entry);
  }
}

/** An error as Node's file functions throw it. */
export function systemError(code: string, call: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${call} '${path}'`), { code, syscall: call, path });
}

/** All files and folders under one path that exists only here. */
export class Tree {
  readonly root: string;
  readonly top: Folder;
  #time = BigInt(Date.now()) * 1_000_000n;

  constructor(root: string, top = new Folder(), time?: bigint) {
    this.root = root;
    this.top = top;
    if (time !== undefined) this.#time = time;
  }

  get time(): bigint {
    return this.#time;
  }

  /** A moment that no other call has: stamps of files always tell changes apart. */
  tick(): bigint {
    return (this.#time += 1_000n);
  }

  holds(path: string): boolean {
    return path === this.root || path.startsWith(this.root + sep);
  }

  find(path: string): Entry | null {
    let at: Entry = this.top;
    for (const name of this.#names(path)) {
      const next: Entry | undefined = at instanceof Folder ? at.entries.get(name) : undefined;
      if (next === undefined) return null;
      at = next;
    }
    return at;
  }

  entry(path: string, call: string): Entry {
    const found = this.find(path);
    if (found === null) throw systemError(this.#absence(path), call, path);
    return found;
  }

  /** Why nothing is found at a path: a file may stand where a folder should. */
  #absence(path: string): 'ENOENT' | 'ENOTDIR' {
    let above = dirname(path);
    while (this.find(above) === null) above = dirname(above);
    return this.find(above) instanceof Folder ? 'ENOENT' : 'ENOTDIR';
  }

  file(path: string, call: string): Inode {
    const found = this.entry(path, call);
    if (found instanceof Folder) throw systemError('EISDIR', call, path);
    return found;
  }

  folder(path: string, call: string): Folder {
    const found = this.entry(path, call);
    if (!(found instanceof Folder)) throw systemError('ENOTDIR', call, path);
    return found;
  }

  parent(path: string, call: string): { folder: Folder; name: string } {
    return { folder: this.folder(dirname(path), call), name: basename(path) };
  }

  /** Paths of all files, sorted. */
  files(): string[] {
    const found: string[] = [];
    const visit = (folder: Folder, path: string): void => {
      for (const [name, entry] of folder.entries) {
        if (entry instanceof Folder) visit(entry, path + sep + name);
        else found.push(path + sep + name);
      }
    };
    visit(this.top, this.root);
    return found.sort();
  }

  /** An independent copy, with everything that is not durable yet. */
  copy(): Tree {
    const inodes = new Map<Entry, Entry>();
    const copied = <T extends Entry>(entry: T): T => {
      const known = inodes.get(entry);
      if (known !== undefined) return known as T;
      const copy: Entry = entry instanceof Folder ? new Folder() : entry.copy();
      inodes.set(entry, copy);
      if (entry instanceof Folder && copy instanceof Folder) {
        for (const [name, one] of entry.entries) copy.entries.set(name, copied(one));
        for (const [name, one] of entry.durable) copy.durable.set(name, copied(one));
        copy.changes = entry.changes.map((change) =>
          change.map(([name, one]) => [name, one && copied(one)] as const),
        );
      }
      return copy as T;
    };
    return new Tree(this.root, copied(this.top), this.#time);
  }

  #names(path: string): string[] {
    return relative(this.root, path).split(sep).filter(Boolean);
  }
}
