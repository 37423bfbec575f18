import assert from 'node:assert/strict';
import fc from 'fast-check';
import { judgeSigner, parseAllowedSigners } from '../../src/core/ssh/allowedSigners.js';
import { matchesPatternList } from '../../src/core/ssh/patternList.js';
import { parsePublicKey, readPublicKey } from '../../src/core/ssh/publicKey.js';
import { parseSshsig } from '../../src/core/ssh/sshsig.js';
import { verifySshsig, verifySshSignature } from '../../src/core/ssh/verifySshsig.js';
import { wireString } from '../../src/core/ssh/wire.js';
import { armour, SoftwareKey, softwareKeyTypes } from '../tools/softwareKeys.js';

const message = 'header';
const keys = softwareKeyTypes.map((type) => new SoftwareKey(type));
const edwards = (hex: string): Buffer =>
  Buffer.concat([wireString('ssh-ed25519'), wireString(Buffer.from(hex, 'hex'))]);

describe('SSH bytes of strangers', () => {
  it('any bytes and any texts give an answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.string(), (bytes, text) => {
        assert.equal(verifySshsig(bytes, message, 'n').ok, false);
        assert.equal(verifySshsig(armour(bytes), message, 'n').ok, false);
        assert.equal(verifySshsig(text, message, 'n').ok, false);
        readPublicKey(bytes);
        parsePublicKey(text);
        for (const key of keys) verifySshSignature(key.public, bytes, Buffer.from(text));
        parseAllowedSigners(text);
        parseAllowedSigners(`* ${text} ${keys[0]!.line}`);
      }),
      { numRuns: 300 },
    );
  });

  it('no changed byte of the key or of what was signed leaves a signature good', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat(6), (place, change, at) => {
        const blob = keys[at]!.signBlob(message);
        const changed = Buffer.from(blob);
        changed[place % blob.length]! ^= change;
        const verdict = verifySshsig(armour(changed), message, 'prompt-audit');
        // OpenSSH reads version 0 as 1, and does not look at what is reserved.
        if (verdict.ok) assert.equal(changed.readUInt32BE(6), 0);
      }),
      { numRuns: 400 },
    );
  });

  it('lengths that lie, nested or huge, are no signature', () => {
    const blob = keys[0]!.signBlob(message);
    for (let at = 10; at + 4 <= blob.length; at++) {
      const changed = Buffer.from(blob);
      changed.writeUInt32BE(0xffffffff, at);
      assert.equal(verifySshsig(armour(changed), message, 'prompt-audit').ok, false);
    }
    const long = parseSshsig(`${armour(blob)}${' '.repeat(16 * 1024)}`);
    assert.ok(!long.ok && long.problem.code === 'malformed');
  });

  it('patterns that explode in a backtracking matcher end at once', () => {
    const pattern = `${'*a'.repeat(500)}b`;
    assert.equal(matchesPatternList('a'.repeat(5000), pattern), false);
    const text = `${'"\\"'.repeat(20_000)}\n${',!*'.repeat(20_000)} ${keys[0]!.line}\n`;
    assert.ok(parseAllowedSigners(text).signers.length <= 1);
    assert.equal(
      parseAllowedSigners(`* namespaces="${'\\"\\'.repeat(30_000)} x`).signers.length,
      0,
    );
  });

  it('keys for which anybody can sign are refused', () => {
    const small = [
      '0100000000000000000000000000000000000000000000000000000000000000',
      '0000000000000000000000000000000000000000000000000000000000000080',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
      'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    ];
    for (const hex of small) {
      const key = readPublicKey(edwards(hex));
      assert.ok(!key.ok && key.problem.code === 'weak', hex);
    }
  });

  it('says what is wrong with a line, by its number, and keeps the others', () => {
    const line = keys[0]!.line;
    const { signers, problems } = parseAllowedSigners(
      `# comment\n\na@x ${line}\nb@x\nc@x ssh-dss AAAA\nd@x valid-after="soon" ${line}\ne@x cert-authority ${line}\nf@x ssh-ed25519-cert-v01@openssh.com AAAA\ng@x ${line}\n`,
    );
    assert.deepEqual(
      signers.map((s) => [s.line, s.principals]),
      [
        [3, 'a@x'],
        [9, 'g@x'],
      ],
    );
    assert.deepEqual(
      problems.map((p) => p.line),
      [4, 5, 6, 7, 8],
    );
    const [missing, dsa, time, authority, certificate] = problems.map((p) => p.message);
    assert.match(missing!, /key is missing/);
    assert.match(dsa!, /"ssh-dss" do not count/);
    assert.match(time!, /YYYYMMDD/);
    assert.match(authority!, /certificates do not count/);
    assert.match(certificate!, /certificate/);
  });

  it('A-Z are a-z for the ledger, in negated patterns too', () => {
    const { public: key, line } = keys[0]!;
    const status = (list: string, principal: string, ignoreCase = true): string =>
      judgeSigner(parseAllowedSigners(`${list} ${line}\n`), {
        key,
        principal,
        namespace: 'prompt-audit',
        time: 1,
        ignoreCase,
      }).status;
    assert.equal(status('Ana@X', 'aNA@x'), 'good');
    assert.equal(status('Ana@X', 'aNA@x', false), 'other-person');
    assert.equal(status('*@x,!ana@x', 'ANA@x'), 'other-person');
    assert.equal(status('*@x,!ana@x', 'ANA@x', false), 'good');
    assert.equal(status('ä@x', 'Ä@x'), 'other-person');
  });
});
