import { sha256 } from '../core/hash.js';
import { isDigest, isEventId, type Digest, type EventId } from '../core/ids.js';
import type { EncodedContent } from './contentCodec.js';

/** An SSHSIG over the header of `event`; its digest stands in a `signature.attached` event. */
export interface StoredSignature {
  readonly event: EventId;
  readonly digest: Digest;
  readonly bytes: Uint8Array;
}

/** What hangs on events without being under their ids, besides bodies. */
export interface Attachments {
  readonly contents: Map<Digest, EncodedContent>;
  /** By digest. */
  readonly signatures: Map<Digest, StoredSignature>;
}

export const maxSignatureBytes = 16 * 1024;

export const noAttachments = (): Attachments => ({ contents: new Map(), signatures: new Map() });

/** Adds to `target` what it lacks. */
export function addAttachments(target: Attachments, more: Attachments): void {
  for (const [digest, content] of more.contents) {
    if (!target.contents.has(digest)) target.contents.set(digest, content);
  }
  for (const [digest, signature] of more.signatures) {
    if (!target.signatures.has(digest)) target.signatures.set(digest, signature);
  }
}

export function isWellFormedSignature(signature: StoredSignature): boolean {
  return (
    isEventId(signature.event) &&
    isDigest(signature.digest) &&
    signature.bytes.length <= maxSignatureBytes &&
    `sha256:${sha256(signature.bytes).toString('hex')}` === signature.digest
  );
}

export const digestBytes = (digest: Digest): Buffer => Buffer.from(digest.slice(7), 'hex');

export const digestFromBytes = ({ buffer, byteOffset, length }: Uint8Array): Digest =>
  `sha256:${Buffer.from(buffer, byteOffset, length).toString('hex')}` as Digest;
