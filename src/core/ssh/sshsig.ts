import { decodeBase64 } from './base64.js';
import { readPublicKey, type SshPublicKey } from './publicKey.js';
import { good, problem, type SshResult } from './result.js';
import { WireReader } from './wire.js';

/** An SSHSIG before it was verified: anybody can write such a thing. */
export interface Sshsig {
  readonly key: SshPublicKey;
  /** One character a byte. */
  readonly namespace: string;
  readonly hash: 'sha256' | 'sha512';
  /** The signature in the form of its kind of key. */
  readonly signature: Buffer;
}

export const maxSshsigBytes = 16 * 1024;

const begin = '-----BEGIN SSH SIGNATURE-----';
const end = '\n-----END SSH SIGNATURE-----';

/** Reads an armoured SSHSIG of at most 16 KiB as `ssh-keygen -Y verify` does (docs/LEDGER.md, "Signatures"). */
export function parseSshsig(armoured: Uint8Array | string): SshResult<Sshsig> {
  if (armoured.length > maxSshsigBytes) return problem('malformed', 'it is too long');
  const blob = dearmour(armoured);
  if (blob === null) return problem('malformed', 'it is no armoured SSH signature');
  const reader = new WireReader(blob);
  const magic = reader.raw(6).toString('latin1');
  const version = reader.uint32();
  if (!reader.ok || magic !== 'SSHSIG' || version > 1)
    return problem('malformed', 'it is no SSH signature of version 1');
  const keyBlob = reader.string();
  const namespace = reader.text();
  reader.string(); // Reserved: OpenSSH does not look at it, nor is it signed.
  const hash = reader.text();
  const signature = reader.string();
  if (!reader.done) return problem('malformed', 'it is cut off, or something stands behind it');
  const key = readPublicKey(keyBlob);
  if (!key.ok) return key;
  if (hash !== 'sha256' && hash !== 'sha512')
    return problem('unsupported', 'it is made with a hash that SSH signatures do not have');
  return good({ key: key.value, namespace, hash, signature: Buffer.from(signature) });
}

function dearmour(armoured: Uint8Array | string): Buffer | null {
  const text = Buffer.from(armoured as Uint8Array).toString('latin1');
  if (!text.startsWith(begin)) return null;
  const rest = text.slice(begin.length);
  const eol = /^\r?\n/.exec(rest)?.[0].length;
  if (eol === undefined) return null;
  const stop = rest.indexOf(end, eol);
  // To OpenSSH a NUL at the end is the end of a text.
  return stop < 0 ? null : decodeBase64(rest.slice(eol, stop).replace(/\0$/, ''));
}
