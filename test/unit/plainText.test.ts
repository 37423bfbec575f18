import assert from 'node:assert/strict';
import { plainLine, plainText } from '../../src/extension/ui/plainText.js';

describe('what others wrote, as plain text', () => {
  it('shows what would hide or turn text round', () => {
    assert.equal(
      plainText('a\u202eb\u200bc\u0007\u2028\ud800'),
      'a\\u{202e}b\\u{200b}c\\u{7}\\u{2028}\\u{d800}',
    );
    assert.equal(plainText('one\r\ntwo\rthree\tfour'), 'one\ntwo\nthree\tfour');
    assert.equal(plainText('👩\u200d⚕️ שלום'), '👩\u200d⚕️ שלום');
    assert.equal(plainLine(' Ana\n\tAuthor '), 'Ana Author');
  });

  it('cuts what nobody reads', () => {
    assert.equal(plainText('x'.repeat(65_537)), `${'x'.repeat(65_536)}…`);
  });
});
