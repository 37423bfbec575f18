import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { leafHash, MerkleTree } from '../../src/core/merkle.js';
import {
  consistencyPath,
  inclusionPath,
  verifyConsistency,
  verifyInclusion,
} from '../../src/core/merkleProof.js';
import { projectRoot } from '../tools/paths.js';

interface Vector {
  readonly file: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

interface InclusionVector extends Vector {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
}

interface ConsistencyVector extends Vector {
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
}

function vectors<T extends Vector>(name: string): readonly T[] {
  const file = join(projectRoot, 'test', 'vectors', 'merkle', name);
  return JSON.parse(readFileSync(file, 'utf8')) as T[];
}

const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
const hex = (text: string): string => bytes(text).toString('hex');
const pathOf = ({ proof }: Vector): Buffer[] => (proof ?? []).map(bytes);

const most = 64;
const leaves = Array.from({ length: most }, (_, at) => leafHash(`leaf ${at}`));
const leafAt = (index: number): Buffer => leaves[index]!;
const roots = (() => {
  const tree = new MerkleTree();
  const all = [tree.root()];
  for (const leaf of leaves) {
    tree.appendLeaf(leaf);
    all.push(tree.root());
  }
  return all;
})();

describe('Merkle proofs: published vectors', () => {
  it('inclusion: transparency-dev/merkle', () => {
    const all = vectors<InclusionVector>('inclusion.json');
    assert.equal(all.length, 98);
    for (const vector of all) {
      const holds = verifyInclusion({
        leaf: bytes(vector.leafHash),
        index: vector.leafIdx,
        size: vector.treeSize,
        root: hex(vector.root),
        path: pathOf(vector),
      });
      assert.equal(holds, !vector.wantErr, vector.file);
    }
  });

  it('consistency: transparency-dev/merkle', () => {
    const all = vectors<ConsistencyVector>('consistency.json');
    assert.equal(all.length, 98);
    for (const vector of all) {
      const holds = verifyConsistency({
        oldSize: vector.size1,
        oldRoot: hex(vector.root1),
        size: vector.size2,
        root: hex(vector.root2),
        path: pathOf(vector),
      });
      // There a proof from nothing is an error; C2SP tlog-witness, which we follow, wants it empty.
      const fromNothing =
        vector.size1 === 0 &&
        vector.size2 > 0 &&
        pathOf(vector).length === 0 &&
        hex(vector.root1) === roots[0];
      assert.equal(holds, !vector.wantErr || fromNothing, vector.file);
    }
  });

  it('RFC 6962 §2.1.3: the proofs of the example tree have the lengths that it gives', () => {
    const lengths = [0, 3, 4, 6].map((index) => inclusionPath(leafAt, index, 7).length);
    assert.deepEqual(lengths, [3, 3, 3, 2]);
    assert.deepEqual(
      [3, 4, 6].map((size) => consistencyPath(leafAt, size, 7).length),
      [4, 1, 3],
    );
  });
});

describe('Merkle proofs: every size up to 64', () => {
  it('every inclusion proof holds, and for no other index, size or leaf', () => {
    for (let size = 1; size <= most; size++) {
      for (let index = 0; index < size; index++) {
        const path = inclusionPath(leafAt, index, size);
        const claim = { leaf: leafAt(index), index, size, root: roots[size]!, path };
        assert.ok(verifyInclusion(claim), `${index} of ${size}`);
        const wrong = (changes: object): boolean => verifyInclusion({ ...claim, ...changes });
        assert.ok(!wrong({ leaf: leafHash('another') }));
        assert.ok(!wrong({ index: index + 1 }));
        assert.ok(!wrong({ root: roots[size - 1] }));
        assert.ok(!wrong({ path: [...path, leafAt(0)] }));
        if (path.length > 0) assert.ok(!wrong({ path: path.slice(1) }));
        if (path.length > 0) assert.ok(!wrong({ path: path.slice(0, -1) }));
      }
    }
  });

  it('every consistency proof holds, and for no other pair of roots', () => {
    for (let size = 0; size <= most; size++) {
      for (let oldSize = 0; oldSize <= size; oldSize++) {
        const path = consistencyPath(leafAt, oldSize, size);
        const claim = { oldSize, oldRoot: roots[oldSize]!, size, root: roots[size]!, path };
        assert.ok(verifyConsistency(claim), `${oldSize} to ${size}`);
        const wrong = (changes: object): boolean => verifyConsistency({ ...claim, ...changes });
        assert.ok(!wrong({ oldRoot: leafHash('x').toString('hex') }), `${oldSize} to ${size}`);
        assert.ok(!wrong({ path: [...path, leafAt(0)] }));
        if (oldSize === 0) continue;
        assert.ok(!wrong({ root: leafHash('x').toString('hex') }), `${oldSize} to ${size}`);
        if (path.length > 0) assert.ok(!wrong({ path: path.slice(1) }));
        if (path.length > 0) assert.ok(!wrong({ path: path.slice(0, -1) }));
      }
    }
  });

  it('one flipped bit of any hash breaks a proof', () => {
    const place = fc.integer({ min: 2, max: most }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        index: fc.integer({ min: 0, max: size - 1 }),
        at: fc.nat(),
        bit: fc.integer({ min: 0, max: 255 }),
      }),
    );
    const flipped = (path: readonly Buffer[], at: number, bit: number): Buffer[] => {
      const copy = path.map((hash) => Buffer.from(hash));
      copy[at % copy.length]![bit >> 3]! ^= 1 << (bit & 7);
      return copy;
    };
    fc.assert(
      fc.property(place, ({ size, index, at, bit }) => {
        const root = roots[size]!;
        const path = flipped(inclusionPath(leafAt, index, size), at, bit);
        assert.ok(!verifyInclusion({ leaf: leafAt(index), index, size, root, path }));
        if (index === 0) return;
        const between = flipped(consistencyPath(leafAt, index, size), at, bit);
        const claim = { oldSize: index, oldRoot: roots[index]!, size, root };
        assert.ok(!verifyConsistency({ ...claim, path: between }));
      }),
    );
  });

  it('numbers that are none, too large or negative prove nothing', () => {
    const leaf = leafAt(0);
    for (const odd of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
      const root = roots[1]!;
      assert.ok(!verifyInclusion({ leaf, index: odd, size: 1, root, path: [] }));
      assert.ok(!verifyInclusion({ leaf, index: 0, size: odd, root, path: [] }));
      assert.ok(!verifyConsistency({ oldSize: odd, oldRoot: root, size: odd, root, path: [] }));
    }
  });
});
