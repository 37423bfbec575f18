import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  formatConsistencyProof,
  parseConsistencyProof,
  type ConsistencyProof,
} from '../../src/core/consistencyProof.js';
import { formatTlogProof, parseTlogProof, type TlogProof } from '../../src/core/tlogProof.js';

// The example of C2SP tlog-proof, with an extra that is base64 (the printed one is cut) and whole signatures left out.
const example = `c2sp.org/tlog-proof@v1
extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=
`;

// The example of C2SP tlog-witness.
const request = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\u2014 example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`;

const lineOfHash = 'gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n';

function proofOf(text: string): TlogProof {
  const proof = parseTlogProof(text);
  assert.ok(typeof proof !== 'string', problemOf(proof));
  return proof;
}

function consistencyOf(text: string): ConsistencyProof {
  const proof = parseConsistencyProof(text);
  assert.ok(typeof proof !== 'string', problemOf(proof));
  return proof;
}

const problemOf = (result: unknown): string => (typeof result === 'string' ? result : 'none');

describe('C2SP tlog-proof', () => {
  it('reads the example of the specification, and writes it again', () => {
    const proof = proofOf(example);
    assert.equal(proof.index, 73894);
    assert.equal(proof.path.length, 5);
    assert.equal(Buffer.from(proof.extra!).toString(), 'age-v1.2.1-darwin-arm64.tar.gz');
    assert.match(proof.checkpoint, /^example\.com\/fancylog\n109482\n/);
    assert.equal(formatTlogProof(proof), example);
  });

  it('what it writes it reads, with any extra, index and number of hashes', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const proofs = fc.record({
      extra: fc.option(fc.uint8Array({ minLength: 1 })),
      index: fc.maxSafeNat(),
      path: fc.array(hash, { maxLength: 63 }),
      checkpoint: fc.string(),
    });
    fc.assert(
      fc.property(proofs, (proof) => {
        const text = formatTlogProof(proof);
        assert.equal(formatTlogProof(proofOf(text)), text);
      }),
    );
  });

  it('refuses what the format does not have', () => {
    const change = (from: string | RegExp, to: string): string => {
      assert.notEqual(example.replace(from, to), example);
      return example.replace(from, to);
    };
    const wrong = [
      '',
      'c2sp.org/tlog-proof@v1',
      `\ufeff${example}`,
      change('@v1', '@v2'),
      change('@v1\n', '@v1\r\n'),
      change('extra ', 'extra  '),
      change('extra ', 'Extra '),
      change(/extra .*/, 'extra '),
      change('Lmd6', 'Lmd6='),
      change('Lmd6', 'Lm-6'),
      change('index 73894', 'index 073894'),
      change('index 73894', 'index +73894'),
      change('index 73894', 'index 7.3e4'),
      change('index 73894', 'index 0x12'),
      change('index 73894', 'index -1'),
      change('index 73894', 'index 9007199254740992'),
      change('index 73894', 'index 99999999999999999999'),
      change('index 73894', 'index 73894 '),
      change('index 73894', 'index \u0661'),
      change('index 73894\n', ''),
      change('index 73894', 'index 73894\nindex 73894'),
      change(/(extra .*)\n(index .*)\n/, '$2\n$1\n'),
      change(/(extra .*\n)/, '$1$1'),
      change('PlQ=', 'PlR='),
      change('PlQ=', 'PlQ'),
      change('PlQ=', 'PlQ=='),
      change('PlQ=\n', 'PlQ=\r\n'),
      change('PlQ=\n', 'PlQ= \n'),
      change('PlQ=', '\0lQ='),
      change('gSKy', ''),
      change('\n\nexample', '\nexample'),
      change('index 73894\n', `index 73894\n${lineOfHash.repeat(60)}`),
    ];
    for (const text of wrong)
      assert.equal(typeof parseTlogProof(text), 'string', text.slice(0, 200));
  });

  it('is quick with huge texts', () => {
    const huge = [
      `c2sp.org/tlog-proof@v1\nindex 0\n${lineOfHash.repeat(180_000)}`,
      `c2sp.org/tlog-proof@v1\nindex 0\n${'\n'.repeat(1_000_000)}`,
      `c2sp.org/tlog-proof@v1\nindex ${'9'.repeat(1_000_000)}\n`,
      `c2sp.org/tlog-proof@v1\nextra ${'A'.repeat(9_000_000)}\n`,
      'c2sp.org/tlog-proof@v1\n'.repeat(1_000_000),
      'A'.repeat(50_000_000),
    ];
    for (const text of huge) {
      const proof = parseTlogProof(text);
      // Empty lines in the place of a checkpoint are the checkpoint's business.
      if (typeof proof !== 'string') assert.equal(proof.path.length, 0);
    }
    assert.match(problemOf(parseTlogProof(huge[5]!)), /longer/);
  });
});

describe('C2SP tlog-witness add-checkpoint', () => {
  it('reads the example of the specification, and writes it again', () => {
    const proof = consistencyOf(request);
    assert.deepEqual([proof.oldSize, proof.path.length], [20852014, 4]);
    assert.equal(formatConsistencyProof(proof), request);
  });

  it('takes 63 hashes and no more', () => {
    const text = (count: number): string => `old 5\n${lineOfHash.repeat(count)}\nrest`;
    assert.equal(consistencyOf(text(63)).path.length, 63);
    assert.equal(typeof parseConsistencyProof(text(64)), 'string');
  });

  it('refuses what the format does not have', () => {
    const wrong = [
      '',
      'old 5',
      'old 5\n',
      request.replace('old ', 'Old '),
      request.replace('old 2', 'old 02'),
      request.replace('old 20852014', 'old -1'),
      request.replace('old 20852014', 'old 1e3'),
      request.replace('old 20852014', 'old 9007199254740993'),
      request.replace('kaw=', 'kax='),
      request.replace('kaw=\n', 'kaw=\r\n'),
      request.replace('\n\nexample', '\nexample'),
      `${request}${'x'.repeat(70_000)}`,
    ];
    for (const text of wrong)
      assert.equal(typeof parseConsistencyProof(text), 'string', text.slice(0, 80));
  });
});
