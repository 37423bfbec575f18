import { hash as digest, verify } from 'node:crypto';
import { sha256 } from '../hash.js';
import { curves } from './curves.js';
import { isCanonicalEdwardsSignature } from './edwards.js';
import { keyObjectOf } from './keyObject.js';
import type { SshPublicKey } from './publicKey.js';
import { good, problem, type SshResult } from './result.js';
import { parseSshsig, type Sshsig } from './sshsig.js';
import { WireReader, wireString } from './wire.js';

const notSigned = problem('bad', 'it is not a signature of these bytes by this key');
const foreignForm = problem('malformed', 'it has not the form of a signature by this kind of key');

/**
 * Whether an armoured SSHSIG is a good signature of `message`, made for `namespace`; then it gives the key.
 * Says nothing of whose key that is (allowedSigners.ts). Any bytes give an answer.
 */
export function verifySshsig(
  armoured: Uint8Array | string,
  message: Uint8Array | string,
  namespace: string,
): SshResult<SshPublicKey> {
  const parsed = parseSshsig(armoured);
  return parsed.ok ? verifyParsedSshsig(parsed.value, message, namespace) : parsed;
}

/** The same for one that was parsed before. */
export function verifyParsedSshsig(
  sig: Sshsig,
  message: Uint8Array | string,
  namespace: string,
): SshResult<SshPublicKey> {
  if (sig.namespace !== Buffer.from(namespace).toString('latin1'))
    return problem('namespace', 'it was made for something else');
  const signed = Buffer.concat([
    Buffer.from('SSHSIG'),
    wireString(Buffer.from(namespace)),
    wireString(''),
    wireString(sig.hash),
    wireString(Buffer.from(digest(sig.hash, message, 'hex'), 'hex')),
  ]);
  return verifySshSignature(sig.key, sig.signature, signed);
}

/** Whether a signature in the form of its kind of key (RFC 8332, 5656, 8709, PROTOCOL.u2f) is good over bytes. */
export function verifySshSignature(
  key: SshPublicKey,
  signature: Uint8Array,
  signed: Buffer,
): SshResult<SshPublicKey> {
  const { type, numbers } = key;
  const reader = new WireReader(signature);
  const algorithm = reader.text();
  const body = reader.string();
  if (numbers.kind === 'rsa') return verifyRsa(key, { algorithm, body, reader, signed });
  if (algorithm.startsWith('webauthn-'))
    return problem('unsupported', 'it is a WebAuthn signature, which does not count');
  if (algorithm !== type) return foreignForm;
  const text = key.application === null ? signed : overSecurityKey(key, reader, signed);
  if (!reader.done) return foreignForm;
  return numbers.kind === 'ed25519' ? verifyEdwards(key, text, body) : verifyEcdsa(key, text, body);
}

/** What a security key signs (OpenSSH PROTOCOL.u2f). As in ssh-keygen -Y verify the flags are not judged. */
function overSecurityKey(key: SshPublicKey, reader: WireReader, signed: Buffer): Buffer {
  const flagsAndCounter = reader.raw(5);
  const application = Buffer.from(key.application ?? '', 'latin1');
  return Buffer.concat([sha256(application), flagsAndCounter, sha256(signed)]);
}

function verifyEdwards(key: SshPublicKey, text: Buffer, body: Buffer): SshResult<SshPublicKey> {
  return isCanonicalEdwardsSignature(body) ? verdict(key, null, text, body) : notSigned;
}

function verifyEcdsa(key: SshPublicKey, text: Buffer, body: Buffer): SshResult<SshPublicKey> {
  const { size, hash } = curves.get(key.type)!;
  const reader = new WireReader(body);
  const [r, s] = [reader.mpint(), reader.mpint()];
  if (!reader.done) return foreignForm;
  if (r.length > size || s.length > size) return notSigned;
  return verdict(key, hash, text, Buffer.concat([padded(r, size), padded(s, size)]));
}

const rsaHashes: ReadonlyMap<string, string> = new Map([
  ['rsa-sha2-256', 'sha256'],
  ['rsa-sha2-512', 'sha512'],
]);

function verifyRsa(
  key: SshPublicKey,
  input: { algorithm: string; body: Buffer; reader: WireReader; signed: Buffer },
): SshResult<SshPublicKey> {
  const { algorithm, body, reader, signed } = input;
  if (!reader.done) return foreignForm;
  const hash = rsaHashes.get(algorithm);
  if (hash === undefined)
    return problem('unsupported', 'it is an RSA signature with a hash that does not count');
  const size = key.numbers.kind === 'rsa' ? key.numbers.n.length : 0;
  if (body.length === 0 || body.length > size) return notSigned;
  return verdict(key, hash, signed, padded(body, size));
}

function padded(bytes: Buffer, size: number): Buffer {
  return Buffer.concat([Buffer.alloc(size - bytes.length), bytes]);
}

function verdict(
  key: SshPublicKey,
  hash: string | null,
  text: Buffer,
  signature: Buffer,
): SshResult<SshPublicKey> {
  const object = keyObjectOf(key);
  if (object === null) return problem('malformed', 'its key is not on its curve');
  try {
    const isGood = verify(hash, text, { key: object, dsaEncoding: 'ieee-p1363' }, signature);
    return isGood ? good(key) : notSigned;
  } catch {
    // The library refused the numbers of the signature.
    return notSigned;
  }
}
