import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { readPublicKey, type SshPublicKey } from '../../src/core/ssh/publicKey.js';
import { wireMpint, wireString, wireUint32 } from '../../src/core/ssh/wire.js';

export type SoftwareKeyType =
  | 'ssh-ed25519'
  | 'ssh-rsa'
  | 'ecdsa-sha2-nistp256'
  | 'ecdsa-sha2-nistp384'
  | 'ecdsa-sha2-nistp521'
  | 'sk-ssh-ed25519@openssh.com'
  | 'sk-ecdsa-sha2-nistp256@openssh.com';

export const softwareKeyTypes: readonly SoftwareKeyType[] = [
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
];

/** What may differ from a usual signature. */
export interface SigningChanges {
  readonly namespace?: string;
  readonly hash?: string;
  readonly version?: number;
  readonly reserved?: string;
  /** The namespace that is signed, where it is not the one that is written. */
  readonly signedNamespace?: string;
  readonly flags?: number;
  readonly counter?: number;
  readonly rsaAlgorithm?: string;
  /** Changes the binary signature before it is wrapped. */
  readonly edit?: (signature: Buffer) => Buffer;
  /** In place of the key's own blob. */
  readonly keyBlob?: Buffer;
  /** Behind everything. */
  readonly trailing?: string;
}

/** A key whose private half stands in memory: also of the kinds that only security keys have. */
export class SoftwareKey {
  readonly type: SoftwareKeyType;
  readonly blob: Buffer;
  readonly #private: KeyObject;
  readonly #application: string;

  constructor(type: SoftwareKeyType, { bits = 2048, application = 'ssh:' } = {}) {
    this.type = type;
    this.#application = application;
    const { publicKey, privateKey } = generate(type, bits);
    this.#private = privateKey;
    this.blob = Buffer.concat([wireString(type), ...this.#numbers(publicKey)]);
  }

  /** Name and base64. */
  get line(): string {
    return `${this.type} ${this.blob.toString('base64')}`;
  }

  get public(): SshPublicKey {
    const key = readPublicKey(this.blob);
    if (!key.ok) throw new Error(key.problem.message);
    return key.value;
  }

  /** An armoured SSHSIG as ssh-keygen would write it. */
  sign(message: Uint8Array | string, changes: SigningChanges = {}): string {
    return armour(this.signBlob(message, changes));
  }

  /** The same without the armour. */
  signBlob(message: Uint8Array | string, changes: SigningChanges = {}): Buffer {
    const { namespace = 'prompt-audit', hash = 'sha512', edit = (bytes) => bytes } = changes;
    const known = hash === 'sha256' || hash === 'sha512' ? hash : 'sha512';
    const signed = Buffer.concat([
      Buffer.from('SSHSIG'),
      wireString(changes.signedNamespace ?? namespace),
      wireString(''),
      wireString(hash),
      wireString(createHash(known).update(message).digest()),
    ]);
    return Buffer.concat([
      Buffer.from('SSHSIG'),
      wireUint32(changes.version ?? 1),
      wireString(changes.keyBlob ?? this.blob),
      wireString(namespace),
      wireString(changes.reserved ?? ''),
      wireString(hash),
      wireString(edit(this.#signature(signed, changes))),
      Buffer.from(changes.trailing ?? '', 'latin1'),
    ]);
  }

  #numbers(key: KeyObject): Buffer[] {
    const jwk = key.export({ format: 'jwk' });
    const number = (name: 'x' | 'y' | 'n' | 'e'): Buffer => Buffer.from(jwk[name]!, 'base64url');
    const application = this.type.startsWith('sk-') ? [wireString(this.#application)] : [];
    if (this.type === 'ssh-rsa') return [wireMpint(number('e')), wireMpint(number('n'))];
    if (this.type.includes('ed25519')) return [wireString(number('x')), ...application];
    const curve = /nistp\d+/.exec(this.type)![0];
    const point = Buffer.concat([Buffer.of(4), number('x'), number('y')]);
    return [wireString(curve), wireString(point), ...application];
  }

  #signature(signed: Buffer, changes: SigningChanges): Buffer {
    const { type } = this;
    if (type === 'ssh-rsa') {
      const algorithm = changes.rsaAlgorithm ?? 'rsa-sha2-512';
      const hash = { 'rsa-sha2-256': 'sha256', 'ssh-rsa': 'sha1' }[algorithm] ?? 'sha512';
      return Buffer.concat([wireString(algorithm), wireString(sign(hash, signed, this.#private))]);
    }
    if (!type.startsWith('sk-'))
      return Buffer.concat([wireString(type), wireString(this.#plain(signed))]);
    const { flags = 1, counter = 7 } = changes;
    const flagsAndCounter = Buffer.concat([Buffer.of(flags), wireUint32(counter)]);
    const over = Buffer.concat([sha256(this.#application), flagsAndCounter, sha256(signed)]);
    return Buffer.concat([wireString(type), wireString(this.#plain(over)), flagsAndCounter]);
  }

  #plain(text: Buffer): Buffer {
    if (this.type.includes('ed25519')) return sign(null, text, this.#private);
    const hash = this.type.endsWith('384')
      ? 'sha384'
      : this.type.endsWith('521')
        ? 'sha512'
        : 'sha256';
    const both = sign(hash, text, { key: this.#private, dsaEncoding: 'ieee-p1363' });
    const half = both.length / 2;
    return Buffer.concat([wireMpint(both.subarray(0, half)), wireMpint(both.subarray(half))]);
  }
}

export const armour = (blob: Uint8Array): string =>
  `-----BEGIN SSH SIGNATURE-----\n${Buffer.from(blob)
    .toString('base64')
    .replace(/.{1,70}/g, '$&\n')}-----END SSH SIGNATURE-----\n`;

const sha256 = (data: Uint8Array | string): Buffer => createHash('sha256').update(data).digest();

function generate(type: SoftwareKeyType, bits: number) {
  if (type === 'ssh-rsa') return generateKeyPairSync('rsa', { modulusLength: bits });
  if (type.includes('ed25519')) return generateKeyPairSync('ed25519');
  const namedCurve = type.endsWith('384') ? 'P-384' : type.endsWith('521') ? 'P-521' : 'P-256';
  return generateKeyPairSync('ec', { namedCurve });
}
