import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkProof } from '../../src/core/checkProof.js';
import { sha256 } from '../../src/core/hash.js';
import { isAboutCheckpoint } from '../../src/core/proofReach.js';
import type { ProofReport } from '../../src/core/proofReport.js';
import { formatTlogProof, parseTlogProof } from '../../src/core/tlogProof.js';
import { projectRoot } from '../tools/paths.js';

const golden = readFileSync(join(projectRoot, 'test', 'golden', 'event-9.tlog-proof'), 'utf8');
const parsed = parseTlogProof(golden);
assert.ok(typeof parsed !== 'string');
const extra = JSON.parse(Buffer.from(parsed.extra!).toString()) as { header: string; body: string };

const string = (bytes: Uint8Array | string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(bytes));
  return Buffer.concat([length, Buffer.from(bytes as string)]);
};

/** An Ed25519 key that signs as OpenSSH does (PROTOCOL.sshsig). */
class Key {
  readonly #private: KeyObject;
  readonly #blob: Buffer;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.#private = privateKey;
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    this.#blob = Buffer.concat([string('ssh-ed25519'), string(raw)]);
  }

  get line(): string {
    return `ssh-ed25519 ${this.#blob.toString('base64')}`;
  }

  get fingerprint(): string {
    return `SHA256:${sha256(this.#blob).toString('base64').replace('=', '')}`;
  }

  sign(message: string, namespace = 'prompt-audit'): string {
    const frame = [string(namespace), string(''), string('sha256')];
    const text = Buffer.concat([Buffer.from('SSHSIG'), ...frame, string(sha256(message))]);
    const signature = Buffer.concat([
      string('ssh-ed25519'),
      string(sign(null, text, this.#private)),
    ]);
    const blob = Buffer.concat([
      Buffer.from('SSHSIG\0\0\0\u0001'),
      string(this.#blob),
      ...frame,
      string(signature),
    ]);
    const lines = blob.toString('base64').replace(/.{70}/g, '$&\n');
    return `-----BEGIN SSH SIGNATURE-----\n${lines}\n-----END SSH SIGNATURE-----\n`;
  }
}

function checked(signatures: readonly string[], allowedSigners?: string): ProofReport {
  assert.ok(typeof parsed !== 'string');
  const { body, header } = extra;
  const text = Buffer.from(JSON.stringify({ body, header, signatures }));
  const proof = formatTlogProof({ ...parsed, extra: text });
  const report = checkProof({ proof, ...(allowedSigners === undefined ? {} : { allowedSigners }) });
  assert.deepEqual(report.problems, []);
  return { ...report, warnings: report.warnings.filter((one) => !isAboutCheckpoint(one)) };
}

const statuses = ({ signatures }: ProofReport): readonly string[] =>
  signatures.map(({ status }) => status);

describe('signatures in a proof', () => {
  const [ana, ben] = [new Key(), new Key()];
  const good = ana.sign(extra.header);

  it('a good one has the fingerprint of its key, and nobody is named without allowed signers', () => {
    const report = checked([good]);
    assert.deepEqual(report.signatures, [
      {
        status: 'good',
        fingerprint: ana.fingerprint,
        keyType: 'ssh-ed25519',
        principals: null,
      },
    ]);
    assert.deepEqual([report.levels, report.warnings], [['L0'], []]);
    assert.match(report.limits.join(' '), /allowed_signers/);
  });

  it('allowed signers say whose key it is: trust level L1', () => {
    const report = checked([good], `ana@clinic.example ${ana.line}\n`);
    assert.equal(report.signatures[0]?.principals, 'ana@clinic.example');
    assert.deepEqual(report.levels, ['L0', 'L1']);
  });

  it('one that does not count is a warning, and the proof holds all the same', () => {
    const signatures = [
      good,
      ana.sign(`${extra.header} `),
      ana.sign(extra.header, 'git'),
      'no signature',
      '',
    ];
    const report = checked(signatures);
    const expected = ['good', 'bad', 'bad', 'unreadable', 'unreadable'];
    assert.deepEqual(statuses(report), expected);
    assert.deepEqual(
      report.warnings.map(({ code }) => code),
      expected.slice(1).map((status) => `signature.${status}`),
    );
  });

  it('lines for other keys, other times and other purposes do not count', () => {
    const line = (options: string): string => `ana@clinic.example ${options} ${ana.line}\n`;
    const cases: readonly (readonly [string, string])[] = [
      ['', 'unknown-key'],
      [`ben@clinic.example ${ben.line}\n`, 'unknown-key'],
      [line('valid-before="20200101Z"'), 'not-valid-then'],
      [line('valid-after="20300101Z"'), 'not-valid-then'],
      [line('namespaces="git"'), 'wrong-namespace'],
      [line('namespaces="git,prompt-audit"'), 'good'],
      [line('valid-before="20200101Z"') + line('valid-after="20200101Z"'), 'good'],
    ];
    for (const [text, status] of cases) {
      const report = checked([good], text);
      assert.deepEqual([statuses(report), text], [[status], text]);
      assert.deepEqual(report.levels, status === 'good' ? ['L0', 'L1'] : ['L0']);
    }
  });
});
