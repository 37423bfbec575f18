import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { judgeSigner, parseAllowedSigners } from '../../src/core/ssh/allowedSigners.js';
import { fingerprint, parsePublicKey } from '../../src/core/ssh/publicKey.js';
import { parseSshsig } from '../../src/core/ssh/sshsig.js';
import { verifySshsig } from '../../src/core/ssh/verifySshsig.js';
import { wireMpint, wireString } from '../../src/core/ssh/wire.js';
import {
  armour,
  SoftwareKey,
  softwareKeyTypes,
  type SigningChanges,
} from '../tools/softwareKeys.js';
import { hasSshKeygen, SshKeys, type SshTestKey } from '../tools/sshKeys.js';

const message = '{"at":"2026-11-21T05:12:33.123Z"}';
const namespace = 'prompt-audit';
const ours = (bytes: Uint8Array | string, text = message, purpose = namespace): boolean =>
  verifySshsig(bytes, text, purpose).ok;

/** Ours is asked first, so that a difference is told as one. */
const compare = (what: string, mine: boolean, theirs: boolean, differences: string[]): void => {
  if (mine !== theirs) differences.push(`${what}: ${mine ? 'good' : 'bad'} here`);
};

describe('signatures and ssh-keygen', function () {
  this.timeout(240_000);
  const keys = new SshKeys();
  before(function () {
    if (!hasSshKeygen) this.skip();
  });
  after(() => keys.clean());

  it('what ssh-keygen signs is good here, with its fingerprint, and only over these bytes', () => {
    const made: SshTestKey[] = [
      keys.make('ed25519'),
      keys.make('rsa', { bits: 2048 }),
      keys.make('rsa', { bits: 3072 }),
      ...[256, 384, 521].map((bits) => keys.make('ecdsa', { bits })),
    ];
    for (const key of made) {
      for (const hash of ['sha256', 'sha512']) {
        const armoured = keys.sign(key, message, { hash });
        const verdict = verifySshsig(armoured, message, namespace);
        assert.ok(verdict.ok, key.line);
        assert.equal(fingerprint(verdict.value), key.fingerprint);
        assert.equal(ours(armoured, `${message} `), false);
        assert.equal(ours(armoured, message, 'git'), false);
      }
      const line = parsePublicKey(`${key.line} somebody@example.org`);
      assert.ok(line.ok);
      assert.equal(fingerprint(line.value), key.fingerprint);
    }
  });

  it('refuses certificates and says so, and keys of under 2,048 bits, which ssh-keygen takes', () => {
    const key = keys.make('ed25519');
    const certified = keys.certify(key, keys.make('ed25519'), 'ana@clinic.example');
    const armoured = keys.sign(certified, message);
    assert.ok(keys.isGood(armoured, message, namespace));
    const verdict = verifySshsig(armoured, message, namespace);
    assert.ok(!verdict.ok && verdict.problem.code === 'certificate');
    assert.match(verdict.problem.message, /certificate/);
    const small = keys.sign(keys.make('rsa', { bits: 1024 }), message);
    assert.ok(keys.isGood(small, message, namespace));
    const weak = verifySshsig(small, message, namespace);
    assert.ok(!weak.ok && weak.problem.code === 'weak');
    assert.match(weak.problem.message, /1024 bits/);
  });

  it('every change of a signature is judged as ssh-keygen judges it', () => {
    const differences: string[] = [];
    let good = 0;
    const ask = (what: string, bytes: Uint8Array | string): void => {
      const mine = ours(bytes);
      if (mine) good++;
      compare(what, mine, keys.isGood(bytes, message, namespace), differences);
    };
    for (const type of softwareKeyTypes) {
      const key = new SoftwareKey(type);
      const other = new SoftwareKey(type);
      for (const [what, changes] of Object.entries(changesOf(other)))
        ask(`${type}, ${what}`, key.sign(message, changes));
      const blob = key.signBlob(message);
      // A byte in each part of the blob; all of them would take ssh-keygen minutes.
      for (let at = 0; at < blob.length; at += 1 + Math.floor(blob.length / 25)) {
        const flipped = Buffer.from(blob);
        flipped[at]! ^= 1 << (at % 8);
        ask(`${type}, bit of byte ${at}`, armour(flipped));
        ask(`${type}, cut at ${at}`, armour(blob.subarray(0, at)));
      }
    }
    const armoured = new SoftwareKey('ssh-ed25519').sign(message);
    for (const [what, edit] of Object.entries(armourChanges))
      ask(`armour, ${what}`, edit(armoured));
    assert.deepEqual(differences, []);
    assert.ok(good > 50);
  });

  it('security keys made of software are good to both, whatever flags they have', () => {
    for (const type of [
      'sk-ssh-ed25519@openssh.com',
      'sk-ecdsa-sha2-nistp256@openssh.com',
    ] as const) {
      const key = new SoftwareKey(type, { application: 'ssh:work' });
      const signers = `ana@clinic.example ${key.line}\n`;
      for (const flags of [0, 1, 5]) {
        const armoured = key.sign(message, { flags });
        const asked = { armoured, message, signers, principal: 'ana@clinic.example' };
        assert.ok(keys.verify(asked));
        assert.ok(ours(armoured));
      }
    }
  });

  it('RSA numbers that fit no byte boundary, and signatures with zeros in front, are read alike', () => {
    const differences: string[] = [];
    for (const bits of [2049, 2055]) {
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
      const { n, e } = publicKey.export({ format: 'jwk' });
      const numbers = [e!, n!].map((part) => wireMpint(Buffer.from(part, 'base64url')));
      const blob = Buffer.concat([wireString('ssh-rsa'), ...numbers]).toString('base64');
      compare(String(bits), parsePublicKey(`ssh-rsa ${blob}`).ok, true, differences);
    }
    const key = new SoftwareKey('ssh-rsa');
    for (let round = 0, seen = 0; round < 2000 && seen < 1; round++) {
      const text = `${message}${round}`;
      const short = key.sign(text, { edit: withoutZeros });
      if (short.length === key.sign(text).length) continue;
      seen++;
      compare('short', ours(short, text), keys.isGood(short, text, namespace), differences);
      assert.ok(ours(short, text));
    }
    assert.deepEqual(differences, []);
  });

  it('refuses an S above the order, which OpenSSH does not look at', () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const bytes = new SoftwareKey('ssh-ed25519').sign(message, {
      edit: (signature) => {
        const s = BigInt(`0x${Buffer.from(signature.subarray(-32)).reverse().toString('hex')}`);
        const high = Buffer.from((s + order).toString(16).padStart(64, '0'), 'hex').reverse();
        return Buffer.concat([signature.subarray(0, -32), high]);
      },
    });
    assert.ok(keys.isGood(bytes, message, namespace));
    assert.equal(ours(bytes), false);
  });

  it('lines of allowed_signers are judged as ssh-keygen judges them', () => {
    const key = new SoftwareKey('ssh-ed25519');
    const armoured = key.sign(message);
    const differences: string[] = [];
    let good = 0;
    const texts = signerTexts(key.line, new SoftwareKey('ecdsa-sha2-nistp256').line);
    for (const signers of texts) {
      const isTimed = /valid-(before|after)/i.test(signers);
      for (const principal of isTimed ? people.slice(0, 1) : people) {
        for (const time of isTimed ? times : times.slice(0, 1)) {
          const mine = judge(signers, { armoured, principal, time }) === 'good';
          if (mine) good++;
          const theirs = keys.verify({ armoured, message, signers, principal, time });
          compare(JSON.stringify([signers, principal, time]), mine, theirs, differences);
        }
      }
    }
    assert.deepEqual(differences, []);
    assert.ok(good > 50);
  });

  it('finds the principals that ssh-keygen finds', () => {
    const key = new SoftwareKey('ecdsa-sha2-nistp384');
    const armoured = key.sign(message);
    const time = '20260630120000Z';
    const parsed = parseSshsig(armoured);
    assert.ok(parsed.ok);
    for (const options of ['', 'valid-before="20260101"', 'namespaces="file"', 'cert-authority']) {
      const signers = `ana@x,b*@y ${options} ${key.line}\n`;
      const { signers: lines } = parseAllowedSigners(signers);
      const mine = lines.filter(
        ({ principals }) =>
          judge(signers, { armoured, principal: 'ana@x', time, principals }) === 'good',
      );
      const theirs = keys.principals(armoured, signers, time);
      // It looks for no namespace here.
      if (!options.startsWith('namespaces'))
        assert.deepEqual(
          mine.flatMap(({ principals }) => principals.split(',')),
          theirs,
          options,
        );
    }
  });
});

