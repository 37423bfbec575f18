import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { canonicalJson, parseCanonicalJson } from '../../src/core/canonicalJson.js';
import { isPromptAuditError } from '../../src/core/errors.js';
import { projectRoot } from '../tools/paths.js';

const read = (name: string): string =>
  readFileSync(join(projectRoot, 'test/vectors/jcs', name), 'utf8');

/** Why a value is outside of what a ledger may hold (docs/LEDGER.md, "Canonical JSON"); null for what is not. */
const refusals: Readonly<Record<string, string | null>> = {
  arrays: null,
  french: null,
  structures: null,
  unicode: null,
  values: 'the number 333333333.3333333',
  weird: null,
};

describe('published vectors of canonical JSON', () => {
  for (const [name, refusal] of Object.entries(refusals)) {
    const input = read(`${name}.input.json`);
    const output = read(`${name}.output.json`);
    const value = JSON.parse(input) as never;

    it(`${name}: ${refusal === null ? 'the bytes are those of the vector' : 'refused'}`, () => {
      assert.equal(canonicalize(value), output);
      assert.equal(parseCanonicalJson(input), undefined);
      if (refusal === null) {
        assert.equal(canonicalJson(value), output);
        assert.deepEqual(parseCanonicalJson(output), value);
        return;
      }
      assert.throws(
        () => canonicalJson(value),
        (e) => isPromptAuditError(e, 'event.invalid') && e.message.includes(refusal),
      );
      assert.equal(parseCanonicalJson(output), undefined);
    });
  }

  const numbers = JSON.parse(read('numbers.json')) as [string, string | null][];
  it('numbers of RFC 8785, appendix B: safe integers as there, all others refused', () => {
    let taken = 0;
    for (const [bits, text] of numbers) {
      const number = Buffer.from(bits, 'hex').readDoubleBE();
      if (text !== null) assert.equal(canonicalize(number), text, bits);
      if (Number.isSafeInteger(number) && bits !== '8000000000000000') {
        assert.equal(canonicalJson([number]), `[${text}]`);
        assert.deepEqual(parseCanonicalJson(`[${text}]`), [number]);
        taken++;
        continue;
      }
      assert.throws(
        () => canonicalJson([number]),
        (e) => isPromptAuditError(e, 'event.invalid') && e.message.includes(`number ${number}`),
        bits,
      );
      if (text !== null && text !== '0')
        assert.equal(parseCanonicalJson(`[${text}]`), undefined, bits);
    }
    assert.equal(taken, 1);
    for (const edge of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])
      assert.equal(canonicalJson([edge]), `[${edge}]`);
  });
});
