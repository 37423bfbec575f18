import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { sha256 } from '../../src/core/hash.js';

/** Signs C2SP notes. */
export interface NoteSigner {
  readonly name: string;
  readonly vkey: string;
  readonly line: (text: string, time?: number) => string;
}

/** A new key: of type 1 for notes, of type 4 for cosignatures. */
export function signer(name: string, type: 1 | 4): NoteSigner {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const material = Buffer.concat([Buffer.of(type), raw]);
  const id = sha256(Buffer.concat([Buffer.from(`${name}\n`), material])).subarray(0, 4);
  const signature = (text: string, time: number): Buffer =>
    type === 1
      ? signed(text, privateKey)
      : Buffer.concat([seconds(time), signed(`cosignature/v1\ntime ${time}\n${text}`, privateKey)]);
  return {
    name,
    vkey: `${name}+${id.toString('hex')}+${material.toString('base64')}`,
    line: (text, time = 1_700_000_000) =>
      `\u2014 ${name} ${Buffer.concat([id, signature(text, time)]).toString('base64')}\n`,
  };
}

const signed = (text: string, key: KeyObject): Buffer => sign(null, Buffer.from(text), key);

function seconds(time: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(time));
  return bytes;
}