const people = ['ana@clinic.example', 'Ana@clinic.example', 'ana bo@x', 'añ@x'];
const times = ['20260101000000Z', '20260630120000Z', '20260630120001Z'];

function judge(
  text: string,
  asked: { armoured: string; principal: string; time: string; principals?: string },
): string {
  const sig = parseSshsig(asked.armoured);
  assert.ok(sig.ok);
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)(..)(..)(..)Z$/
    .exec(asked.time)!
    .map(Number);
  return judgeSigner(parseAllowedSigners(text), {
    key: sig.value.key,
    principal: asked.principal,
    namespace,
    time: Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000,
    ignoreCase: false,
  }).status;
}

function withoutZeros(signature: Buffer): Buffer {
  const name = 4 + signature.readUInt32BE();
  let bytes = signature.subarray(name + 4);
  while (bytes[0] === 0) bytes = bytes.subarray(1);
  return Buffer.concat([signature.subarray(0, name), wireString(bytes)]);
}

const changesOf = (other: SoftwareKey): Record<string, SigningChanges> => ({
  nothing: {},
  sha256: { hash: 'sha256' },
  'an unknown hash': { hash: 'sha384' },
  'a hash with NUL': { hash: 'sha512\0' },
  'another namespace': { namespace: 'git' },
  'a namespace with NUL at its end': { namespace: 'prompt-audit\0', signedNamespace: namespace },
  'a namespace with NUL in it': { namespace: 'prompt-audit\0x', signedNamespace: namespace },
  'an empty namespace': { namespace: '' },
  'another namespace signed': { signedNamespace: 'git' },
  'version 0': { version: 0 },
  'version 2': { version: 2 },
  'something reserved': { reserved: 'x' },
  'bytes behind': { trailing: 'x' },
  'another key': { keyBlob: other.blob },
  'a longer key': { keyBlob: Buffer.concat([other.blob, Buffer.of(0)]) },
  'no key': { keyBlob: Buffer.alloc(0) },
  'RSA with SHA-256': { rsaAlgorithm: 'rsa-sha2-256' },
  'RSA with SHA-1': { rsaAlgorithm: 'ssh-rsa' },
  'another counter': { edit: (bytes) => flipped(bytes, -1) },
  'other flags': { edit: (bytes) => flipped(bytes, -5) },
  'bytes behind the signature': { edit: (bytes) => Buffer.concat([bytes, Buffer.of(0)]) },
  'no signature': { edit: () => Buffer.alloc(0) },
  'zeros in front of r': { edit: withZeroInNumber },
  'a signature of zeros': {
    edit: (bytes) => Buffer.concat([bytes.subarray(0, -64), Buffer.alloc(64)]),
  },
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length + at]! ^= 1;
  return copy;
}

