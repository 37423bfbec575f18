import assert from 'node:assert/strict';
import { printable, printableJson, printableText } from '../../src/cli/printable.js';
import { painter } from '../../src/cli/style.js';
import { nearest } from '../../src/core/nearestText.js';
import { table } from '../../src/cli/table.js';
import { widthOf } from '../../src/cli/width.js';
import { shellWord } from '../../src/cli/words.js';

describe('printing for people', () => {
  it('escapes what could drive a terminal or hide text', () => {
    assert.equal(printable('a\u001b[31mb'), 'a\\u{1b}[31mb');
    assert.equal(printable('a\nb\tc\r'), 'a\\nb\\tc\\r');
    assert.equal(printable('\u009b\u0007\u007f'), '\\u{9b}\\u{7}\\u{7f}');
    assert.equal(printable('x\u202egnp.\u2066'), 'x\\u{202e}gnp.\\u{2066}');
    assert.equal(printable('\u{e0041}\ud800\u2028\u200b'), '\\u{e0041}\\u{d800}\\u{2028}\\u{200b}');
  });

  it('leaves ordinary text of any script alone', () => {
    const texts = ['Ответ врача', 'トリアージ', 'Ünïcödé é', '👩‍⚕️ ok', 'می‌خواهم'];
    for (const text of texts) assert.equal(printable(text), text);
  });

  it('keeps lines and tabs of a prompt, and shows a lone carriage return', () => {
    assert.equal(printableText('a\r\nb\tc\nd\re\u001b'), 'a\nb\tc\nd\\re\\u{1b}');
  });

  it('writes JSON that reads back the same and holds no control character', () => {
    const value = { path: 'a\u001b\u202e\u{e0041}\u2028\ud800 "b"\n', list: ['ж'] };
    const text = printableJson(value);
    assert.deepEqual(JSON.parse(text), value);
    for (const bad of ['\u001b', '\u202e', '\u2028', '\u{e0041}']) assert.ok(!text.includes(bad));
  });

  it('lines columns up by what a terminal shows', () => {
    assert.equal(widthOf('トリ'), 4);
    assert.equal(widthOf('é'), 1);
    const text = table(
      [
        ['トリ', 'x'],
        ['ab', { text: 'y', colour: 'red' }],
        ['a', ''],
      ],
      { paint: painter(false), head: ['ONE', 'TWO'], indent: 1 },
    );
    assert.equal(text, ' ONE   TWO\n トリ  x\n ab    y\n a\n');
  });

  it('colours only where colours are shown', () => {
    assert.equal(painter(false)('red', 'x'), 'x');
    assert.equal(painter(true)('red', 'x'), '\u001b[31mx\u001b[39m');
  });

  it('quotes an argument for a shell', () => {
    assert.equal(shellWord('prompts/a@b.md'), 'prompts/a@b.md');
    assert.equal(shellWord(`it's a`), `'it'\\''s a'`);
  });

  it('suggests what was most likely meant', () => {
    const names = ['approve', 'reject', 'request-changes', 'status', 'sync', 'show'];
    assert.equal(nearest('aprove', names), 'approve');
    assert.equal(nearest('staus', names), 'status');
    assert.equal(nearest('req', names), 'request-changes');
    assert.equal(nearest('snyc', names), 'sync');
    assert.equal(nearest('deploy', names), undefined);
  });
});
