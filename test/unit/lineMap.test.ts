import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lineMap, linesOf, placeOf } from '../../src/core/lineMap.js';

/** Where lines of `older` stand in `newer`: `3-4`, with ~ before it where that is only the nearest place. */
function place(older: string, newer: string, line: number, endLine = line): string {
  const found = placeOf(lineMap(older, newer), { line, endLine });
  return `${found.kept ? '' : '~'}${found.line}-${found.endLine}`;
}

/** The most lines that can stand in both texts in the same order, by the table that everybody knows. */
function mostCommon(one: readonly string[], other: readonly string[]): number {
  let row = new Array<number>(other.length + 1).fill(0);
  for (const line of one) {
    const next = [0];
    for (const [at, there] of other.entries())
      next.push(line === there ? row[at]! + 1 : Math.max(row[at + 1]!, next[at]!));
    row = next;
  }
  return row.at(-1)!;
}

describe('where lines of an older text stand in a newer one', () => {
  const text = 'role\n\ntask\nrules\nexamples\n';

  it('counts lines as editors do, whatever ends them', () => {
    assert.deepEqual(linesOf('a\r\nb\rc\n'), ['a', 'b', 'c']);
    assert.deepEqual(linesOf(''), ['']);
    assert.deepEqual(linesOf('\ufeffa'), ['a']);
    assert.deepEqual(linesOf('a\n\n'), ['a', '']);
    assert.equal(place('a\nb\n', 'a\r\nb', 2), '2-2');
  });

  it('follows unchanged lines up and down', () => {
    assert.equal(place(text, text, 3, 4), '3-4');
    assert.equal(place(text, `new\n${text}`, 3, 4), '4-5');
    assert.equal(place(text, 'task\nrules\n', 3, 4), '1-2');
    assert.equal(place(text, text.replace('examples', 'other'), 3, 4), '3-4');
  });

  it('says where changed, removed and divided lines were', () => {
    assert.equal(place(text, text.replace('task', 'duty'), 3), '~3-3');
    assert.equal(place(text, text.replace('task\n', ''), 3), '~2-2');
    assert.equal(place(text, text.replace('role\n\ntask\n', ''), 1, 3), '~1-1');
    assert.equal(place(text, text.replace('task\n', 'task\nmore\n'), 3, 4), '~3-5');
    assert.equal(place(text, text.replace('rules', 'law'), 3, 4), '~3-3');
    assert.equal(place(text, '', 5), '~1-1');
    assert.equal(place('one', 'two', 1), '~1-1');
  });

  it('has an answer for lines that the older text does not have', () => {
    assert.equal(place(text, text, 77, 99), '5-5');
    assert.equal(place(text, text, 4, 2), '4-4');
  });

  it('keeps as many lines as can be kept, each with its own text and in order', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', '}'), { maxLength: 14 });
    fc.assert(
      fc.property(lines, lines, (one, other) => {
        const [older, newer] = [one.join('\n'), other.join('\n')];
        const [from, into] = [linesOf(older), linesOf(newer)];
        const { to, count } = lineMap(older, newer);
        assert.equal(to.length, from.length);
        assert.equal(count, into.length);
        const kept = [...to.entries()].filter(([, line]) => line !== 0);
        assert.equal(kept.length, mostCommon(from, into));
        for (const [at, line] of kept) assert.equal(from[at], into[line - 1]);
        for (const [at, [, line]] of kept.entries()) if (at > 0) assert.ok(line > kept[at - 1]![1]);
      }),
      { numRuns: 2000 },
    );
  });

  it('places every range inside the newer text, and calls it kept only where it reads the same', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, fc.nat(12), fc.nat(12), (one, other, first, more) => {
        const map = lineMap(one.join('\n'), other.join('\n'));
        const line = Math.min(first + 1, one.length);
        const endLine = Math.min(line + more, one.length);
        const found = placeOf(map, { line, endLine });
        assert.ok(1 <= found.line && found.line <= found.endLine && found.endLine <= other.length);
        const before = one.slice(line - 1, endLine);
        const now = other.slice(found.line - 1, found.endLine);
        if (found.kept) assert.deepEqual(now, before);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not take for ever for two long texts that have nothing in common', () => {
    const long = (word: string): string =>
      Array.from({ length: 60_000 }, (_, at) => `${word} ${at}`).join('\n');
    const map = lineMap(`same\n${long('x')}\nend`, `same\n${long('y')}\nend`);
    assert.deepEqual([map.to[0], map.to[1], map.to.at(-1)], [1, 0, 60_002]);
    assert.deepEqual(placeOf(map, { line: 500, endLine: 501 }), {
      line: 500,
      endLine: 501,
      kept: false,
    });
  });
});
