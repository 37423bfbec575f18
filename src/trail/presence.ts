import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Tells whether files exist by their exact names: a file system that folds case would find `a.md` where only
 * `A.md` is. Each folder is read once, so one of these is good for one look at the work tree.
 */
export class Presence {
  readonly #folders = new Map<string, ReadonlySet<string> | null>();
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** `path`: relative to the root, with `/`. A folder that cannot be read counts as holding everything. */
  readonly isThere = (path: string): boolean => {
    const end = path.lastIndexOf('/');
    const folder = end < 0 ? '' : path.slice(0, end);
    if (folder !== '' && !this.isThere(folder)) return false;
    return this.#names(folder)?.has(path.slice(end + 1).normalize('NFC')) ?? true;
  };

  #names(folder: string): ReadonlySet<string> | null {
    let names = this.#folders.get(folder);
    if (names === undefined) {
      names = namesIn(join(this.#root, folder));
      this.#folders.set(folder, names);
    }
    return names;
  }
}

function namesIn(folder: string): ReadonlySet<string> | null {
  try {
    // Some file systems give back other Unicode forms of a name than were written.
    return new Set(readdirSync(folder).map((name) => name.normalize('NFC')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? new Set() : null;
  }
}
