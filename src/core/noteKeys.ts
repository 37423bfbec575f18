import { createPublicKey, verify } from 'node:crypto';
import { sha256 } from './hash.js';
import { isKeyName, type NoteSignature, type SignedNote } from './signedNote.js';
import { decodeBase64 } from './strictText.js';

/** A key that signs notes: C2SP vkey. */
export interface NoteKey {
  readonly name: string;
  /** 8 lower-case hex digits. */
  readonly keyId: string;
  /** `note`: Ed25519 over the text (0x01); `cosignature`: cosignature/v1 with a time (0x04). */
  readonly kind: 'note' | 'cosignature';
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

const kinds: Readonly<Record<number, NoteKey['kind']>> = { 1: 'note', 4: 'cosignature' };

/** Reads a vkey, `name+keyid+base64`. A text: what is wrong with it. */
export function parseVkey(vkey: string): NoteKey | string {
  // The base64 may have plus signs of its own.
  const match = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey.length <= 1024 ? vkey : '');
  const [, name = '', keyId = '', encoded = ''] = match ?? [];
  const material = decodeBase64(encoded);
  if (match === null || !isKeyName(name) || material === undefined)
    return 'it is not written as NAME+KEYID+BASE64';
  const kind = kinds[material[0]!];
  if (kind === undefined || material.length !== 33)
    return 'it is no Ed25519 key of type 1 or 4, which is all that is understood here';
  const computed = sha256(Buffer.concat([Buffer.from(`${name}\n`), material]));
  if (computed.toString('hex', 0, 4) !== keyId) return 'its key id does not belong to its key';
  return { name, keyId, kind, publicKey: material.subarray(1) };
}

/** A signature of a known key that verified. */
export interface VerifiedNote {
  readonly key: NoteKey;
  /** Seconds since 1970 as a cosignature says; null for the other kind. */
  readonly time: number | null;
}

/** The signatures of known keys. A text: why the note is refused, because one of them does not verify. */
export function verifyNote(
  { text, signatures }: SignedNote,
  keys: readonly NoteKey[],
): readonly VerifiedNote[] | string {
  const verified: VerifiedNote[] = [];
  for (const signature of signatures) {
    const key = keys.find(
      ({ name, keyId }) => name === signature.name && keyId === signature.keyId,
    );
    if (key === undefined) continue;
    const signed = key.kind === 'note' ? plain(text, signature) : cosigned(text, signature);
    if (signed === undefined || !isSigned(key, signed))
      return `the signature of ${key.name} is not good`;
    if (!verified.some((other) => other.key === key)) verified.push({ key, time: signed.time });
  }
  return verified;
}

interface Signed {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly time: number | null;
}

const plain = (text: string, { bytes }: NoteSignature): Signed => ({
  message: Buffer.from(text),
  signature: bytes,
  time: null,
});

/** C2SP tlog-cosignature, Ed25519. */
function cosigned(text: string, { bytes }: NoteSignature): Signed | undefined {
  if (bytes.length !== 8 + 64) return undefined;
  const time = Number(Buffer.from(bytes).readBigUInt64BE(0));
  if (!Number.isSafeInteger(time)) return undefined;
  const message = Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
  return { message, signature: bytes.subarray(8), time };
}

function isSigned({ publicKey }: NoteKey, { message, signature }: Signed): boolean {
  if (signature.length !== 64) return false;
  const x = Buffer.from(publicKey).toString('base64url');
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, message, key, signature);
  } catch {
    // OpenSSL refuses some bytes as a key: then nothing is signed with it.
    return false;
  }
}
