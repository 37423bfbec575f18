import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson, parseCanonicalJson } from '../../src/core/canonicalJson.js';
import { isPromptAuditError } from '../../src/core/errors.js';

describe('canonical JSON', () => {
  it('sorts members by UTF-16 code units and escapes as RFC 8785 says', () => {
    const value = { '\u20ac': 1, '\r': 2, '1': 3, '\u{1f600}': 4, '\u0080': 5, ö: 6, '\ufb33': 7 };
    assert.equal(canonicalJson(value), '{"\\r":2,"1":3,"\u0080":5,"ö":6,"€":1,"😀":4,"\ufb33":7}');
  });

  for (const [what, value] of [
    ['a fraction', 0.5],
    ['minus zero', -0],
    ['a number above 2^53', 2 ** 53],
    ['half of a surrogate pair', '\ud800'],
    ['NUL', 'a\0b'],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => canonicalJson({ value }),
        (e) => isPromptAuditError(e, 'event.invalid'),
      );
    });
  }

  for (const [what, text] of [
    ['a duplicate key', '{"a":1,"a":1}'],
    ['white space', '{"a": 1}'],
    ['unsorted members', '{"b":1,"a":1}'],
    ['another spelling of a number', '{"a":1e0}'],
    ['an escaped letter', '{"a":"\\u0061"}'],
    ['a rounded number', '{"a":9007199254740993}'],
    ['deep nesting', '['.repeat(100_000)],
  ] as const) {
    it(`does not take ${what} for canonical`, () =>
      assert.equal(parseCanonicalJson(text), undefined));
  }

  it('reads back what it wrote', () => {
    const json = fc.jsonValue({ maxDepth: 4 }).filter((v) => {
      try {
        canonicalJson(v as never);
        return true;
      } catch {
        return false;
      }
    });
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value as never);
        assert.deepEqual(parseCanonicalJson(text), JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
