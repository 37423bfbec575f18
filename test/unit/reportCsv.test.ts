import assert from 'node:assert/strict';
import type { PersonRef } from '../../src/core/rows.js';
import { csvHead, csvLine } from '../../src/report/csv.js';
import { parts } from '../../src/report/parts.js';
import { parseSums, sumsText } from '../../src/report/sums.js';
import { column } from '../../src/report/table.js';

const columns = [column('a', 'A', 'text', 'First.'), column('b', 'B', 'text', 'Second.')];
const line = (a: unknown, b: unknown = 'x'): string =>
  csvLine(columns, { a, b } as Parameters<typeof csvLine>[1]);

describe('CSV of an export', () => {
  it('follows RFC 4180', () => {
    assert.equal(csvHead(columns), 'a,b\r\n');
    assert.equal(line('plain', 'two words'), 'plain,two words\r\n');
    assert.equal(line('a,b', 'say "no"'), '"a,b","say ""no"""\r\n');
    assert.equal(line('two\nlines', null), '"two\nlines",\r\n');
  });

  it('runs nothing in a spreadsheet', () => {
    for (const text of [
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '  =1',
      '＝1',
      '\u200b=1',
      '\u202e=1',
    ])
      assert.match(line(text), /^"?'/u, JSON.stringify(text));
    // In a spreadsheet that takes `;` for the separator the rest would be a cell of its own.
    assert.equal(line('x', 'y;=1+1'), 'x,"y;=1+1"\r\n');
    const person = { id: 'p', name: '=cmd()', email: 'a@b.example' } as unknown as PersonRef;
    assert.match(line(person), /^'=cmd/u);
    assert.match(line([person]), /^'=cmd/u);
  });

  it('leaves numbers as they are', () => {
    assert.equal(line(-300, 0), '-300,0\r\n');
    assert.equal(line(true, null), 'true,\r\n');
  });

  it('shows what would hide or turn round text', () => {
    assert.equal(line('a\u202eb\u0000c\u200bd'), 'a\\u{202e}b\\u{0}c\\u{200b}d,x\r\n');
    assert.equal(line('العربية 👩‍⚕️'), 'العربية 👩‍⚕️,x\r\n');
  });
});

describe('files of an export', () => {
  it('go on in another one when they are full, each with the head', () => {
    const made = [...parts('tables/a.csv', ['1\n', '2\n', '3\n'], { head: 'n\n', most: 6 })];
    assert.deepEqual(
      made.map(({ path, bytes, rows }) => [path, Buffer.from(bytes).toString(), rows]),
      [
        ['tables/a.csv', 'n\n1\n2\n', 2],
        ['tables/a-002.csv', 'n\n3\n', 1],
      ],
    );
  });

  it('are there when they are empty', () => {
    const [only, ...more] = [...parts('events.jsonl', [])];
    assert.equal(only?.bytes.length, 0);
    assert.equal(more.length, 0);
  });

  it('have sums that can be read back, and nothing else can', () => {
    const files = [
      { path: 'b.txt', sha256: 'b'.repeat(64) },
      { path: 'a/c.txt', sha256: 'a'.repeat(64) },
    ];
    const text = sumsText(files);
    assert.equal(text, `${'a'.repeat(64)}  a/c.txt\n${'b'.repeat(64)}  b.txt\n`);
    assert.deepEqual(parseSums(text), [files[1], files[0]]);
    for (const bad of [
      'x',
      `${'a'.repeat(64)}  ../x\n`,
      `${'a'.repeat(64)}  /etc/x\n`,
      `${'a'.repeat(64)} x\n`,
    ])
      assert.equal(parseSums(bad), null, bad);
  });
});
