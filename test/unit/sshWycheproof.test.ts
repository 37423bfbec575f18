import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { curves } from '../../src/core/ssh/curves.js';
import { readPublicKey } from '../../src/core/ssh/publicKey.js';
import { verifySshSignature } from '../../src/core/ssh/verifySshsig.js';
import { wireMpint, wireString } from '../../src/core/ssh/wire.js';
import { projectRoot } from '../tools/paths.js';

interface Group {
  readonly key: string | { readonly n: string; readonly e: string };
  readonly tests: readonly (readonly [
    number,
    string,
    string,
    'valid' | 'invalid' | 'acceptable',
  ])[];
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

function groupsOf(name: string): readonly Group[] {
  const file = join(projectRoot, 'test', 'vectors', 'wycheproof', `${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as Group[];
}

function check(
  name: string,
  blobOf: (key: Group['key']) => Buffer,
  signatureOf: (bytes: Buffer) => Buffer | null,
): void {
  const wrong: string[] = [];
  let valid = 0;
  for (const { key, tests } of groupsOf(name)) {
    const blob = readPublicKey(blobOf(key));
    for (const [id, message, bytes, result] of tests) {
      const signature = signatureOf(hex(bytes));
      const isGood =
        blob.ok && signature !== null && verifySshSignature(blob.value, signature, hex(message)).ok;
      if (isGood) valid++;
      if (result !== 'acceptable' && isGood !== (result === 'valid'))
        wrong.push(`${id}: ${isGood}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(valid > 0);
}

describe('signatures against the vectors of Wycheproof', () => {
  it('Ed25519', () =>
    check(
      'ed25519',
      (key) => Buffer.concat([wireString('ssh-ed25519'), wireString(hex(key as string))]),
      (bytes) => Buffer.concat([wireString('ssh-ed25519'), wireString(bytes)]),
    ));

  for (const [type, hash] of [
    ['ecdsa-sha2-nistp256', 'sha256'],
    ['ecdsa-sha2-nistp384', 'sha384'],
    ['ecdsa-sha2-nistp521', 'sha512'],
  ] as const) {
    const { name, size } = curves.get(type)!;
    it(`ECDSA ${name}`, () =>
      check(
        `ecdsa-${name}-${hash}`,
        (key) =>
          Buffer.concat([wireString(type), wireString(name), wireString(hex(key as string))]),
        // In SSH r and s are two numbers, so a pair of another length cannot be written at all.
        (bytes) => {
          if (bytes.length !== 2 * size) return null;
          const [r, s] = [bytes.subarray(0, size), bytes.subarray(size)];
          const both = Buffer.concat([wireMpint(r), wireMpint(s)]);
          return Buffer.concat([wireString(type), wireString(both)]);
        },
      ));
  }

  for (const hash of ['256', '512'] as const) {
    it(`RSA PKCS #1 v1.5 with SHA-${hash}`, () =>
      check(
        `rsa-2048-sha${hash}`,
        (key) => {
          const { n, e } = key as { n: string; e: string };
          return Buffer.concat([wireString('ssh-rsa'), wireMpint(hex(e)), wireMpint(hex(n))]);
        },
        (bytes) => Buffer.concat([wireString(`rsa-sha2-${hash}`), wireString(bytes)]),
      ));
  }
});
