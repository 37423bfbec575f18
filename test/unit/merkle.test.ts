import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatCheckpoint, parseCheckpoint } from '../../src/core/checkpoint.js';
import { leafHash, MerkleTree, nodeHash } from '../../src/core/merkle.js';
import { sha256 } from '../../src/core/hash.js';
import type { LedgerId } from '../../src/core/ids.js';

/** The root over `leaves` in their order, 64 lower-case hex digits. */
function merkleRoot(leaves: Iterable<Uint8Array | string>): string {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}

// Leaves and roots of the Certificate Transparency reference implementation (RFC 6962 test data).
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('Merkle tree (RFC 6962)', () => {
  it('has the root of SHA-256 over nothing when it is empty', () => {
    assert.equal(
      merkleRoot([]),
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it('gives the published roots', () => {
    const tree = new MerkleTree();
    for (const [i, leaf] of leaves.entries()) {
      tree.append(Buffer.from(leaf, 'hex'));
      assert.equal(tree.root(), roots[i]);
    }
  });

  it('equals the recursive definition for any number of leaves', () => {
    const define = (data: readonly string[]): Buffer => {
      if (data.length === 0) return sha256('');
      if (data.length === 1) return leafHash(data[0]!);
      const k = 2 ** Math.ceil(Math.log2(data.length) - 1);
      return nodeHash(define(data.slice(0, k)), define(data.slice(k)));
    };
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 70 }), (data) => {
        assert.equal(merkleRoot(data), define(data).toString('hex'));
      }),
    );
  });
});

describe('checkpoint', () => {
  const point = { id: 'ab'.repeat(16) as LedgerId, size: 8, root: roots[7]! };

  it('is three lines: origin, size, root', () => {
    assert.equal(
      formatCheckpoint(point),
      `prompt-audit/${'ab'.repeat(16)}\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n`,
    );
  });

  it('reads back what it wrote, and nothing else', () => {
    const text = formatCheckpoint(point);
    assert.deepEqual(parseCheckpoint(text), point);
    for (const wrong of [
      text.slice(0, -1),
      `${text}x`,
      text.replace('\n8\n', '\n08\n'),
      '',
      text.replace('=', ''),
    ]) {
      assert.equal(parseCheckpoint(wrong), undefined);
    }
  });
});
