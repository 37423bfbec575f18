import type { TreeChild } from './gitObject.js';
import { assertObjectId } from './names.js';
import { gitOutput } from './runGit.js';

const folder = 'volumes';
const volumeName = /^volumes\/([^/]+)$/;
export const ledgerFileNames = /^(ledger\.sqlite|checkpoint|README\.md|volumes\/\d{6}\.sqlite)$/;

/** What a commit of the ledger branch holds, as far as the next one keeps it. Names as latin1. */
export interface LedgerTree {
  /** The entries of the root, but for the folder of the volumes. */
  readonly top: ReadonlyMap<string, TreeChild>;
  /** The entries of the folder of the volumes, by their names in it. */
  readonly volumes: ReadonlyMap<string, TreeChild>;
  /** The ids of the files of the ledger, by name. */
  readonly blobs: ReadonlyMap<string, string>;
}

export const emptyTree: LedgerTree = { top: new Map(), volumes: new Map(), blobs: new Map() };

/** Reads it in one run of git. Throws `git.failed`. */
export async function readLedgerTree(root: string, commit: string): Promise<LedgerTree> {
  assertObjectId(commit);
  const output = await gitOutput({
    folder: root,
    doing: 'list a commit of the ledger',
    args: ['ls-tree', '-r', '-t', '-z', '--full-tree', commit],
  });
  const top = new Map<string, TreeChild>();
  const volumes = new Map<string, TreeChild>();
  const blobs = new Map<string, string>();
  for (const line of output.toString('latin1').split('\0')) {
    const [, mode = '', id = '', path = ''] = /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
    if (path === '') continue;
    if (mode === '100644' && ledgerFileNames.test(path)) blobs.set(path, id);
    const inner = volumeName.exec(path)?.[1];
    if (inner !== undefined) volumes.set(inner, { mode, id });
    else if (path !== folder && !path.includes('/')) top.set(path, { mode, id });
  }
  return { top, volumes, blobs };
}

/**
 * The tree without files that are called as sealed volumes are and stand behind the last one, of which there are
 * `count`: nobody reads them, and each clone would carry them for ever. And their names.
 */
export function withoutSurplus(
  tree: LedgerTree,
  count: number,
): { readonly tree: LedgerTree; readonly surplus: readonly string[] } {
  const isSurplus = (inner: string): boolean => {
    const number = /^(\d{6})\.sqlite$/.exec(inner)?.[1];
    return number !== undefined && (Number(number) < 1 || Number(number) > count);
  };
  const surplus = [...tree.volumes.keys()].filter(isSurplus).map((inner) => `${folder}/${inner}`);
  if (surplus.length === 0) return { tree, surplus };
  const volumes = new Map([...tree.volumes].filter(([inner]) => !isSurplus(inner)));
  const blobs = new Map([...tree.blobs].filter(([name]) => !surplus.includes(name)));
  return { tree: { ...tree, volumes, blobs }, surplus };
}

/** The tree with these files in the place of those of the same names; ids by name. */
export function withFiles(tree: LedgerTree, files: ReadonlyMap<string, string>): LedgerTree {
  const top = new Map(tree.top);
  const volumes = new Map(tree.volumes);
  const blobs = new Map([...tree.blobs, ...files]);
  for (const [name, id] of files) {
    const inner = volumeName.exec(name)?.[1];
    if (inner === undefined) top.set(name, { mode: '100644', id });
    else volumes.set(inner, { mode: '100644', id });
  }
  return { top, volumes, blobs };
}
