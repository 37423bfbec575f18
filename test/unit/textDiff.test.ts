import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CollapsedText } from '../../src/core/collapsedText.js';
import { linesOf } from '../../src/core/lineMap.js';
import { textDiff, unseenDifferences, type DiffLine } from '../../src/core/textDiff.js';
import { commonShare, wordCounts, wordsOf } from '../../src/core/words.js';

/** `-a [b]`: a removed line of which `b` changed. */
const shown = ({ kind, spans }: DiffLine): string =>
  ({ same: ' ', removed: '-', added: '+' })[kind] +
  spans.map(({ text, isChanged }) => (isChanged ? `[${text}]` : text)).join('');
const shownAll = (older: string, newer: string): string[] =>
  textDiff(older, newer, Infinity).lines.map(shown);

describe('differences of texts', () => {
  it('are lines, with the words marked that changed inside them', () => {
    assert.deepEqual(
      shownAll(
        'You help.\nThe refund limit is 50 euros.\nBye.\n',
        'You help.\nThe refund limit is 75 euros.\nBye.\n',
      ),
      [
        ' You help.',
        '-The refund limit is [50] euros.',
        '+The refund limit is [75] euros.',
        ' Bye.',
      ],
    );
  });

  it('mark words over lines that were broken anew', () => {
    assert.deepEqual(shownAll('one two three\nfour five', 'one two\nthree four six'), [
      '-one two three',
      '-four [five]',
      '+one two',
      '+three four [six]',
    ]);
  });

  it('mark nothing where hardly a word stayed', () => {
    assert.deepEqual(shownAll('a b c d', 'w x y z'), ['-[a b c d]', '+[w x y z]']);
    assert.deepEqual(shownAll('', 'new\ntext'), ['+[new]', '+[text]']);
    assert.deepEqual(shownAll('old', ''), ['-[old]']);
    assert.deepEqual(shownAll('', ''), []);
  });

  it('leave out lines that are far from any', () => {
    const numbers = Array.from({ length: 30 }, (_, n) => `line ${n + 1}`);
    const newer = numbers.with(9, 'other').with(20, 'another').join('\n');
    assert.deepEqual(
      textDiff(numbers.join('\n'), newer).lines.map(({ newLine, oldLine }) => newLine ?? -oldLine!),
      [7, 8, 9, -10, 10, 11, 12, 13, 18, 19, 20, -21, 21, 22, 23, 24],
    );
    assert.deepEqual(textDiff('a\nb', 'a\nb').lines, []);
    const { lines, unseen } = textDiff('a\nb\n', 'a\r\nb\r\n');
    assert.deepEqual([lines, unseen], [[], ['line-ends']]);
  });

  it('are told beside lines', () => {
    assert.deepEqual(unseenDifferences('a\nb\n', 'a\r\nb\r\n'), ['line-ends']);
    assert.deepEqual(unseenDifferences('a\nb\n', 'a\nb'), ['final-newline']);
    assert.deepEqual(unseenDifferences('a\nb\n', '\ufeffa\rb'), [
      'byte-order-mark',
      'line-ends',
      'final-newline',
    ]);
    assert.deepEqual(unseenDifferences('a\nb\r\nc\n', 'a\r\nb\nc\n'), ['line-ends']);
    assert.deepEqual(unseenDifferences('a\n', 'b\n'), []);
    assert.deepEqual(unseenDifferences('', 'a\nb\n'), []);
    assert.deepEqual(unseenDifferences('a', 'a\nb'), []);
    const { lines, unseen } = textDiff('a\nb\n', 'a\r\nb\r\n', Infinity);
    assert.deepEqual([lines.map(shown), unseen], [[' a', ' b'], ['line-ends']]);
  });

  it('give both texts back, whatever they are', () => {
    const line = fc.stringMatching(/^[ab é漢\u{1f600}.]{0,6}$/u);
    const text = fc.array(line, { maxLength: 8 }).map((all) => all.join('\n'));
    fc.assert(
      fc.property(text, text, (older, newer) => {
        const { lines, removed, added } = textDiff(older, newer, Infinity);
        const side = (kind: 'removed' | 'added'): string[] =>
          lines
            .filter((one) => one.kind === 'same' || one.kind === kind)
            .map(({ spans }) => spans.map((span) => span.text).join(''));
        assert.deepEqual(side('removed'), older === '' ? [] : linesOf(older));
        assert.deepEqual(side('added'), newer === '' ? [] : linesOf(newer));
        const numbers = (key: 'oldLine' | 'newLine'): number[] =>
          lines.flatMap((one) => one[key] ?? []);
        assert.deepEqual(
          numbers('oldLine'),
          side('removed').map((_, at) => at + 1),
        );
        assert.deepEqual(
          numbers('newLine'),
          side('added').map((_, at) => at + 1),
        );
        assert.equal(removed, lines.filter(({ kind }) => kind === 'removed').length);
        assert.equal(added, lines.filter(({ kind }) => kind === 'added').length);
      }),
    );
  });

  it('of hostile texts end, and say when they are not exact', function () {
    this.timeout(20_000);
    const many = (of: (n: number) => string): string =>
      Array.from({ length: 60_000 }, (_, n) => of(n)).join('\n');
    const all = textDiff(
      many((n) => `a${n}`),
      many((n) => `b${n}`),
    );
    assert.equal(all.isExact, false);
    assert.equal(all.removed, 60_000);
    // Many places, each with long lines of which half the words changed.
    const long = (word: string): string =>
      Array.from({ length: 900 }, (_, n) => `same\n${`${n} ${word} `.repeat(400)}`).join('\n');
    assert.equal(textDiff(long('x'), long('y')).isExact, true);
  });
});

describe('words', () => {
  it('are the text again, and count by character where no space stands between them', () => {
    for (const text of ['Ein Wort, zwei\t 漢字かな ไทย\n\ud800é️👩‍💻', '', ' \n ', 'e\u0301x'])
      assert.equal(wordsOf(text).join(''), text);
    assert.deepEqual(wordsOf('the limit漢字 x'), ['the', ' ', 'limit', '漢', '字', ' ', 'x']);
  });

  it('are shared as a part of both texts', () => {
    const share = (one: string, other: string): number =>
      commonShare(wordCounts(wordsOf(one)), wordCounts(wordsOf(other)));
    assert.equal(share('a b', 'b  a'), 1);
    assert.equal(share('a a', 'a b'), 0.5);
    assert.equal(share('a', 'b'), 0);
    assert.equal(share('', ' '), 1);
  });
});

describe('texts whose white space does not count', () => {
  const places = (text: string, part: string, anyCase = false) =>
    new CollapsedText(text, { anyCase }).placesOf(new CollapsedText(part, { anyCase }));

  it('say in which lines another stands', () => {
    const text = '# Title\n\n  The refund\n limit\tis 50.\nThe refund limit is new.\n';
    assert.deepEqual(places(text, 'refund limit'), [
      { line: 3, endLine: 4 },
      { line: 5, endLine: 5 },
    ]);
    assert.deepEqual(places(text, 'THE REFUND'), []);
    assert.deepEqual(places(text, 'THE REFUND', true).length, 2);
    assert.deepEqual(places(text, text), [{ line: 1, endLine: 5 }]);
    assert.deepEqual(places(text, ' \n '), []);
    assert.deepEqual(places('', 'a'), []);
    assert.deepEqual(places('İstan\nb', 'B', true), [{ line: 2, endLine: 2 }]);
  });
});
