import { createPublicKey, type KeyObject } from 'node:crypto';
import { curves } from './curves.js';
import type { SshPublicKey } from './publicKey.js';

const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex');
const rsaAlgorithm = Buffer.from('300d06092a864886f70d0101010500', 'hex');

/** The key for node:crypto; null where its point is not on the curve. */
export function keyObjectOf({ type, numbers }: SshPublicKey): KeyObject | null {
  try {
    return createPublicKey({ key: spki(type, numbers), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

/** SubjectPublicKeyInfo: the one form that all libraries under Node and Electron read alike. */
function spki(type: string, numbers: SshPublicKey['numbers']): Buffer {
  if (numbers.kind === 'ed25519') return Buffer.concat([ed25519Prefix, numbers.point]);
  if (numbers.kind === 'ecdsa')
    return Buffer.concat([Buffer.from(curves.get(type)!.spki, 'hex'), numbers.point]);
  const key = der(0x30, derNumber(numbers.n), derNumber(numbers.e));
  return der(0x30, rsaAlgorithm, der(0x03, Buffer.of(0), key));
}

const derNumber = (bytes: Buffer): Buffer =>
  bytes[0]! >= 0x80 ? der(0x02, Buffer.of(0), bytes) : der(0x02, bytes);

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}
