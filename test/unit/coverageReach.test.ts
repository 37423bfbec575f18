import assert from 'node:assert/strict';
import { RefReach, spreadBits, type CommitNode } from '../../src/core/coverageReach.js';
import { LogParser, type LoggedCommit, type LoggedFile } from '../../src/git/coverageLog.js';

/** 0 ── 1 ── 3 (merge of 1 and 2), 2 on 0; 4 on 2 alone; 5 is another root. */
const commits: readonly CommitNode[] = [[], [0], [0], [1, 2], [2], []].map((parents) => ({
  parents,
}));

describe('what commits lead to', () => {
  it('gives parents the bits of their children, and nobody else', () => {
    assert.deepEqual(
      [
        ...spreadBits(commits, [
          [3, 1],
          [4, 2],
        ]),
      ],
      [3, 1, 3, 1, 2, 0],
    );
    assert.deepEqual(
      [
        ...spreadBits(commits, [
          [1, 1],
          [0, 4],
          [1, 2],
        ]),
      ],
      [7, 3, 0, 0, 0, 0],
    );
  });

  it('names the first refs that lead to any of some commits', () => {
    const reach = new RefReach(commits, [3, 4, undefined, 5, 3], 3);
    assert.deepEqual(reach.refsOf([0]), [0, 1, 4]);
    assert.deepEqual(reach.refsOf([1]), [0, 4]);
    assert.deepEqual(reach.refsOf([4]), [1]);
    assert.deepEqual(reach.refsOf([5, 4]), [1, 3]);
    assert.deepEqual(reach.refsOf([5, 4, 1]), [0, 1, 3], 'no more than asked for');
    assert.deepEqual(reach.refsOf([]), []);
  });

  it('agrees with a plain search on random histories', () => {
    let seed = 7;
    const below = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
    for (let round = 0; round < 200; round++) {
      const nodes = Array.from({ length: 1 + below(30) }, (_, at): CommitNode => ({
        parents: at === 0 ? [] : [...new Set(Array.from({ length: below(4) }, () => below(at)))],
      }));
      const tips = Array.from({ length: below(8) }, () => below(nodes.length));
      const reach = new RefReach(nodes, tips, 8);
      for (const at of nodes.keys()) {
        const wanted = tips.flatMap((tip, ref) => (leadsTo(nodes, tip, at) ? [ref] : []));
        assert.deepEqual(reach.refsOf([at]), wanted);
      }
    }
  });
});

function leadsTo(nodes: readonly CommitNode[], from: number, to: number): boolean {
  return from === to || nodes[from]!.parents.some((parent) => leadsTo(nodes, parent, to));
}

describe('the output of git log', () => {
  const ids = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
  const blob = 'd'.repeat(40);
  const raw = (mode: string, path: string): string =>
    `:100644 ${mode} ${'0'.repeat(40)} ${blob} M\0${path}\0`;
  const text = Buffer.from(
    [
      `\x01${ids[0]} \0Ana\0ana@x\x000\0`,
      `\x01${ids[1]} ${ids[0]}\0:100644 x\0\0-86400\0`,
      `\n${raw('100644', 'a\n:100644 b.md')}${raw('120000', 'link.md')}${raw('000000', 'gone.md')}`,
      `\x01${ids[2]} ${ids[0]} ${ids[1]}\0\x01Zoë\0z@x\0\0`,
      `\n${raw('100755', '\x01tool.md')}${raw('100644', 'caf\xff.md')}${raw('160000', 'sub')}`,
    ].join(''),
    'latin1',
  );

  function read(pieces: readonly Buffer[]): [LoggedCommit[], LoggedFile[]] {
    const [found, files] = [[] as LoggedCommit[], [] as LoggedFile[]];
    const parser = new LogParser({
      commit: (commit) => void found.push(commit),
      file: (file) => void files.push(file),
    });
    for (const piece of pieces) parser.push(piece);
    parser.end();
    return [found, files];
  }

  it('is read alike in pieces of any size, whatever names hold', () => {
    const whole = read([text]);
    for (const size of [1, 2, 3, 7, 64])
      assert.deepEqual(read(inPieces(text, size)), whole, String(size));
    const [found, files] = whole;
    assert.deepEqual(
      found.map(({ parents }) => parents),
      [[], [ids[0]], [ids[0], ids[1]]],
    );
    assert.deepEqual(found[1]?.author, { name: ':100644 x', email: '' });
    assert.deepEqual([found[1]?.authoredAt, found[2]?.authoredAt], [-86400, NaN]);
    assert.deepEqual(
      files.map(({ path, shown }) => [path, shown]),
      [
        ['a\n:100644 b.md', 'a\n:100644 b.md'],
        ['\x01tool.md', '\x01tool.md'],
        [null, 'caf\ufffd.md'],
      ],
    );
  });

  it('is refused when it ends early, or is something else', () => {
    for (const length of [5, 60, text.length - 1])
      assert.throws(() => read([text.subarray(0, length)]), RangeError);
    assert.throws(() => read([Buffer.from('diff --git a/x b/x\0')]), RangeError);
  });
});

function inPieces(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}
