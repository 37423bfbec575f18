import assert from 'node:assert/strict';
import type { AnswerRow, Column, QuestionAnswer } from '../../src/core/questions/question.js';
import { cellHtml, type CellWords } from '../../src/extension/ask/answerCell.js';
import { answerHtml, mostShownRows } from '../../src/extension/ask/answerPage.js';
import { askLinkOf } from '../../src/extension/ask/asking.js';
import { localTime } from '../../src/extension/ask/localTime.js';

const words: CellWords = {
  eventLink: (event) => `command:open?${event}`,
  eventHint: 'Open',
  yes: 'yes',
  no: 'no',
  time: (at) => ({ short: `short ${at}`, full: `full ${at}` }),
  duration: (milliseconds) => `${milliseconds} ms`,
  code: (code) => `because ${code}`,
};

const cell = (kind: Column['kind'], value: AnswerRow[string]): string =>
  cellHtml(words, { key: 'x', title: 'X', kind }, { x: value });

const person = { id: 'p', name: '<b>Mallory</b>', email: '"@x.example' } as never;

describe('cells of an answer', () => {
  it('show what the ledger says as text, with nothing hidden in it', () => {
    assert.equal(cell('text', '<img src=x>'), '<bdi>&lt;img src=x&gt;</bdi>');
    assert.equal(cell('text', 'a\u202eb'), '<bdi>a\\u{202e}b</bdi>');
    assert.equal(
      cell('person', person),
      '<bdi title="&quot;@x.example">&lt;b&gt;Mallory&lt;/b&gt;</bdi>',
    );
    assert.equal(cell('codes', ['<i>']), '<bdi>because &lt;i&gt;</bdi>');
    assert.equal(cell('digest', 'sha256:<b>'), '<code title="sha256:&lt;b&gt;">&lt;b&gt;</code>');
  });

  it('link only what is an event', () => {
    const id = 'ab'.repeat(32);
    assert.match(cell('event', id), /^<a href="command:open\?(ab){32}" title="Open">abababa<\/a>$/);
    assert.equal(cell('event', 'javascript:x'), '<bdi>javascript:x</bdi>');
  });

  it('say how many links are left out', () => {
    const ids = Array.from({ length: 20 }, () => 'cd'.repeat(32));
    assert.match(cell('events', ids), /, \+12$/);
  });

  it('are empty where there is nothing', () => {
    assert.equal(cell('text', null), '');
    assert.equal(cellHtml(words, { key: 'absent', title: '', kind: 'text' }, {}), '');
  });
});

describe('the page of an answer', () => {
  const column: Column = { key: 'x', title: 'X', kind: 'text' };
  const detail: Column = { key: 'y', title: 'Y', kind: 'text', isDetail: true };
  const page = (answer: Partial<QuestionAnswer>, unanswerable: string | null = null): string =>
    answerHtml({
      language: 'en',
      cspSource: 'https://csp.example',
      styles: ['https://csp.example/answer.css'],
      title: 'Who <did> it?',
      about: '',
      answer: {
        columns: [column, detail],
        rows: [],
        population: { of: 'deployments', count: 412 },
        areExceptions: true,
        caveats: [],
        ...answer,
      },
      words: {
        ...{ result: '0 of 412', basis: 'basis', again: 'again', caveats: 'mind', more: 'more' },
        ...{ cut: null, table: 'table', columns: new Map(), counts: [], unanswerable },
        caveatLines: answer.caveats ?? [],
      },
      again: 'command:again',
      cell: (_column, row) => JSON.stringify(row['x']),
    });

  it('has neither script nor style of its own, and lets none in', () => {
    const html = page({});
    assert.match(html, /default-src 'none'; style-src https:\/\/csp\.example; base-uri 'none'/);
    assert.doesNotMatch(html, /<script|style=|<style/);
    assert.match(html, /Who &lt;did&gt; it\?/);
  });

  it('says what was searched where nothing was found, and shows no empty table', () => {
    assert.match(page({}), /0 of 412/);
    assert.doesNotMatch(page({}), /<table/);
  });

  it('says why nothing can be answered instead of a count', () => {
    const html = page({}, 'Nobody records that.');
    assert.match(html, /Nobody records that\./);
    assert.doesNotMatch(html, /0 of 412/);
  });

  it('keeps columns of details behind each row, and caveats below', () => {
    const html = page({ rows: [{ x: 'a', y: 'b' }], caveats: ['Clocks are claims.'] });
    assert.equal(html.match(/<th scope="col">/g)?.length, 1);
    assert.match(html, /<details>.*<dt>Y<\/dt>/);
    assert.match(html, /Clocks are claims\./);
  });

  it('does not grow without end', () => {
    const rows = Array.from({ length: mostShownRows + 5 }, () => ({ x: 'a' }));
    assert.equal(page({ rows }).match(/<tr>/g)?.length, mostShownRows + 1);
  });
});

describe('the link that asks again', () => {
  it('is taken as far as an answer could have made it', () => {
    const link = { root: '/r', kind: 'actions', params: { actor: 'ana', count: 3 } };
    assert.deepEqual(askLinkOf(link), link);
    assert.deepEqual(askLinkOf({ ...link, asKnownAt: '2026-01-01T00:00:00.000Z', more: 1 }), {
      ...link,
      asKnownAt: '2026-01-01T00:00:00.000Z',
    });
  });

  it('is nothing else', () => {
    for (const other of [
      ...[null, undefined, 'x', [], { root: '/r', kind: 'actions' }],
      { root: '/r', kind: 'actions', params: { actor: 3 } },
      { root: '/r', kind: 'actions', params: { __proto__x: 'y' } },
      { root: 1, kind: 'actions', params: {} },
    ]) {
      assert.equal(askLinkOf(other), null);
    }
  });
});

describe('a moment that somebody types', () => {
  it('is local unless it says where', () => {
    assert.equal(localTime('2026-03-31T14:05Z'), '2026-03-31T14:05:00.000Z');
    assert.equal(localTime('2026-03-31 14:05+02:00'), '2026-03-31T12:05:00.000Z');
    assert.equal(localTime('2026-03-31'), new Date(2026, 2, 31).toISOString());
    assert.equal(localTime('2026-03-31 14:05'), new Date(2026, 2, 31, 14, 5).toISOString());
  });

  it('is none where the calendar has no such day', () => {
    for (const text of [
      '2026-02-30',
      '2026-13-01',
      '31 March',
      '2026-3-1',
      '2026-01-01 25:00',
      '',
    ]) {
      assert.equal(localTime(text), null, text);
    }
  });
});
