import { isPromptAuditError, type PromptAuditError } from '../core/errors.js';
import type { Digest } from '../core/ids.js';
import { content } from './content.js';
import type { TrailContext } from './context.js';

/** The bytes of a recorded text, or why they cannot be had: `content.missing`, `content.redacted`. */
export async function bytesOrWhy(
  context: TrailContext,
  digest: Digest,
): Promise<Uint8Array | PromptAuditError> {
  try {
    return await content(context, digest);
  } catch (error) {
    if (isPromptAuditError(error, 'content.missing')) return error;
    if (isPromptAuditError(error, 'content.redacted')) return error;
    throw error;
  }
}

/** The text with its byte order mark; undefined where the bytes are no UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
