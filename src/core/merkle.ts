import { sha256 } from './hash.js';

/** RFC 6962 §2.1: the hash of a leaf with these data (UTF-8 where a text is given); 32 bytes. */
export function leafHash(data: Uint8Array | string): Buffer {
  if (typeof data === 'string') return sha256(`\0${data}`);
  return sha256(Buffer.concat([leafPrefix, data]));
}

/** RFC 6962 §2.1: the hash of an inner node over two hashes; 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== hashBytes || right.length !== hashBytes)
    return sha256(Buffer.concat([nodeBytes.subarray(0, 1), left, right]));
  nodeBytes.set(left, 1);
  nodeBytes.set(right, 1 + hashBytes);
  return sha256(nodeBytes);
}

/**
 * An append-only RFC 6962 tree that keeps only its frontier: the roots of the complete
 * subtrees that its size splits into, largest first. Memory is logarithmic in its size.
 */
export class MerkleTree {
  #size = 0;
  #frontier: Buffer[] = [];

  /** Number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** Adds one leaf with these data. */
  append(data: Uint8Array | string): void {
    this.appendLeaf(leafHash(data));
  }

  /** Adds one leaf by its hash; 32 bytes. */
  appendLeaf(leaf: Buffer): void {
    let hash = leaf;
    for (let size = this.#size; size % 2 === 1; size = (size - 1) / 2) {
      hash = nodeHash(this.#frontier.pop()!, hash);
    }
    this.#frontier.push(hash);
    this.#size++;
  }

  /** A tree that goes on from what `frontier` gave at this size. */
  static restore(size: number, frontier: readonly Uint8Array[]): MerkleTree {
    const tree = new MerkleTree();
    tree.#size = size;
    tree.#frontier = frontier.map((hash) => Buffer.from(hash));
    return tree;
  }

  /** The roots of the complete subtrees, largest first; 32 bytes each. */
  get frontier(): readonly Buffer[] {
    return this.#frontier;
  }

  /** The root over all leaves so far, 64 lower-case hex digits; of no leaf, SHA-256 of nothing. */
  root(): string {
    const [last, ...rest] = this.#frontier.toReversed();
    if (last === undefined) return emptyRoot;
    return rest.reduce((right, left) => nodeHash(left, right), last).toString('hex');
  }

  /** An independent tree of the same leaves. */
  clone(): MerkleTree {
    const copy = new MerkleTree();
    copy.#size = this.#size;
    copy.#frontier = [...this.#frontier];
    return copy;
  }
}

/** The root of a tree without leaves. */
export const emptyRoot = sha256('').toString('hex');

const leafPrefix = Buffer.of(0);
const hashBytes = 32;
/** One for all nodes: a ledger has as many as it has events. */
const nodeBytes = Buffer.alloc(1 + 2 * hashBytes, 1);
