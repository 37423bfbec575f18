import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { textDiff } from '../../src/core/textDiff.js';
import type { Block, ReportDocument } from '../../src/report/document.js';
import { reportHtml } from '../../src/report/html/page.js';
import { mostRows } from '../../src/report/html/table.js';
import { column } from '../../src/report/table.js';

const hostile = `<script>alert(1)</script>"'&<img src=x onerror=alert(1)>\u202e\u0007\u2028\ud800 javascript:alert(1)`;

function page(blocks: readonly Block[], text = 'Title'): string {
  const document: ReportDocument = {
    title: text,
    subtitle: text,
    tool: text,
    cover: [
      { name: text, value: text },
      { name: text, value: text, isCode: true },
    ],
    sections: [{ id: 'one', title: text, blocks }],
  };
  return reportHtml(document);
}

const table = (rows: readonly Record<string, unknown>[]): Block => ({
  kind: 'table',
  empty: hostile,
  table: {
    name: 't',
    title: hostile,
    about: hostile,
    columns: ['text', 'digest', 'event', 'time', 'codes', 'person'].map((kind) =>
      column(kind, hostile, kind as 'text', hostile),
    ),
    rows: rows as never,
  },
});

const everything: readonly Block[] = [
  { kind: 'text', text: hostile },
  { kind: 'list', items: [hostile] },
  { kind: 'facts', facts: [{ name: hostile, value: hostile }] },
  { kind: 'status', tone: 'bad', title: hostile, text: hostile },
  { kind: 'numbers', numbers: [{ name: hostile, count: 1, tone: 'plain' }] },
  { kind: 'code', label: hostile, text: hostile },
  table([
    {
      text: hostile,
      digest: hostile,
      event: hostile,
      time: hostile,
      codes: [hostile],
      person: { id: 'x', name: hostile, email: hostile },
    },
  ]),
  table([]),
  { kind: 'diff', label: hostile, diff: textDiff(`a\n${hostile}`, `b\n${hostile} ${hostile}`) },
  { kind: 'sub', title: hostile, blocks: [{ kind: 'text', text: hostile }] },
];

describe('the HTML of a report', () => {
  it('takes no text of the ledger for markup', () => {
    const html = page(everything, hostile);
    const known =
      /^\/?(html|head|meta|title|style|body|header|nav|main|section|footer|h[1-6]|p|b|bdi|br|span|div|dl|dt|dd|ol|ul|li|a|table|caption|thead|tbody|tr|th|td|code|pre|ins|del)$/u;
    const tags = html.replace(/<style>[\s\S]*?<\/style>/u, '').matchAll(/<([^\s>]*)([^>]*)>/gu);
    for (const [whole, tag = '', attributes = ''] of tags) {
      if (tag === '!doctype') continue;
      assert.match(tag, known, whole);
      // What stands in quotes is no attribute.
      const names = attributes.replace(/="[^"]*"/gu, '=');
      assert.match(names, /^(\s[a-z-]+=)*$/u, whole);
      assert.doesNotMatch(names, /\s(on\w+|src|style)=/iu, whole);
    }
    assert.doesNotMatch(html, /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}]/u);
    assert.ok(html.includes('\\u{202e}'));
  });

  it('has no script and takes nothing from outside, and says so to the browser', () => {
    const html = page(everything);
    assert.doesNotMatch(html, /<script|<link|<img|<iframe|<object|<form|url\(|@import|https?:/iu);
    for (const [, target = ''] of html.matchAll(/href="([^"]*)"/gu)) assert.match(target, /^#/u);
    const style = /<style>([\s\S]*?)<\/style>/u.exec(html)![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    assert.ok(
      html.includes(
        `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
      ),
    );
  });

  it('is the same for the same document', () => {
    assert.equal(page(everything), page(everything));
  });

  it('shows so many rows, and says how many there are', () => {
    const rows = Array.from({ length: mostRows + 5 }, (_, at) => ({ text: `row ${at}` }));
    const html = page([table(rows)]);
    assert.equal(html.match(/<tr>/gu)?.length, mostRows + 1);
    assert.ok(html.includes(`The first ${mostRows} of ${mostRows + 5} rows`));
  });

  it('marks the words that changed, not whole lines that are new', () => {
    const html = page([
      {
        kind: 'diff',
        label: 'Diff',
        diff: textDiff('Give a dose.\n', 'Give no dose.\nAsk first.\n'),
      },
    ]);
    assert.match(html, /<del>a<\/del>/u);
    assert.match(html, /<ins>no<\/ins>/u);
    assert.doesNotMatch(html, /<ins>Ask first/u);
    assert.match(html, /1 line removed, 2 added/u);
  });

  it('cuts a long diff, and long lines, and says so', () => {
    const before = Array.from({ length: 3000 }, (_, at) => `line ${at}`).join('\n');
    const after = Array.from({ length: 3000 }, (_, at) => `other ${at}`).join('\n');
    const html = page([
      { kind: 'diff', label: 'Diff', diff: textDiff(before, `${after}\n${'x'.repeat(100_000)}`) },
    ]);
    assert.ok(html.includes('the rest is cut here'));
    assert.ok(html.length < 200_000);
  });
});
