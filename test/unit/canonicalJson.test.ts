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

  for (const [open, middle, close] of [
    ['[', '', ']'],
    ['[', '1', ']'],
    ['{"a":', '{}', '}'],
    ['{"a":', '[]', '}'],
    ['{"a":', '"x"', '}'],
  ] as const) {
    it(`takes 16 levels and no 17th: ${open}${middle || ' '}${close}`, () => {
      const inner = /[[{]/.test(middle) ? 1 : 0;
      for (const levels of [15, 16, 17, 18]) {
        const count = levels - inner;
        const text = open.repeat(count) + middle + close.repeat(count);
        assert.equal(parseCanonicalJson(text) !== undefined, levels <= 16, `${levels} levels`);
        const write = () => canonicalJson(JSON.parse(text) as never);
        if (levels <= 16) assert.equal(write(), text);
        else assert.throws(write, (e) => isPromptAuditError(e, 'event.invalid'));
      }
    });
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

  describe('is taken for canonical exactly where writing it again gives the same text', () => {
    const agrees = (text: string): void => {
      let again: string | undefined;
      try {
        again = canonicalJson(JSON.parse(text) as never);
      } catch {
        again = undefined;
      }
      const parsed = parseCanonicalJson(text);
      assert.equal(parsed !== undefined, again === text, JSON.stringify(text));
      if (parsed !== undefined) assert.deepEqual(parsed, JSON.parse(text));
    };

    for (const text of [
      '{"10":1,"2":1}',
      '{"2":1,"10":1}',
      '{"1":1,"a":1}',
      '{"a":1,"1":1}',
      '{"__proto__":1}',
      '{"__proto__":{"a":1},"a":1}',
      '{"toJSON":1}',
      '{"a":-0}',
      '{"a":0}',
      '{"a":1e21}',
      '{"a":1e+21}',
      '{"a":1.5}',
      '{"a":9007199254740992}',
      '{"a":-9007199254740991}',
      '"\\u007f"',
      '"\u007f"',
      '"\\u2028"',
      '"\u2028"',
      '"\\u001f"',
      '"\\u001F"',
      '"\\u0000"',
      '"\\ud800"',
      '"\ud800"',
      '"\ud83d\\n\ude00"',
      '"\\ud83d\\ude00"',
      '"\u{1f600}"',
      '"\\/"',
      '"\\b\\f\\n\\r\\t\\\\\\""',
      '"\\\\u0061"',
      '{"\ufb33":1,"\u{1f600}":1}',
      '{"\u{1f600}":1,"\ufb33":1}',
      '{"a":1,"a":1}',
      '[ ]',
      '[]',
      '',
      'null',
      'undefined',
      '[1,]',
      '"[[[[[[[[[[[[[[[[[[[["',
      ...[15, 16, 17, 18].flatMap((depth) => [
        `${'['.repeat(depth)}${']'.repeat(depth)}`,
        `${'['.repeat(depth)}1${']'.repeat(depth)}`,
        `${'{"a":'.repeat(depth)}{}${'}'.repeat(depth)}`,
      ]),
    ]) {
      it(JSON.stringify(text), () => agrees(text));
    }

    const key = fc.oneof(fc.constantFrom('', '1', '10', '2', 'a', 'b', '__proto__'), fc.string());
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'binary' }),
        fc.constantFrom(null, true, 0, -1, 2 ** 53, 1e21, 0.5),
        fc.integer(),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(key, tie('any'), { maxKeys: 4 }),
      ),
    })).any;
    const change = fc.record({
      at: fc.nat(),
      drop: fc.nat(2),
      add: fc.constantFrom('', '"', ',', ' ', '0', '-', '\\u0061', '\\', '{', ']', 'e1', '\ud800'),
    });

    it('of any JSON', () => fc.assert(fc.property(fc.json({ maxDepth: 4 }), agrees)));

    it('of canonical texts with a change', () =>
      fc.assert(
        fc.property(value, fc.option(change), (of, changed) => {
          let text: string;
          try {
            text = canonicalJson(of as never);
          } catch {
            text = JSON.stringify(of);
          }
          if (changed === null) return agrees(text);
          const at = changed.at % (text.length + 1);
          agrees(text.slice(0, at) + changed.add + text.slice(at + changed.drop));
        }),
        { numRuns: 1000 },
      ));
  });
});
