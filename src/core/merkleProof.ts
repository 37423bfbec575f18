import { emptyRoot, MerkleTree, nodeHash } from './merkle.js';

/** The hash of the leaf at an index from 0; 32 bytes. */
export type LeafAt = (index: number) => Uint8Array;

/** More hashes than a proof in a tree of 2^53-1 leaves can have. */
export const maxPathLength = 63;

/**
 * RFC 6962 §2.1.1: the path from the leaf at `index` (below `size`) to the root over the first `size` leaves,
 * the leaf's sibling first. Reads every leaf once.
 */
export function inclusionPath(leafAt: LeafAt, index: number, size: number): Buffer[] {
  assertSizes(index + 1, size);
  const path: Buffer[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      path.push(rangeRoot(leafAt, middle, to));
      to = middle;
    } else {
      path.push(rangeRoot(leafAt, from, middle));
      from = middle;
    }
  }
  return path.reverse();
}

/** RFC 9162 §2.1.3.2: whether the path leads from the leaf at an index to the root. Never throws. */
export function verifyInclusion(claim: {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  /** 64 lower-case hex digits. */
  readonly root: string;
  readonly path: readonly Uint8Array[];
}): boolean {
  return rootOfPath(claim) === claim.root;
}

/** The root to which a path leads, 64 lower-case hex digits; undefined where it has not the right length. */
export function rootOfPath(place: {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly path: readonly Uint8Array[];
}): string | undefined {
  const { index, size, path } = place;
  if (!areSizes(index, size) || index >= size || !areHashes([place.leaf, ...path]))
    return undefined;
  let [at, last, hash] = [index, size - 1, place.leaf];
  for (const other of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(other, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      hash = nodeHash(hash, other);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? hex(hash) : undefined;
}

/**
 * RFC 6962 §2.1.2: what leads from the root over the first `oldSize` leaves to that over the first `size`.
 * Nothing where the older tree is empty or the sizes are equal.
 */
export function consistencyPath(leafAt: LeafAt, oldSize: number, size: number): Buffer[] {
  assertSizes(oldSize, size);
  const path: Buffer[] = [];
  if (oldSize === 0) return path;
  let [from, to, isWhole] = [0, size, true];
  while (oldSize !== to) {
    const middle = from + splitOf(to - from);
    if (oldSize <= middle) {
      path.push(rangeRoot(leafAt, middle, to));
      to = middle;
    } else {
      path.push(rangeRoot(leafAt, from, middle));
      from = middle;
      isWhole = false;
    }
  }
  if (!isWhole) path.push(rangeRoot(leafAt, from, to));
  return path.reverse();
}

/** RFC 9162 §2.1.4.2: whether the path leads from the older root to the newer one. Never throws. */
export function verifyConsistency(claim: {
  readonly oldSize: number;
  readonly oldRoot: string;
  readonly size: number;
  readonly root: string;
  readonly path: readonly Uint8Array[];
}): boolean {
  const { oldSize, size, oldRoot, root } = claim;
  if (!areSizes(oldSize, size) || oldSize > size || !areHashes(claim.path)) return false;
  if (oldSize === 0 && oldRoot !== emptyRoot) return false;
  if (oldSize === size) return claim.path.length === 0 && oldRoot === root;
  if (oldSize === 0) return claim.path.length === 0;
  const path = isPowerOfTwo(oldSize) ? [Buffer.from(oldRoot, 'hex'), ...claim.path] : claim.path;
  const [first, ...rest] = path;
  if (first === undefined) return false;
  let [at, last] = [oldSize - 1, size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [before, after] = [first, first];
  for (const other of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      before = nodeHash(other, before);
      after = nodeHash(other, after);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      after = nodeHash(after, other);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && hex(before) === oldRoot && hex(after) === root;
}

function rangeRoot(leafAt: LeafAt, from: number, to: number): Buffer {
  const tree = new MerkleTree();
  for (let index = from; index < to; index++) tree.appendLeaf(Buffer.from(leafAt(index)));
  return Buffer.from(tree.root(), 'hex');
}

/** The largest power of two below `count`, which is at least 2. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function isPowerOfTwo(count: number): boolean {
  let rest = count;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
}

// Sizes go beyond the 32 bits of the bit operators.
const half = (count: number): number => Math.floor(count / 2);

const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');

const areSizes = (...sizes: readonly number[]): boolean =>
  sizes.every((size) => Number.isSafeInteger(size) && size >= 0);

const areHashes = (hashes: readonly Uint8Array[]): boolean =>
  hashes.every(({ length }) => length === 32);

function assertSizes(inner: number, size: number): void {
  if (areSizes(inner, size) && inner <= size) return;
  throw new RangeError(`no proof from ${inner} in a tree of ${size}`);
}