/** Puts a zero byte in front of the first number of an ECDSA signature; others become nonsense. */
function withZeroInNumber(signature: Buffer): Buffer {
  const name = 4 + signature.readUInt32BE();
  const body = signature.subarray(name + 4, name + 4 + signature.readUInt32BE(name));
  const length = Math.min(body.readUInt32BE(), body.length - 4);
  const number = Buffer.concat([Buffer.of(0), body.subarray(4, 4 + length)]);
  const longer = Buffer.concat([wireString(number), body.subarray(4 + length)]);
  const rest = signature.subarray(name + 4 + body.length);
  return Buffer.concat([signature.subarray(0, name), wireString(longer), rest]);
}

/** CR LF behind the first line is left out: ssh-keygen takes it since 9.3 or so. */
const armourChanges: Record<string, (text: string) => string> = {
  'text before': (text) => ` ${text}`,
  'text behind': (text) => `${text}whatever`,
  'no newline at its end': (text) => text.trimEnd(),
  'no end': (text) => text.replace(/-----END.*/s, ''),
  'no begin': (text) => text.replace(/-----BEGIN.*-----\n/, ''),
  'a header that goes on': (text) => text.replace('-----\n', '-----x\n'),
  'an end in the middle of a line': (text) => text.replace('\n-----END', '-----END'),
  'one line': (text) => text.replace(/(?<=[A-Za-z0-9+/=])\n(?!-)/g, ''),
  'blank lines': (text) => text.replaceAll('\n', '\n\n').replace('-----\n\n', '-----\n'),
  'blanks and tabs': (text) => text.replaceAll('A', ' \tA').replace(/- ?\t?A/g, '-A'),
  'form feeds': (text) => text.replace(/([a-z]{2})\n/, '$1\f\v\r\n'),
  'a foreign character': (text) => text.replace(/A(?=[a-z])/, '*'),
  'URL base64': (text) =>
    text
      .replace(/[+]/, '-')
      .replace(/(?<=\w)[/]/, '_')
      .replace('U1NI', 'U1N-'),
  'no padding': (text) => text.replaceAll('=', ''),
  'more padding': (text) => text.replace('\n-----END', '=\n-----END'),
  'padding apart': (text) => text.replace('==', '= \n ='),
  'bits behind the padding': (text) => text.replace(/[AQgw]==/, 'B=='),
  'two signatures': (text) => `${text}${text}`,
  'NUL in it': (text) => text.replace('U1NI', 'U1N\0'),
  'NUL behind it': (text) => text.replace('\n-----END', '\0\n-----END'),
  empty: () => '',
  'nothing inside': () => '-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n',
  'a blank inside': () => '-----BEGIN SSH SIGNATURE-----\n\n-----END SSH SIGNATURE-----\n',
};

