import picomatch from 'picomatch';
import { plainGateRow, type GateRow } from '../core/gateRows.js';
import type { Policy } from '../core/policy.js';
import type { TreeFile } from '../git/gateTree.js';
import type { PromptMatcher } from '../prompts/matcher.js';

type Tree = ReadonlyMap<string, TreeFile>;

/** All prompts whose name, or that of a folder of theirs, some file systems take for that of another file. */
export function collisions(tree: Tree, isPrompt: PromptMatcher): GateRow[] {
  const spelled = new Map<string, Set<string>>();
  for (const path of tree.keys())
    for (const place of withFolders(path)) {
      const same = spelled.get(folded(place));
      if (same === undefined) spelled.set(folded(place), new Set([place]));
      else same.add(place);
    }
  const isTaken = (path: string): boolean =>
    withFolders(path).some((place) => (spelled.get(folded(place))?.size ?? 0) > 1);
  const prompts = [...tree.keys()].filter(isPrompt);
  return prompts
    .filter(isTaken)
    .map((path) =>
      plainGateRow({ path, change: 'present', verdict: 'deny', code: 'file.collides' }),
    );
}

const folded = (path: string): string => path.normalize('NFKC').toUpperCase().toLowerCase();

/** A path, and its folders. */
function withFolders(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

/**
 * Links and submodules in whose place a folder of prompts could be. Denied below or above the fixed part of a glob;
 * a glob that may mean any folder only makes them to be seen. `told`: what has a row already.
 */
export function links(
  tree: Tree,
  { prompts }: Policy,
  told: readonly { readonly path: string }[],
): GateRow[] {
  const known = new Set(told.map(({ path }) => path));
  const bases = prompts.include.map((glob) => picomatch.scan(glob).base.replace(/\/$/, ''));
  const rows: GateRow[] = [];
  for (const [path, { mode }] of tree) {
    if (mode.startsWith('100') || known.has(path)) continue;
    const isDenied = bases.some(
      (base) => base !== '' && (`${base}/`.startsWith(`${path}/`) || path.startsWith(`${base}/`)),
    );
    if (!isDenied && !bases.includes('')) continue;
    const verdict = isDenied ? 'deny' : 'allow';
    rows.push(plainGateRow({ path, change: 'present', verdict, code: 'file.link' }));
  }
  return rows;
}
