import { readFile } from 'node:fs/promises';
import { parsePublicKey, readPublicKey, type SshPublicKey } from '../core/ssh/publicKey.js';
import { problem, type SshResult } from '../core/ssh/result.js';
import { WireReader } from '../core/ssh/wire.js';

const maxKeyFile = 64 * 1024;
const magic = 'openssh-key-v1\0';

/** The public key of a key file: of the file itself, inside a private one, or of the file beside it with `.pub`. */
export async function publicKeyOfFile(path: string): Promise<SshResult<SshPublicKey>> {
  for (const file of [path, `${path}.pub`]) {
    const text = await textOf(file);
    const key =
      text === null ? null : (publicKeyInPrivate(text) ?? parsePublicKey(text.split('\n', 1)[0]!));
    if (key !== null && (key.ok || key.problem.code !== 'malformed')) return key;
  }
  return problem('malformed', 'there is no public key in it, nor beside it');
}

/** OpenSSH keeps the public key in clear text in front of the encrypted part of a private one. */
function publicKeyInPrivate(text: string): SshResult<SshPublicKey> | null {
  const match = /^-----BEGIN OPENSSH PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+)-----END/.exec(text);
  if (match === null) return null;
  const reader = new WireReader(Buffer.from(match[1]!, 'base64'));
  if (reader.raw(magic.length).toString('latin1') !== magic) return null;
  // The cipher, the kind of passphrase, its options, then a number of keys, which is one.
  for (let skipped = 0; skipped < 3; skipped++) reader.string();
  reader.uint32();
  const blob = reader.string();
  return reader.ok ? readPublicKey(blob) : null;
}

async function textOf(path: string): Promise<string | null> {
  const bytes = await readFile(path).catch(() => null);
  return bytes === null || bytes.length > maxKeyFile ? null : bytes.toString('latin1');
}
