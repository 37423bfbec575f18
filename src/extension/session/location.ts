import { realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { Uri, type WorkspaceFolder } from 'vscode';

interface OpenFolder {
  readonly opened: string;
  readonly real: string;
}

/**
 * Translates between editor addresses and paths in the repository. A folder may be opened through a
 * symbolic link while git names the real one, so both names of each opened folder are kept.
 */
export class RootLocation {
  private folders: readonly OpenFolder[] = [];

  constructor(readonly root: string) {}

  setFolders(folders: readonly WorkspaceFolder[]): void {
    this.folders = folders.map(({ uri }) => ({ opened: uri.fsPath, real: realPath(uri.fsPath) }));
  }

  /** The path with `/` relative to the root; null when the file lies outside. */
  pathOf(uri: Uri): string | null {
    if (uri.scheme !== 'file') {
      return null;
    }
    return inside(this.root, uri.fsPath) ?? inside(this.root, this.toReal(uri.fsPath));
  }

  /** The address under which the editor knows a prompt's file. */
  uriOf(path: string): Uri {
    const file = join(this.root, path);
    for (const folder of this.folders) {
      const below = inside(folder.real, file);
      if (below !== null) {
        return Uri.file(join(folder.opened, below));
      }
    }
    return Uri.file(file);
  }

  private toReal(file: string): string {
    for (const folder of this.folders) {
      const below = inside(folder.opened, file);
      if (below !== null) {
        return join(folder.real, below);
      }
    }
    return file;
  }
}

function inside(folder: string, file: string): string | null {
  const path = relative(folder, file);
  if (path === '' || isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`)) {
    return null;
  }
  return sep === '/' ? path : path.split(sep).join('/');
}

/** The real name of a folder; its given name where it cannot be read. */
export function realPath(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}