function signerTexts(key: string, other: string): string[] {
  const [type, base64] = key.split(' ') as [string, string];
  const principals = [
    'ana@clinic.example',
    'ANA@clinic.example',
    '*@clinic.example',
    '?na@clinic.example',
    '*',
    '**?**@*',
    '!ana@clinic.example,*',
    '*,!Ana@*',
    '!*',
    'b@x,ana@clinic.example',
    'b@x,',
    ',ana@clinic.example',
    'ana@clinic.example,,',
    '"ana bo@x,ana@clinic.example"',
    'ana@clinic".example"',
    '"ana@clinic.example',
    'a?@x',
    'a??@x',
    `${'x'.repeat(1022)},*`,
    `${'x'.repeat(1023)},*`,
    `*,${'x'.repeat(1023)}`,
    `*,!${'x'.repeat(1023)}`,
  ];
  const options = [
    'namespaces="prompt-audit"',
    'namespaces="git,prompt-*"',
    'namespaces="*,!prompt-audit"',
    'namespaces="git"',
    'namespaces=""',
    'namespaces=prompt-audit',
    'NameSpaces="prompt-audit"',
    'namespaces="prompt-audit',
    'namespaces="a\\"b,prompt-audit"',
    'namespaces="prompt-audit\\"',
    'namespaces="prompt-audit\\\\"',
    'namespaces="git",namespaces="prompt-audit"',
    'namespaces="prompt-audit",',
    ',namespaces="prompt-audit"',
    'namespaces="prompt-audit",,valid-after="2026"',
    'namespaces="prompt-audit",,valid-after="20260101"',
    'valid-after="20260101"',
    'valid-after="20260101Z"',
    'valid-after="20260101utc"',
    'valid-after="20260102"',
    'valid-after="202601010000"',
    'valid-after="20260101000001Z"',
    'valid-before="20260630120000Z"',
    'valid-before="20260630115960Z"',
    'valid-before="20260630115961"',
    'valid-before="20260630115962"',
    'valid-before="20260101"',
    'valid-before="20251301"',
    'valid-before="20260632"',
    'valid-before="20260231"',
    'valid-before="20260600"',
    'valid-before="20260630240000"',
    'valid-before="19700101Z"',
    'valid-before="19691231Z"',
    'valid-after="19691231Z"',
    'valid-before="00010101"',
    'valid-before="99991231"',
    'valid-before="2026"',
    'valid-before=""',
    'valid-before="Z"',
    'valid-after="20260101",valid-before="20260101"',
    'valid-after="20260101",valid-before="20260102"',
    'valid-after="20270101",valid-before="20260101"',
    'valid-before="20270101",VALID-AFTER="20250101"',
    'valid-after="20250101",valid-after="20250101"',
    'cert-authority',
    'cert-authority,namespaces="prompt-audit"',
    'no-touch-required',
    'namespaces="prompt-audit" valid-after="20270101"',
    'restrict',
    '""',
    '"a b"',
  ];
  const lines = [
    ...principals.map((list) => `${list} ${key}`),
    ...options.map((option) => `ana@clinic.example ${option} ${key}`),
    `ana@clinic.example ${key} a comment`,
    `  \t ana@clinic.example\t\t${type}   ${base64}\t`,
    `ana@clinic.example ${key}\r`,
    `ana@clinic.example ${type}`,
    `ana@clinic.example ${base64}`,
    `ana@clinic.example`,
    `ana@clinic.example ${type} ${base64.slice(0, -4)}`,
    `ana@clinic.example ${type} ${base64.slice(0, 8)} ${base64.slice(8)}`,
    `ana@clinic.example ecdsa-sha2-nistp256 ${base64}`,
    `ana@clinic.example ${type.toUpperCase()} ${base64}`,
    `ana@clinic.example ed25519 ${base64}`,
    `ana@clinic.example ${other}`,
    `#ana@clinic.example ${key}`,
    ` # ana@clinic.example ${key}`,
    `ana@clinic.example # ${key}`,
    `ana@clinic.example ${other}\nana@clinic.example namespaces="git" ${key}\n* ${key}`,
    `* broken\n\n* ${key}`,
    `* valid-before="x" ${key}\n* ${key}`,
    `* valid-before="20200101" ${key}\n* ${key}`,
    `b@x ${key}\nana@clinic.example ${key}`,
    `*\0 ${key}`,
    `* ${key}\0 x`,
    '',
  ];
  return [...lines.map((line) => `${line}\n`), lines[0]!];
}
