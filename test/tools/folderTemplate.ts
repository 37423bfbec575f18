import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** git's own configuration and our notes are smaller; what is larger names no folder. */
const mostBytes = 64 * 1024;

/** A folder as it is now, for copies beside it. */
export class FolderTemplate {
  readonly #kept = mkdtempSync(join(folderOfAll(), 'one-'));
  readonly #name: Buffer;
  /** The files that hold the folder's name, with the inodes of those that they stood in: notes name that, too. */
  readonly #naming: readonly { readonly file: string; readonly inode: string }[];

  constructor(folder: string) {
    this.#name = Buffer.from(basename(folder), 'latin1');
    copy(folder, this.#kept);
    this.#naming = filesIn(this.#kept)
      .filter((file) => this.#isNaming(file))
      .map((file) => ({ file, inode: inodeOf(join(folder, file, '..')) }));
  }

  /** In place of what is in a folder, whose name must be as long; it stands there under its new name. */
  copyTo(folder: string): void {
    const name = basename(folder);
    if (name.length !== this.#name.length) throw new Error(`${name} is of another length`);
    rmSync(folder, { recursive: true, force: true });
    copy(this.#kept, folder);
    for (const { file, inode } of this.#naming) {
      const text = readFileSync(join(this.#kept, file), 'latin1');
      const renamed = text
        .replaceAll(this.#name.toString('latin1'), name)
        .replaceAll(JSON.stringify(inode), JSON.stringify(inodeOf(join(folder, file, '..'))));
      writeFileSync(join(folder, file), renamed, 'latin1');
    }
  }

  #isNaming(file: string): boolean {
    const path = join(this.#kept, file);
    return statSync(path).size <= mostBytes && readFileSync(path).includes(this.#name);
  }
}

/** Each test file has this module for itself; the process has one folder, and one listener that removes it. */
function folderOfAll(): string {
  const folder = join(realpathSync(tmpdir()), `prompt-audit-templates-${process.pid}`);
  if (mkdirSync(folder, { recursive: true }) !== undefined)
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}

function inodeOf(path: string): string {
  return String(statSync(path, { bigint: true }).ino);
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
