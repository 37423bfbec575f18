import { sha256 } from '../hash.js';
import { decodeBase64 } from './base64.js';
import { curves } from './curves.js';
import { isStrongEdwardsKey } from './edwards.js';
import { good, problem, type SshResult } from './result.js';
import { WireReader, wireMpint, wireString } from './wire.js';

/** The numbers of a public key, as SSH names its kind. */
export type SshKeyNumbers =
  | { readonly kind: 'ed25519'; readonly point: Buffer }
  | { readonly kind: 'ecdsa'; readonly point: Buffer }
  | { readonly kind: 'rsa'; readonly e: Buffer; readonly n: Buffer };

export interface SshPublicKey {
  /** Its name in SSH, such as `ssh-ed25519`. */
  readonly type: string;
  /** Its canonical bytes: two keys are one when these are equal. */
  readonly blob: Buffer;
  readonly numbers: SshKeyNumbers;
  /** Of a security key, such as `ssh:`; null for others. One character a byte. */
  readonly application: string | null;
}

const maxBlobBytes = 4096;
const rsaBits = { least: 2048, most: 8192 };

/** `SHA256:…` without padding, as ssh-keygen prints it. */
export const fingerprint = (key: SshPublicKey): string =>
  `SHA256:${sha256(key.blob).toString('base64').replace(/=+$/, '')}`;

export const isSameKey = (a: SshPublicKey, b: SshPublicKey): boolean => a.blob.equals(b.blob);

/** As the line of a `.pub` file, without comment. */
export const formatPublicKey = (key: SshPublicKey): string =>
  `${key.type} ${key.blob.toString('base64')}`;

/** Reads the line of a `.pub` file: name, base64 and perhaps a comment. */
export function parsePublicKey(line: string): SshResult<SshPublicKey> {
  const [type = '', base64 = ''] = line.replace(/^\s+/, '').split(/[ \t]+/, 2);
  if (type.length > 100 || base64.length > maxBlobBytes * 2)
    return problem('malformed', 'it is no public key of SSH');
  return readTypedKey(type, base64);
}

/** A key whose name stands before its base64, which may have white space at its end. */
export function readTypedKey(type: string, base64: string): SshResult<SshPublicKey> {
  const refused = refusedKind(type);
  if (refused) return refused;
  const blob = decodeBase64(base64);
  if (blob === null) return problem('malformed', 'its base64 is broken');
  const key = readPublicKey(blob);
  if (key.ok && key.value.type !== type)
    return problem('malformed', 'its name is not that in its base64');
  return key;
}

/** Reads the binary form of a public key (RFC 4253 section 6.6, RFC 5656, RFC 8709, OpenSSH PROTOCOL.u2f). */
export function readPublicKey(blob: Uint8Array): SshResult<SshPublicKey> {
  if (blob.length > maxBlobBytes) return problem('malformed', 'it is too long');
  const reader = new WireReader(blob);
  const type = reader.text();
  if (!reader.ok) return problem('malformed', 'it is no public key of SSH');
  const refused = refusedKind(type);
  if (refused) return refused;
  const isSecurityKey = type.startsWith('sk-');
  if (type === 'ssh-rsa') return rsaKey(type, reader);
  const curve = curves.get(type);
  const curveName = curve === undefined ? null : reader.text();
  const point = reader.string();
  const application = isSecurityKey ? reader.text() : null;
  const fits =
    curve === undefined
      ? point.length === 32
      : curveName === curve.name && point.length === 1 + 2 * curve.size && point[0] === 4;
  if (!reader.done || !fits) return problem('malformed', 'it is no public key of SSH');
  if (curve === undefined && !isStrongEdwardsKey(point))
    return problem('weak', 'anybody could sign for this key');
  return good({
    type,
    blob: Buffer.concat([
      wireString(type),
      ...(curveName === null ? [] : [wireString(curveName)]),
      wireString(point),
      ...(application === null ? [] : [wireString(application)]),
    ]),
    numbers: { kind: curve === undefined ? 'ed25519' : 'ecdsa', point: Buffer.from(point) },
    application,
  });
}

function rsaKey(type: string, reader: WireReader): SshResult<SshPublicKey> {
  const e = Buffer.from(reader.mpint());
  const n = Buffer.from(reader.mpint());
  if (!reader.done || n.length === 0) return problem('malformed', 'it is no public key of SSH');
  const bits = n.length * 8 - Math.clz32(n[0]!) + 24;
  if (bits < rsaBits.least || bits > rsaBits.most) {
    const bounds = `RSA keys of ${rsaBits.least} to ${rsaBits.most} bits count`;
    return problem('weak', `it has ${bits} bits, and only ${bounds}`);
  }
  // Larger or even ones are refused by some libraries and not by others; verdicts must not hang on that.
  const exponent = e.length > 5 ? 0n : BigInt(`0x0${e.toString('hex')}`);
  const isUsual = exponent >= 3n && exponent < 2n ** 33n && exponent % 2n === 1n;
  if (!isUsual || n.at(-1)! % 2 === 0) return problem('weak', 'its numbers are not those of RSA');
  const blob = Buffer.concat([wireString(type), wireMpint(e), wireMpint(n)]);
  return good({ type, blob, numbers: { kind: 'rsa', e, n }, application: null });
}

const kinds: ReadonlySet<string> = new Set([
  'ssh-ed25519',
  'sk-ssh-ed25519@openssh.com',
  'ssh-rsa',
  ...curves.keys(),
]);

function refusedKind(type: string): SshResult<never> | null {
  if (kinds.has(type)) return null;
  if (/-cert-v0[01]@openssh\.com$/.test(type))
    return problem('certificate', 'it is a certificate, and only plain keys count');
  return /^[a-z0-9@.-]{1,100}$/.test(type)
    ? problem('unsupported', `keys of the kind "${type}" do not count`)
    : problem('malformed', 'it is no public key of SSH');
}
