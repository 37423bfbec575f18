import { promisify } from 'node:util';
import { deflateRawSync, inflateRaw, inflateRawSync } from 'node:zlib';
import { PromptAuditError } from '../core/errors.js';
import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';

/** A text as the ledger stores it (docs/LEDGER.md, "Contents"). */
export interface EncodedContent {
  readonly digest: Digest;
  readonly encoding: 'identity' | 'deflate';
  readonly bytes: Uint8Array;
}

/** Bytes after decoding; larger contents are refused when written and when read. */
export const maxContentBytes = 64 * 1024 * 1024;

const inflate = promisify(inflateRaw);
const smallBytes = 64 * 1024;

/** Raw deflate (RFC 1951) where that is smaller. Throws `prompt.tooLarge` over maxContentBytes. */
export function encodeContent(bytes: Uint8Array): EncodedContent {
  if (bytes.length > maxContentBytes) {
    throw new PromptAuditError({
      code: 'prompt.tooLarge',
      message: `A text of ${bytes.length} bytes is too large for the ledger.`,
      remedy: `Keep texts under ${maxContentBytes} bytes.`,
    });
  }
  const digest = digestOf(bytes);
  const deflated = deflateRawSync(bytes, { level: 9 });
  return deflated.length < bytes.length
    ? { digest, encoding: 'deflate', bytes: deflated }
    : { digest, encoding: 'identity', bytes: Uint8Array.from(bytes) };
}

/** The decoded bytes, or undefined when they are not those of the digest. Never inflates past the limit. */
export async function decodeContent(content: EncodedContent): Promise<Uint8Array | undefined> {
  const bytes = await decode(content);
  return bytes !== undefined && digestOf(bytes) === content.digest ? bytes : undefined;
}

/** The same at once; a large text keeps everybody waiting. */
export function decodeContentNow({
  digest,
  encoding,
  bytes,
}: EncodedContent): Uint8Array | undefined {
  try {
    const decoded =
      encoding === 'identity' ? bytes : inflateRawSync(bytes, { maxOutputLength: maxContentBytes });
    return digestOf(decoded) === digest ? decoded : undefined;
  } catch {
    return undefined;
  }
}

async function decode({ encoding, bytes }: EncodedContent): Promise<Uint8Array | undefined> {
  if (bytes.length > maxContentBytes) return undefined;
  if (encoding === 'identity') return bytes;
  try {
    // Most are small, and for these a thread takes longer than the work.
    return bytes.length <= smallBytes
      ? inflateRawSync(bytes, { maxOutputLength: maxContentBytes })
      : await inflate(bytes, { maxOutputLength: maxContentBytes });
  } catch {
    return undefined;
  }
}
