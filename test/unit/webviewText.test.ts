import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fill } from '../../src/webview/fill.js';
import { iconOf } from '../../src/webview/icons.js';
import { commandOf } from '../../src/webview/keys.js';
import { noFilter, readSavedState } from '../../src/webview/savedState.js';
import { offsetText, timesIn } from '../../src/webview/times.js';
import { visibleLine, visibleText } from '../../src/webview/visibleText.js';

describe('webview: text of strangers', () => {
  it('shows characters that hide or reorder text', () => {
    assert.equal(visibleText('a\u202Eb'), 'a⟨U+202E⟩b');
    assert.equal(visibleText('a\u2066\u2069\u200B\uFEFF'), 'a⟨U+2066⟩⟨U+2069⟩⟨U+200B⟩⟨U+FEFF⟩');
    assert.equal(visibleText('x\u{E0041}y'), 'x⟨U+E0041⟩y');
    assert.equal(visibleText('\u001b[31m\u0000'), '⟨U+001B⟩[31m⟨U+0000⟩');
  });

  it('leaves honest text alone', () => {
    for (const text of ['héllo', 'שלום', 'مرحبا', '👩‍👩‍👧 ok', 'a\tb\nc', 'می‌خواهم', '<b>&amp;']) {
      assert.equal(visibleText(text), text);
    }
  });

  it('brings lines to one line', () => {
    assert.equal(visibleLine('a\r\n\tb\nc'), 'a b c');
  });

  it('fills templates without reading values as templates', () => {
    assert.equal(fill('{0} of {1} events', '{1}', '9'), '{1} of 9 events');
    assert.equal(fill('{2}', 'a'), '{2}');
  });
});

describe('webview: times', () => {
  const times = timesIn('en', 'UTC');
  const now = Date.parse('2026-11-21T12:00:00Z');

  it('says how long ago, in whole units', () => {
    assert.equal(times.relative('2026-11-21T11:59:30Z', now), 'now');
    assert.equal(times.relative('2026-11-21T11:58:30Z', now), '1 minute ago');
    assert.equal(times.relative('2026-11-21T09:00:01Z', now), '2 hours ago');
    assert.equal(times.relative('2026-11-19T13:00:00Z', now), '1 day ago');
    assert.equal(times.relative('2024-11-01T00:00:00Z', now), '2 years ago');
    assert.equal(times.relative('2026-11-21T14:00:00Z', now), 'in 2 hours');
  });

  it('prints what is no time as it is', () => {
    assert.equal(times.relative('yesterday-ish', now), 'yesterday-ish');
    assert.equal(times.full('yesterday-ish'), 'yesterday-ish');
  });

  it('uses full words', () => {
    assert.match(times.full('2026-11-21T11:59:30Z'), /Saturday, November 21, 2026/u);
    assert.equal(offsetText(330), 'UTC+05:30');
    assert.equal(offsetText(-480), 'UTC−08:00');
  });
});

describe('webview: keys', () => {
  const press = (key: string, focus: 'list' | 'text' | 'select' | 'other', modified = false) =>
    commandOf({ key, focus, modified });

  it('gives letters to text fields and selects', () => {
    assert.equal(press('d', 'text'), null);
    assert.equal(press('c', 'select'), null);
    assert.deepEqual(press('d', 'list'), { do: 'diff' });
    assert.deepEqual(press('c', 'other'), { do: 'copy' });
  });

  it('leaves modified keys to VS Code', () => {
    assert.equal(press('c', 'list', true), null);
    assert.equal(press('d', 'other', true), null);
  });

  it('moves in the list only', () => {
    assert.deepEqual(press('PageDown', 'list'), { do: 'move', by: 'page-down' });
    assert.equal(press('PageDown', 'other'), null);
    assert.equal(press('Enter', 'other'), null);
    assert.deepEqual(press('ArrowDown', 'text'), { do: 'move', by: 0 });
    assert.deepEqual(press('Escape', 'text'), { do: 'back' });
  });

  it('is not fooled by names of object members', () => {
    assert.equal(press('constructor', 'list'), null);
    assert.equal(press('toString', 'other'), null);
  });
});

describe('webview: saved state', () => {
  it('reads what it wrote', () => {
    const saved = {
      v: 1,
      filter: { text: 'x', prompt: 'a'.repeat(32), groups: ['edits', 'other'] },
      open: 'b'.repeat(64),
      top: null,
    };
    assert.deepEqual(readSavedState(saved), saved);
  });

  it('drops states of other versions and mends broken ones', () => {
    const empty = { v: 1, filter: noFilter, open: null, top: null };
    for (const value of [undefined, null, 7, 'x', [], { v: 2, filter: { text: 'x' } }, { v: 1 }]) {
      assert.deepEqual(readSavedState(value), empty);
    }
    const odd = { v: 1, filter: { text: 1, prompt: '../x', groups: ['nope'] }, open: 'z', top: {} };
    assert.deepEqual(readSavedState(odd), empty);
  });
});

describe('webview: icons', () => {
  it('has a glyph in the style sheet for each icon that the views name', () => {
    const css = readFileSync('media/timeline/codicons.css', 'utf8');
    const used = new Set<string>();
    const files = readdirSync('src/webview', { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const text = readFileSync(path.join('src/webview', file), 'utf8');
      for (const match of text.matchAll(
        /(?:icon: |icon\(|name: |\? |: |: \[(?=[^\]]*'tone-))'([a-z]+(?:-[a-z]+)*)'/gu,
      )) {
        const name = match[1] ?? '';
        if (css.includes(`.codicon-${name}::before`)) {
          used.add(name);
        }
        const certain = /^(?:icon: |icon\(|: \[)/u.test(match[0]);
        assert.ok(!certain || used.has(name), `${file} uses ${name}, codicons.css lacks it`);
      }
    }
    assert.ok(used.size > 30);
  });

  it('knows decisions from their variant, and strange types', () => {
    assert.equal(iconOf('review.decided', 'approved').tone, 'good');
    assert.equal(iconOf('deployment.recorded', 'rollback').name, 'discard');
    assert.equal(iconOf('future.type', null).name, 'question');
    assert.equal(iconOf('constructor', null).name, 'question');
  });
});
