import { MerkleTree } from '../core/merkle.js';
import type { LedgerMemory } from './memory.js';

/** The Merkle roots of a ledger at several sizes in one pass over its leaves; sizes that it lacks are left out. */
export function rootsOf(
  memory: LedgerMemory,
  sizes: readonly number[],
): ReadonlyMap<number, string> {
  const roots = new Map<number, string>();
  const tree = new MerkleTree();
  const wanted = [...new Set(sizes)].filter((size) => size <= memory.size).sort((a, b) => a - b);
  for (const size of wanted) {
    if (size === memory.size) roots.set(size, memory.root);
    else {
      while (tree.size < size) tree.appendLeaf(Buffer.from(memory.leafAt(tree.size + 1)));
      roots.set(size, tree.root());
    }
  }
  return roots;
}
